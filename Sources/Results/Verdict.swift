/// Whether a measurement can be believed, and every reason to doubt it.
package struct Verdict: Sendable, Equatable, Codable {
    package enum Validity: String, Sendable, Codable, Comparable {
        case valid, suspect, invalid

        private var rank: Int {
            switch self {
            case .valid: 0
            case .suspect: 1
            case .invalid: 2
            }
        }

        package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
    }

    package struct Cause: Sendable, Equatable, Codable {
        /// A name of `truth.md`, 2.1: `schedule.lag`.
        package var check: String
        package var value: Double
        package var threshold: Double
        /// One sentence: what was seen and what to do about it.
        package var advice: String

        package init(check: String, value: Double, threshold: Double, advice: String) {
            self.check = check
            self.value = value
            self.threshold = threshold
            self.advice = advice
        }
    }

    package var validity: Validity
    package var causes: [Cause]

    package init(validity: Validity, causes: [Cause]) {
        self.validity = validity
        self.causes = causes
    }
}
