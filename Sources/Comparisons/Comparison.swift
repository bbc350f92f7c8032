import Payments
import Results

/// `comparison.json`: what can be said of adapters against their reference, and what it rests on.
///
/// The keys are a contract as those of `summary.json` are. Times are µs; changes and shares are parts
/// of 1: 0.1 is 10 % more.
package struct Comparison: Codable, Sendable, Equatable {
    package static let currentFormat = "paybench-comparison/1"
    package static let fileName = "comparison.json"
    /// In the result folder, where a duet was given up before: what is left of that.
    package static let duetFolder = "duet"

    package var format = currentFormat
    package var scenario: Summary.ScenarioIdentity
    /// Of the run that it is made from; of runs measured apart one each.
    package var runIDs: [String]
    package var startedAt: String
    package var design: ComparisonDesign
    package var settings: Settings
    package var slices: Slices
    /// In the order of the scenario.
    package var adapters: [Adapter]
    /// By adapter, then by metric; none of the reference.
    package var verdicts: [Judged]
    package var shifts: [Shift]
    package var codes: [Codes]
    /// Of a duet that had a guard, or of the one that was given up for these blocks.
    package var interference: Guard?
    package var validity: Verdict
    /// Whole sentences that belong to the verdicts.
    package var notes: [String]

    enum CodingKeys: String, CodingKey {
        case format, scenario, design, settings, slices, adapters, verdicts, shifts, codes
        case interference, validity, notes
        case runIDs = "run_ids"
        case startedAt = "started_at"
    }

    package var reference: Adapter? { adapters.first(where: \.isReference) }

    package var isValid: Bool { validity.validity != .invalid || validity.accepted }

    package var isDecided: Bool { !verdicts.contains { $0.verdict == .cannotTell } }
}

extension Comparison {
    package struct Settings: Codable, Sendable, Equatable {
        package var metrics: [String]
        package var equivalentWithin: Double
        package var confidence: Double
        /// Of each interval: corrected for metrics, adapters, looks, and two estimators.
        package var confidenceEach: Double
        package var looks: Int
        /// Of the random order of arms.
        package var orderSeed: UInt64?
        /// In blocks, who came when: a round each.
        package var order: [[String]]?

        enum CodingKeys: String, CodingKey {
            case metrics, confidence, looks, order
            case equivalentWithin = "equivalent_within"
            case confidenceEach = "confidence_each"
            case orderSeed = "order_seed"
        }
    }

    package struct Slices: Codable, Sendable, Equatable {
        package var seconds: Int
        package var judged: Int
        /// It ended at a look before its time.
        package var endedEarly: Bool
        /// Left out, since the generator was late in them.
        package var dropped: [Dropped]

        /// Those left out too.
        package var all: Int { judged + dropped.count }

        enum CodingKeys: String, CodingKey {
            case seconds, judged, dropped
            case endedEarly = "ended_early"
        }
    }

    package struct Dropped: Codable, Sendable, Equatable {
        package var slice: Int
        /// In seconds from the start of the run.
        package var start: Int
        /// The part of the response time that is the generator's lateness.
        package var lateness: Double
    }

    package struct Adapter: Codable, Sendable, Equatable {
        package var name: String
        package var target: String
        package var isReference: Bool
        /// In the slices that are judged.
        package var payments: Int
        package var outcomes: [Outcome: Int]
        package var errorRate: Double
        /// Hardly any payment got an answer.
        package var isDown: Bool
        package var values: [Value]

        enum CodingKeys: String, CodingKey {
            case name, target, payments, outcomes, values
            case isReference = "reference"
            case errorRate = "error_rate"
            case isDown = "down"
        }
    }

    package struct Value: Codable, Sendable, Equatable {
        package var metric: String
        package var unit: BudgetResult.Unit
        @NullWhenNone package var value: Double?
    }

    package enum Decision: String, Codable, Sendable, CaseIterable {
        case better, worse, equivalent
        case cannotTell = "cannot_tell"
    }

    /// An estimate with its interval; a side without a bound is nil.
    package struct Change: Codable, Sendable, Equatable {
        package var change: Double
        @NullWhenNone package var lower: Double?
        @NullWhenNone package var upper: Double?
    }

    /// One metric of one adapter against the reference.
    package struct Judged: Codable, Sendable, Equatable {
        package var adapter: String
        package var metric: String
        package var unit: BudgetResult.Unit
        @NullWhenNone package var reference: Double?
        @NullWhenNone package var value: Double?
        package var verdict: Decision
        /// Of the typical slice, and of the whole run, as parts of the reference's value.
        package var typical: Change?
        package var whole: Change?
        /// Of shares of payments: value less reference.
        package var difference: Change?
        /// Up to this it makes no difference: as the changes, or the difference.
        package var margin: Double
        /// Of better and worse: the least change that is proved, and the likely one.
        package var atLeast: Double?
        package var probably: Double?
        /// By more than the margin.
        package var isMaterial: Bool
        /// One estimator says more, the other less.
        package var differsInShape: Bool
        package var slicesToSettle: Int?
        package var secondsToSettle: Int?
        /// Why nothing can be told, where it is not that the interval is too wide.
        package var reason: String?

        enum CodingKeys: String, CodingKey {
            case adapter, metric, unit, reference, value, verdict, typical, whole, difference
            case margin, probably, reason
            case atLeast = "at_least"
            case isMaterial = "material"
            case differsInShape = "different_shape"
            case slicesToSettle = "slices_to_settle"
            case secondsToSettle = "seconds_to_settle"
        }
    }

    /// Which part of the response times moved; to be shown, not judged.
    package struct Shift: Codable, Sendable, Equatable {
        package struct Point: Codable, Sendable, Equatable {
            package var quantile: Double
            package var change: Change
        }

        package var adapter: String
        package var points: [Point]
    }

    /// The codes of outcomes, side by side.
    package struct Codes: Codable, Sendable, Equatable {
        package struct Entry: Codable, Sendable, Equatable {
            package var outcome: Outcome
            package var code: String
            package var reference: Double
            package var value: Double
            package var difference: Change
            /// That chance alone makes them differ as much, corrected for the number of codes (Holm).
            package var chance: Double
            package var differs: Bool
        }

        package var adapter: String
        package var entries: [Entry]
    }

    /// The reference's median beside the others against its median alone.
    package struct Guard: Codable, Sendable, Equatable {
        package var change: Change
        package var interferes: Bool
    }
}
