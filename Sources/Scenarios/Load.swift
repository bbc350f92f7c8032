import Arrivals
import Metrics
import Payments

extension Scenario {
    /// Phases, one after another. Flows run at the same time, on the same workers.
    package struct Flow: Sendable, Equatable {
        /// nil for the only flow of a scenario that says `load`.
        package var name: String?
        /// At least one; each with statistics of its own, however often it runs.
        package var phases: [Phase]
        /// The order in which they run; each phase stands here once.
        package var steps: [Step]

        /// Indices into `phases` in the order in which they run; at most `mostPasses`.
        package var passes: [Int] { steps.flatMap(\.passes) }

        package static let mostPasses = 1000
    }

    package indirect enum Step: Sendable, Equatable {
        /// Index into the flow's phases.
        case phase(Int)
        /// All of these, this many times over.
        case repeated(Int, [Step])

        var passes: [Int] {
            switch self {
            case .phase(let index): [index]
            case .repeated(let times, let steps):
                (0..<times).flatMap { _ in steps.flatMap(\.passes) }
            }
        }
    }

    package struct Phase: Sendable, Equatable {
        /// No two phases of a flow have the same; the passes of a repeated phase are one phase here.
        package var name: String
        package var model: Model
        package var end: End
        /// false: its payments are made and counted, but stay out of latency and rate.
        package var measure: Bool
        /// Weights by index into `payments`, 0 for payments that the phase does not make; nil: as the
        /// payments say.
        package var weights: [Int]?
        /// It ends early as soon as one of these holds.
        package var until: [Condition] = []
    }

    package enum Model: Sendable, Equatable {
        /// Arrivals come at their times whatever the target does.
        case open(Rate, ArrivalProcess)
        /// Each user waits for its answer, then thinks, then pays again.
        case closed(Users)
    }

    /// The users of a phase of the closed model.
    package struct Users: Sendable, Equatable {
        /// How many there are at the beginning and at the end of the phase; between, they come or go
        /// one by one at equal distances.
        package var from: Int
        package var to: Int
        package var thinkTime: ThinkTime
        /// A user begins no payment sooner than this after it began the one before.
        package var pace: Duration?
        /// A user that made so many is done.
        package var paymentsEach: Int?

        package var most: Int { max(from, to) }
    }

    /// How long a user thinks between an answer and its next payment.
    package enum ThinkTime: Sendable, Equatable {
        case constant(Duration)
        case uniform(from: Duration, to: Duration)
        case exponential(mean: Duration)
    }

    /// When a phase is over: at the first of these; at least one of `length`, `payments` and the users'
    /// `paymentsEach` is given.
    package struct End: Sendable, Equatable {
        package var length: Duration?
        package var payments: Int?
    }

    /// What happens to an arrival that finds every slot taken.
    package enum FullPolicy: String, CaseIterable, Sendable {
        /// It waits, and its wait counts.
        case wait
        /// It is skipped, and counted.
        case skip
    }

    /// When a payment is sent again, with the same id.
    package struct Retry: Sendable, Equatable {
        package enum Delay: Sendable, Equatable {
            /// As the answer's `Retry-After` says; where it says nothing, this long.
            case retryAfter(otherwise: Duration)
            case fixed(Duration)
        }

        package var outcomes: Set<Outcome>
        /// Beside the first attempt.
        package var most: Int
        package var delay: Delay
    }
}
