import Histograms
import Payments

/// What a run did in about one second: all that makes a `Record`, as the change since the interval
/// before. A run is the sum of its intervals (`RecordBuilder`).
package struct Interval: Sendable, Equatable {
    package struct Phase: Sendable, Equatable {
        package var planned = 0
        package var started = 0
        package var skipped = 0
        package var retries = 0
        package var repeats = RepeatFindings()
        package var bytesSent: UInt64 = 0
        package var bytesReceived: UInt64 = 0
        package var punctuality = Punctuality()
        package var codes: [Code: Int] = [:]

        package init() {}
    }

    /// What tells the codes of an outcome apart.
    package struct Code: Sendable, Hashable {
        package var outcome: Outcome
        package var code: String
        package var httpStatus: Int?
        package var field: String?

        package init(outcome: Outcome, code: String, httpStatus: Int?, field: String?) {
            self.outcome = outcome
            self.code = code
            self.httpStatus = httpStatus
            self.field = field
        }
    }

    /// A second of the timeline that was touched; instants go as in `TimelineRow`.
    package struct Second: Sendable, Equatable {
        package var planned = 0
        package var started = 0
        /// Indexed by `Outcome.rawValue`.
        package var outcomes = [Int](repeating: 0, count: Outcome.allCases.count)
        /// Empty where there is one flow.
        package var completedByFlow: [Int] = []
        /// By phase, of those that had payments due in this second.
        package var series: [Int: PhaseSeries] = [:]

        package init() {}
    }

    /// In the order of the scenario.
    package var phases: [Phase]
    /// By number, counted from the start of the run.
    package var seconds: [Int: Second] = [:]
    package var signIns = SignInRecord(failed: 0, time: Histogram())
    package var uncertain: [UncertainPayment] = []
    /// By pass, as far as they are known; each replaces what was known of it before.
    package var spans: [Int: PhaseRecord.Span] = [:]
    /// By worker, the number of its last tally that is in this interval or one before.
    package var tallies: [UInt32?]
    /// No answer can come any more to payments of the seconds before this one.
    package var settledBefore = 0
    /// Seconds from the start of the run until this interval was closed.
    package var elapsed = 0.0
    /// Of the whole process, since the run began.
    package var cpuSeconds = 0.0
    package var peakRSSBytes = 0

    package init(phases: Int, workers: Int) {
        self.phases = [Phase](repeating: Phase(), count: phases)
        tallies = [UInt32?](repeating: nil, count: workers)
    }

    /// Nothing yet, of the run that `start` begins.
    package init(of start: RunStart) {
        self.init(phases: start.phases.count, workers: start.workers)
    }
}

/// All that is known of a run before its first payment.
package struct RunStart: Sendable, Equatable {
    package struct Phase: Sendable, Equatable {
        /// With its flow's name before it where flows have names.
        package var name: String
        package var flow: String?
        /// nil where the run has one target.
        package var adapter: String?
        package var measured: Bool
        package var model: PhaseRecord.Model

        package init(
            name: String, flow: String?, adapter: String? = nil, measured: Bool,
            model: PhaseRecord.Model
        ) {
            self.name = name
            self.flow = flow
            self.adapter = adapter
            self.measured = measured
            self.model = model
        }

        /// As tags tell phases apart: `steady@north`.
        var label: String { adapter.map { "\(name)@\($0)" } ?? name }
    }

    package var identity: RunIdentity
    /// The effective scenario file, secrets masked.
    package var scenario: String
    package var phases: [Phase]
    /// The phase of each pass; of one that several adapters share, that of the first.
    package var passes: [Int]
    package var paymentNames: [String]
    package var workers: Int
    package var cores: Int
    /// Payments need a session.
    package var signsIn: Bool
    /// The outcomes that are no error, by name of the mix; empty: `accepted` and `declined` are none.
    package var expectations: [Set<Outcome>] = []
    /// What the command line said beside the scenario, by name.
    package var options: [String: String] = [:]
    /// Without what only an answer tells.
    package var environment: EnvironmentRecord?
    /// How the load lay over the adapters; nil where there was one target.
    package var design: RunDesign?

    package init(
        identity: RunIdentity, scenario: String, phases: [Phase], passes: [Int],
        paymentNames: [String], workers: Int, cores: Int, signsIn: Bool
    ) {
        self.identity = identity
        self.scenario = scenario
        self.phases = phases
        self.passes = passes
        self.paymentNames = paymentNames
        self.workers = workers
        self.cores = cores
        self.signsIn = signsIn
    }
}

/// What is known of a run only when it is over.
package struct RunEnd: Sendable, Equatable {
    package var ending: Ending
    /// From the start of the first phase to the last completion.
    package var wallSeconds: Double
    package var generator: GeneratorRecord
    package var host: HostRecord?
    /// Of an answer: `1.1`; nil where none came.
    package var httpVersion: String?

    package init(ending: Ending, wallSeconds: Double, generator: GeneratorRecord) {
        self.ending = ending
        self.wallSeconds = wallSeconds
        self.generator = generator
    }
}
