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
    package var latency = Latency()
    package var stall: Stall?
    /// Answers other than acceptance, each with its share of all payments; the sum is at most 1.
    package var answers: [ScriptedAnswer] = []
    /// Connections dropped in place of an answer, each with its share of all payments.
    package var drops: [ScriptedDrop] = []
    package var limits = Limits()
    /// What goes wrong besides; of several that hit a payment, the first one counts.
    package var faults: [Fault] = []
    package var repeats = RepeatPolicy.chargeTwice
    /// Payment ids the ledger has room for; a new one beyond them is refused with 503.
    package var ledgerEntries = Provider.usualLedgerEntries
    /// Further providers of the same service, each at a path of its own.
    package var adapters: [Adapter] = []

    package static let usualLedgerEntries = 2_000_000

    package init() {}
}

/// A provider among several: it is served at `/adapters/NAME/mobile/payments/makePayment`, and on a
/// port of its own if it has one. Its name is that of the provider.
package struct Adapter: Sendable, Equatable {
    /// 0: any free one.
    package var port: Int?
    /// Has no adapters itself.
    package var provider: Provider

    package init(port: Int? = nil, provider: Provider) {
        self.port = port
        self.provider = provider
    }
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

/// An answer that is no plain acceptance.
package struct ScriptedAnswer: Sendable, Equatable {
    package enum Outcome: String, CaseIterable, Sendable {
        /// `status` with `responseStatus.errorCode` (200: "error with 200"); nothing is booked.
        case error
        /// 200 with a redirect built on the payment's `returnUrl` (3-D Secure). Nothing is booked,
        /// as nobody goes through the challenge.
        case challenge
        /// 200, received and booked, without saying so yet.
        case pending
    }

    /// Whether the same payment may be tried again: a soft decline is not kept for a repeat.
    package enum Decline: String, CaseIterable, Sendable { case soft, hard }

    package var share: Double
    package var outcome = Outcome.error
    package var status: Int
    package var code: String
    /// The member that is complained about; makes an entry in `responseStatus.errors`.
    package var field: String?
    package var decline = Decline.hard

    package init(share: Double, status: Int, code: String, field: String? = nil) {
        self.share = share
        self.status = status
        self.code = code
        self.field = field
    }

    /// 3-D Secure wants the buyer.
    package static func challenge(share: Double) -> ScriptedAnswer {
        answer(share, .challenge, "RedirectShopper")
    }

    package static func pending(share: Double) -> ScriptedAnswer {
        answer(share, .pending, "Pending")
    }

    private static func answer(
        _ share: Double, _ outcome: Outcome, _ code: String
    ) -> ScriptedAnswer {
        var answer = ScriptedAnswer(share: share, status: 200, code: code)
        answer.outcome = outcome
        return answer
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

/// What a provider takes at most; above it payments are answered 429 and not booked.
package struct Limits: Sendable, Equatable {
    /// A token bucket: `perSecond` tokens flow in, `burst` of them fit.
    package struct Rate: Sendable, Equatable {
        package var perSecond: Double
        package var burst: Int

        package init(perSecond: Double, burst: Int) {
            self.perSecond = perSecond
            self.burst = burst
        }
    }

    package var rate: Rate?
    /// Payments with the provider at the same time.
    package var concurrent: Int?
    /// What `Retry-After` says, in whole seconds.
    package var retryAfter = Duration.seconds(1)

    package init() {}
}

/// What a PaymentId that was seen before comes to.
package enum RepeatPolicy: String, CaseIterable, Sendable {
    /// The kept answer again, without another booking. Soft declines, drops before booking and
    /// answers of faults are not kept.
    case replay
    /// 409 while the first one is with the provider, then as `replay`.
    case conflictWhileInFlight = "conflict_while_in_flight"
    /// 409 always.
    case refuse
    /// As if it had never been seen: proves that a harness notices.
    case chargeTwice = "charge_twice"
}
