import Curl
import Payments

/// What an id that was sent again on purpose showed of the service.
package enum RepeatFinding: Int, CaseIterable, Sendable {
    /// Both were answered, alike.
    case same
    /// The second was rejected, or one of two at the same time: the service knows the id.
    case refused
    /// Both were answered, not alike.
    case different
    /// The first got no answer, the second one did.
    case settled
    /// The second got no answer, or was throttled; nothing can be said.
    case unanswered

    package var name: String {
        switch self {
        case .same: "same"
        case .refused: "refused"
        case .different: "different"
        case .settled: "settled"
        case .unanswered: "unanswered"
        }
    }
}

/// How a payment ended, as far as it is compared with another.
struct Conclusion: Sendable, Equatable {
    var outcome: Outcome
    /// Of code, field and status.
    var fingerprint: UInt64

    init(_ ending: Ending) {
        outcome = ending.outcome
        fingerprint =
            ending.source.map {
                CodeTable.hash(of: $0, outcome: ending.outcome, status: ending.status)
            } ?? 0
    }

    private var isAnswer: Bool {
        switch outcome {
        case .accepted, .declined, .rejected, .providerError, .malformed: true
        case .throttled, .notSent, .inDoubt: false
        }
    }

    /// What a second sending, ended like this, shows behind `first`.
    func finding(after first: Conclusion) -> RepeatFinding {
        guard isAnswer else { return .unanswered }
        guard first.isAnswer else { return outcome == .rejected ? .refused : .settled }
        if self == first { return .same }
        return outcome == .rejected ? .refused : .different
    }

    /// What two sendings at the same time show: which of them is there first is not known, so that either
    /// may be the one that is refused.
    func finding(besides first: Conclusion) -> RepeatFinding {
        let finding = finding(after: first)
        let isRefused = finding == .different && first.outcome == .rejected
        return isRefused ? .refused : finding
    }
}

extension RetryPlan {
    /// An answer that asks for a longer wait is taken as final: nobody waits so long for a payment, and a
    /// user who did would hold up the end of its phase.
    static let longestDelay: Nanoseconds = 600_000_000_000

    /// How long to wait before the next attempt; nil where there is none.
    ///
    /// - Parameter retryAfter: what the answer asks for; nil where it does not.
    func delay(
        after outcome: Outcome, attempts: Int, retryAfter: Nanoseconds?
    ) -> Nanoseconds? {
        guard attempts <= most, outcomes.contains(outcome) else { return nil }
        let wish = hearsRetryAfter ? retryAfter ?? delay : delay
        return wish <= Self.longestDelay ? wish : nil
    }
}

extension Repeats {
    /// Whether the id of this payment is sent again; drawn from the seed by its number.
    func includes(_ identity: RequestIdentity) -> Bool {
        // Behind every place that a template can have.
        Double(identity.draw(0...999_999_999, place: 1 << 40)) < share * 1e9
    }
}
