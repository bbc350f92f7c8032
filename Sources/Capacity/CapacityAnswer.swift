/// What a capacity search found out; also what is known so far where it was interrupted.
/// Rates in payments per second, times in seconds, shares from 0 to 1.
package struct CapacityAnswer: Codable, Sendable, Equatable {
    package enum Ending: String, Codable, Sendable, CaseIterable {
        /// The capacity: it held for long, and a higher rate broke.
        case proven
        /// No rate up to the end of the search broke: a lower bound.
        case atLeast = "at_least"
        /// The generator could not drive more: a lower bound, not a capacity.
        case generatorCeiling = "generator_ceiling"
        /// The first rate broke already.
        case failsAtStart = "fails_at_start"
        /// Rates that held before an overload broke after it, down to the first one.
        case notRecovered = "not_recovered"
        /// No claim held for long enough.
        case noProof = "no_proof"
        /// Hardly any payment was answered any more, at a rate that held before.
        case lost
        case unfinished
    }

    /// What broke first.
    package enum Cause: String, Codable, Sendable, CaseIterable {
        case latency, errors, throttled, timeout, backlog, generator
        case inDoubt = "in_doubt"
        /// Payments ended well, but not as was promised: more declines, say.
        case outcomes
    }

    /// The rate at which most payments a second kept every promise.
    package struct Knee: Codable, Sendable, Equatable {
        package var ratePerSecond: Double
        package var goodputPerSecond: Double

        enum CodingKeys: String, CodingKey {
            case ratePerSecond = "rate_per_s"
            case goodputPerSecond = "goodput_per_s"
        }
    }

    package struct Headroom: Codable, Sendable, Equatable {
        package var expectedPerSecond: Double
        /// Of the expected rate: 0.3 is 30 % more than that, −0.3 is 30 % short.
        package var share: Double

        enum CodingKeys: String, CodingKey {
            case expectedPerSecond = "expected_per_s"
            case share
        }
    }

    /// How far the rate has to come down from an overload before the promises hold again.
    package struct Hysteresis: Codable, Sendable, Equatable {
        package var overloadedPerSecond: Double
        /// nil: not even at half of what was proven.
        @Nullable package var recoveredPerSecond: Double?
        /// Of the proven rate, that is lost on the way down; 1 where it did not recover.
        package var share: Double

        enum CodingKeys: String, CodingKey {
            case overloadedPerSecond = "overloaded_per_s"
            case recoveredPerSecond = "recovered_per_s"
            case share
        }
    }

    package struct SoakResult: Codable, Sendable, Equatable {
        package var ratePerSecond: Double
        package var seconds: Double
        package var verdict: Observation.Verdict
        @Nullable package var cause: Cause?

        enum CodingKeys: String, CodingKey {
            case ratePerSecond = "rate_per_s"
            case seconds = "seconds"
            case verdict, cause
        }
    }

    /// What is too short for these promises, and how long it should be.
    package struct MoreTime: Codable, Sendable, Equatable {
        package enum Part: String, Codable, Sendable { case search, proof }

        package var part: Part
        package var seconds: Double
        package var reason: String
    }

    package static let currentFormat = "paybench-capacity/1"

    package var format = currentFormat
    package var ending: Ending
    /// One line for people.
    package var sentence = ""
    @Nullable package var provenPerSecond: Double? = nil
    @Nullable package var provenSeconds: Double? = nil
    @Nullable package var estimate: Interval? = nil
    /// The lowest rate above the proven one that broke.
    @Nullable package var firstFailedPerSecond: Double? = nil
    @Nullable package var gaveWay: Cause? = nil
    @Nullable package var generatorCeilingPerSecond: Double? = nil
    @Nullable package var knee: Knee? = nil
    @Nullable package var scalability: Scalability? = nil
    @Nullable package var headroom: Headroom? = nil
    @Nullable package var hysteresis: Hysteresis? = nil
    @Nullable package var soak: SoakResult? = nil
    package var needs: [MoreTime] = []
    /// A rate that held at first, and broke time and again later: the target has changed meanwhile.
    @Nullable package var heldAtFirstPerSecond: Double? = nil
    /// Drains that did not empty the target.
    package var drainsGivenUp = 0
    package var seconds: Double
    package var promises: [String]
    package var steps: [CapacityStep]

    package struct Interval: Codable, Sendable, Equatable {
        package var ratePerSecond: Double
        package var lowerPerSecond: Double
        package var upperPerSecond: Double
        package var confidence: Double

        enum CodingKeys: String, CodingKey {
            case ratePerSecond = "rate_per_s"
            case lowerPerSecond = "lower_per_s"
            case upperPerSecond = "upper_per_s"
            case confidence
        }
    }

    enum CodingKeys: String, CodingKey {
        case format, ending, sentence
        case provenPerSecond = "proven_per_s"
        case provenSeconds = "proven_s"
        case estimate
        case firstFailedPerSecond = "first_failed_per_s"
        case gaveWay = "gave_way"
        case generatorCeilingPerSecond = "generator_ceiling_per_s"
        case knee, scalability, headroom, hysteresis, soak, needs
        case heldAtFirstPerSecond = "held_at_first_per_s"
        case drainsGivenUp = "drains_given_up"
        case seconds = "wall_s"
        case promises, steps
    }
}
