/// Whether a measurement can be believed, and every reason to doubt it.
package struct Verdict: Sendable, Equatable {
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
        /// A name of `docs/TERMS.md`, Validity: `schedule.lag`.
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
    /// It is invalid, and whoever ran it takes it all the same (`--accept-invalid`).
    package var accepted = false

    package init(validity: Validity, causes: [Cause]) {
        self.validity = validity
        self.causes = causes
    }

    /// As it is after `--accept-invalid`.
    package var acceptedIfInvalid: Verdict {
        var verdict = self
        verdict.accepted = validity == .invalid
        return verdict
    }
}

extension Verdict: Codable {
    private enum CodingKeys: String, CodingKey { case validity, causes, accepted }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        validity = try container.decode(Validity.self, forKey: .validity)
        causes = try container.decode([Cause].self, forKey: .causes)
        accepted = try container.decodeIfPresent(Bool.self, forKey: .accepted) ?? false
    }
}
