import Arrivals
import Metrics

extension Scenario {
    /// The search for the highest rate that keeps the promises.
    package struct Capacity: Sendable, Equatable {
        package var search: Search
        package var step: Step
        package var arrivals: ArrivalProcess = .poisson
        /// The promises: absolute, about rates or percentiles, at least one.
        package var sustain: [Budget]
        package var then = Then()
        /// The rate of the launch, for the headroom.
        package var expect: Rate?
        /// Time for the search, without the proof and what comes then.
        package var length: Duration = .seconds(300)
        /// The claimed rate is held so long at least; nil: as long as a search holds it by itself.
        package var proof: Duration?

        package struct Search: Sendable, Equatable {
            /// The first rate that is tried.
            package var from: Rate
            /// No higher rate is tried, ever; above `from`.
            package var to: Rate
            /// Part of the rate: as close the answer has to come.
            package var tolerance = 0.02
            package var confidence = 0.95

            package init(
                from: Rate, to: Rate, tolerance: Double = 0.02, confidence: Double = 0.95
            ) {
                (self.from, self.to) = (from, to)
                (self.tolerance, self.confidence) = (tolerance, confidence)
            }
        }

        package struct Step: Sendable, Equatable {
            /// The beginning of each step that is not judged; nil: as the search sees fit.
            package var settle: Duration?
            package var measure: Duration
            /// How often each rate is tried.
            package var repeats = 1

            package init(settle: Duration? = nil, measure: Duration, repeats: Int = 1) {
                (self.settle, self.measure, self.repeats) = (settle, measure, repeats)
            }
        }

        /// What comes behind the proof.
        package struct Then: Sendable, Equatable {
            /// Rates from above the capacity down, which shows whether the target recovers.
            package var stepDown = false
            /// nil: none.
            package var soak: Duration?
            /// Part of the proven rate at which it soaks.
            package var soakAt = 0.8

            package init(stepDown: Bool = false, soak: Duration? = nil, soakAt: Double = 0.8) {
                (self.stepDown, self.soak, self.soakAt) = (stepDown, soak, soakAt)
            }
        }

        package init(
            search: Search, step: Step, arrivals: ArrivalProcess = .poisson, sustain: [Budget],
            then: Then = Then(), expect: Rate? = nil, length: Duration = .seconds(300)
        ) {
            (self.search, self.step, self.arrivals) = (search, step, arrivals)
            (self.sustain, self.then) = (sustain, then)
            (self.expect, self.length) = (expect, length)
        }

        /// The longest time that is promised; nil when none is.
        package var longestPromise: Duration? { Self.longestPromise(of: sustain) }

        static func longestPromise(of budgets: [Budget]) -> Duration? {
            let times = budgets.compactMap { budget -> Duration? in
                guard case .absolute(.duration(let time)) = budget.limit else { return nil }
                return time
            }
            return times.max()
        }
    }
}
