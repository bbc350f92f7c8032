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
            case .phase(let index): return [index]
            case .repeated(let times, let steps):
                let once = steps.flatMap(\.passes)
                return (0..<times).flatMap { _ in once }
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
        case open(OpenLoad)
        /// Each user waits for its answer, then thinks, then pays again.
        case closed(Users)
    }

    /// The arrivals of a phase, as the file says it.
    package enum OpenLoad: Sendable, Equatable {
        case rate(RateShape, ArrivalProcess)
        case recorded(Recording)
        /// None at all, for the length of the phase; never measured.
        case pause
    }

    /// Rates over time; a bare number is arrivals a second and may be 0.
    package enum RateShape: Sendable, Equatable {
        case constant(Rate)
        /// Linear over the length of the phase, which has one.
        case ramp(from: Double, to: Double)
        /// Ends by itself.
        case stairs(from: Rate, to: Rate, step: Rate, every: Duration)
        case spike(base: Double, peak: Rate, at: Duration, lasting: Duration)
    }

    /// Arrivals from a file that was checked.
    package struct Recording: Sendable, Equatable {
        package var arrivals: RecordedArrivals
        /// As the file says it; nil: the only one.
        package var column: RecordedArrivals.Column?
        /// What the phase takes of them.
        package var totals: ArrivalTotals
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

        package init(
            from: Int, to: Int, thinkTime: ThinkTime, pace: Duration? = nil,
            paymentsEach: Int? = nil
        ) {
            (self.from, self.to, self.thinkTime) = (from, to, thinkTime)
            (self.pace, self.paymentsEach) = (pace, paymentsEach)
        }
    }

    /// How long a user thinks between an answer and its next payment.
    package enum ThinkTime: Sendable, Equatable {
        case constant(Duration)
        case uniform(from: Duration, to: Duration)
        case exponential(mean: Duration)
    }

    /// When a pass of a phase is over: at the first of these. Stairs and recorded arrivals also end by
    /// themselves, users with `paymentsEach` when the last one is done; of all others one is given.
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

        package init(outcomes: Set<Outcome>, most: Int, delay: Delay) {
            (self.outcomes, self.most, self.delay) = (outcomes, most, delay)
        }
    }
}
