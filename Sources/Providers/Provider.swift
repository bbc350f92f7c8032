import Payments

/// What the stand-in makePayment service does: how long it takes, how it answers, what it breaks.
package struct Provider: Sendable, Equatable {
    package var name = "provider"
    /// Of every random choice; nil: drawn at the start and said.
    package var seed: UInt64?
    package var credentials: Credentials?
    package var tokens: TokenSettings?
    package var login: LoginSettings?
    package var service = ServiceSettings()
    package var latency: LatencyLaw = .constant(.zero)
    package var stall: Stall?
    /// Answers other than acceptance, each with its share of all payments; the sum is at most 1.
    package var answers: [ScriptedAnswer] = []
    /// Connections dropped in place of an answer, each with its share of all payments.
    package var drops: [ScriptedDrop] = []

    package init() {}
}

/// How long the provider takes from the whole request to the first byte of the answer.
package enum LatencyLaw: Sendable, Equatable {
    case constant(Duration)
    case bimodal(fast: Duration, slow: Duration, slowShare: Double)
    /// Lognormal, given by two of its quantiles.
    case lognormal(p50: Duration, p99: Duration)
}

/// The whole service stops, reading nothing and answering nothing, for a time.
package struct Stall: Sendable, Equatable {
    /// Counted from the arrival of the first payment.
    package var after: Duration
    package var length: Duration

    package init(after: Duration, length: Duration) {
        self.after = after
        self.length = length
    }
}

/// An answer that is no acceptance: `status` with `responseStatus.errorCode` (200: "error with
/// 200").
package struct ScriptedAnswer: Sendable, Equatable {
    package var share: Double
    package var status: Int
    package var code: String
    /// The member that is complained about; makes an entry in `responseStatus.errors`.
    package var field: String?

    package init(share: Double, status: Int, code: String, field: String? = nil) {
        self.share = share
        self.status = status
        self.code = code
        self.field = field
    }
}

package struct ScriptedDrop: Sendable, Equatable {
    package enum Point: String, CaseIterable, Sendable {
        case beforeBooking = "before_booking"
        case afterBooking = "after_booking"
    }

    package var share: Double
    package var point: Point

    package init(share: Double, point: Point) {
        self.share = share
        self.point = point
    }
}
