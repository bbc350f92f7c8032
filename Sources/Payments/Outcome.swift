/// How one payment ended; every started payment ends in exactly one of these (`docs/TERMS.md`).
package enum Outcome: UInt8, CaseIterable, Sendable, Hashable {
    /// 2xx and no `responseStatus.errorCode`.
    case accepted
    /// 402, or an error code that the scenario lists as a decline.
    case declined
    /// 3xx and any other 4xx: validation, authentication, a wrong deployment.
    case rejected
    /// 429.
    case throttled
    /// 5xx other than 502 and 504, and 2xx with an error code that is no decline.
    case providerError
    /// An answer that cannot be read.
    case malformed
    /// Failed, or given up, before the first byte of the request left.
    case notSent
    /// Bytes of the request left and no conclusive answer came: the payment may have been booked.
    case inDoubt

    /// The word for it in files and reports.
    package var name: String {
        switch self {
        case .accepted: "accepted"
        case .declined: "declined"
        case .rejected: "rejected"
        case .throttled: "throttled"
        case .providerError: "provider_error"
        case .malformed: "malformed"
        case .notSent: "not_sent"
        case .inDoubt: "in_doubt"
        }
    }

    package init?(name: some StringProtocol) {
        guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = match
    }

    /// Whether the booking of such a payment has to be looked up (`reconcile.csv`).
    package var leavesBookingUncertain: Bool {
        switch self {
        case .inDoubt, .malformed, .providerError: true
        case .accepted, .declined, .rejected, .throttled, .notSent: false
        }
    }
}
