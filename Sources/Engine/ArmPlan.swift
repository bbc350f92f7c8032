import Curl
import Payments

/// One target of a run, and how payments travel to it. A plain run has one; a comparison has several,
/// under the same load.
package struct ArmPlan: Sendable {
    /// nil where there is one.
    package var name: String?
    /// One for each entry of the mix; all arms have the same entries.
    package var requests: [RequestTemplate]
    /// The draws are the same for all arms, the ids are not.
    package var keys: RunKeys
    package var classifier: Classifier
    /// Answers come as JSONP.
    package var wrapsAnswers: Bool
    package var transfer: TransferOptions
    package var allowed: AllowedPeers
    /// From sent until the request may leave, and until it is complete.
    package var connectTimeout: Nanoseconds
    package var totalTimeout: Nanoseconds
    /// Payments in flight at the most, over all workers; no arm takes those of another.
    package var slots: Int
    /// Header lines that differ from request to request, beside those of `transfer`.
    package var varyingHeaders: [ByteTemplate] = []
    package var signIn: SignInPlan?
    /// Connections opened before the first payment, over all workers.
    package var warmConnections = 0

    package init(
        requests: [RequestTemplate], keys: RunKeys, classifier: Classifier, wrapsAnswers: Bool,
        transfer: TransferOptions, allowed: AllowedPeers, connectTimeout: Nanoseconds,
        totalTimeout: Nanoseconds, slots: Int
    ) {
        precondition(!requests.isEmpty, "there is something to send")
        self.requests = requests
        self.keys = keys
        self.classifier = classifier
        self.wrapsAnswers = wrapsAnswers
        self.transfer = transfer
        self.allowed = allowed
        self.connectTimeout = connectTimeout
        self.totalTimeout = totalTimeout
        self.slots = slots
    }
}

/// Some of the arms, at most eight.
package struct ArmSet: Sendable, Equatable {
    private var bits: UInt8 = 0

    package init() {}

    package static var all: ArmSet {
        var set = ArmSet()
        set.bits = .max
        return set
    }

    package func contains(_ arm: Int) -> Bool { bits & (1 << UInt8(arm)) != 0 }

    package mutating func set(_ arm: Int, _ isIn: Bool) {
        if isIn { bits |= 1 << UInt8(arm) } else { bits &= ~(1 << UInt8(arm)) }
    }
}
