import Capacity
import Payments
import Results

/// A moment of a run under way: what a person at a terminal may look at. Times in µs; nil where there is
/// nothing to tell yet.
package struct LiveState: Sendable, Equatable {
    package enum Stage: Sendable, Equatable {
        case running
        /// Nothing is sent any more; answers are waited for.
        case draining
        /// The same after a signal.
        case interrupted(Ending.Signal)
        /// After the second one nothing is waited for.
        case stopping
    }

    /// Of a run that is not over, by when its payments ended.
    package struct Times: Sendable, Equatable {
        package var count = 0
        package var p50: UInt64?
        package var p90: UInt64?
        package var p99: UInt64?
        package var p99_9: UInt64?
        package var maximum: UInt64?

        package init() {}
    }

    /// Payments per second.
    package struct Rates: Sendable, Equatable {
        package var planned: Double
        package var started: Double
        package var completed: Double

        package init(planned: Double, started: Double, completed: Double) {
            self.planned = planned
            self.started = started
            self.completed = completed
        }
    }

    /// One arm of a comparison, measured phases only.
    package struct Adapter: Sendable, Equatable {
        package var name: String
        package var isReference: Bool
        package var answered = 0
        /// Outcomes that its payments do not expect.
        package var errors = 0
        package var recent = Times()
        package var whole = Times()

        package init(name: String, isReference: Bool) {
            self.name = name
            self.isReference = isReference
        }
    }

    package struct Code: Sendable, Equatable {
        package var outcome: Outcome
        package var code: String
        package var count: Int

        package init(outcome: Outcome, code: String, count: Int) {
            self.outcome = outcome
            self.code = code
            self.count = count
        }
    }

    package var name: String
    package var target: String
    package var phase = ""
    package var stage = Stage.running
    package var elapsedSeconds = 0.0
    /// nil where nobody knows when it ends.
    package var totalSeconds: Double?
    /// Of the last whole seconds.
    package var rates: Rates?
    package var planned = 0
    package var started = 0
    package var skipped = 0
    /// Indexed by `Outcome.rawValue`.
    package var outcomes = [Int](repeating: 0, count: Outcome.allCases.count)
    /// How many outcomes their payments do not expect.
    package var errors = 0
    /// Most frequent first; those of outcomes that are no payment's aim.
    package var codes: [Code] = []
    package var recent = Times()
    /// Of measured phases.
    package var whole = Times()
    /// Every phase is measured: `whole` is the whole run.
    package var isAllMeasured = true
    /// Of the last seconds.
    package var sendDelayP99: UInt64?
    /// Of the process, in the last seconds; 1.5 is one and a half cores.
    package var busyCores: Double?
    package var cores = 1
    package var adapters: [Adapter] = []
    package var timeline = LiveTimeline()
    package var warnings: [LiveWarning] = []
    /// As they stand.
    package var budgets: [BudgetResult] = []
    /// Of a capacity search; the rest is then about the step under way.
    package var search: LiveSearch?

    package init(name: String, target: String) {
        self.name = name
        self.target = target
    }

    package var completed: Int { outcomes.reduce(0, +) }

    package var inFlight: Int { max(0, started - completed) }
}

/// A capacity search in the middle of its steps.
package struct LiveSearch: Sendable, Equatable {
    /// nil between two steps, while the target gets time to empty.
    package var probe: Probe?
    /// Payments of the step are being sent: then the rest of the state is about them.
    package var isUnderWay = false
    package var steps: [CapacityStep]
    /// Payments per second: where the search began, and the most that it may try.
    package var from: Double
    package var to: Double
    /// The highest rate that held, and the lowest that broke.
    package var good: Double?
    package var bad: Double?
    package var estimate: Double?
    /// Of the search until this step.
    package var elapsedSeconds: Double
    package var secondsLeft: Double

    package init(_ probe: Probe?, of search: CapacitySearch) {
        self.probe = probe
        steps = search.answer.steps
        (from, to) = (search.settings.from, search.settings.to)
        (good, bad) = (search.good, search.bad)
        estimate = search.estimate?.ratePerSecond
        elapsedSeconds = search.elapsed
        secondsLeft = max(search.secondsLeft, probe.map { $0.settle + $0.measure } ?? 0)
    }
}
