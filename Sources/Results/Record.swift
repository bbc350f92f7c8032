import Histograms
import Payments

/// All that one run did, merged over its workers: counts and histograms, nothing averaged.
/// Every file and report is made from it.
package struct Record: Sendable {
    package var identity: RunIdentity
    package var ending: Ending
    /// From the start of the first phase to the last completion, in seconds.
    package var wallSeconds: Double
    /// In the order of the scenario; a phase that was not reached is there with zeros.
    package var phases: [PhaseRecord]
    /// Names of the mix, in the order of the scenario; `PhaseRecord.payments` is indexed alike.
    package var paymentNames: [String]
    /// Every code of every outcome but `accepted`, all phases; most frequent first.
    package var codes: [CodeCount]
    /// One entry a second from the start of the run, without gaps.
    package var timeline: [TimelineRow]
    package var generator: GeneratorRecord
    /// nil where payments need no session.
    package var signIns: SignInRecord?
    /// The outcomes that are no error, by name of the mix; empty: `accepted` and `declined` are none.
    package var expectations: [Set<Outcome>] = []
    /// What the machine did meanwhile, and where that was; nil in a record that was not made by a run.
    package var host: HostRecord?
    package var environment: EnvironmentRecord?
    /// nil where there was one target.
    package var design: RunDesign?

    package init(
        identity: RunIdentity, ending: Ending, wallSeconds: Double, phases: [PhaseRecord],
        paymentNames: [String], codes: [CodeCount], timeline: [TimelineRow],
        generator: GeneratorRecord
    ) {
        self.identity = identity
        self.ending = ending
        self.wallSeconds = wallSeconds
        self.phases = phases
        self.paymentNames = paymentNames
        self.codes = codes
        self.timeline = timeline
        self.generator = generator
    }
}

package struct RunIdentity: Sendable, Equatable {
    package var runID: String
    package var toolVersion: String
    package var libcurlVersion: String
    package var swiftVersion: String
    package var scenarioName: String
    package var scenarioSHA256: String
    package var seed: UInt64
    /// Seconds since 1970-01-01 UTC at which the first phase began; exact to the microsecond.
    package var startedAt: Double
    /// Where the load went, as shown to people: `http://127.0.0.1:40123/mobile/payments/makePayment`.
    package var target: String

    package init(
        runID: String, toolVersion: String, libcurlVersion: String, swiftVersion: String,
        scenarioName: String, scenarioSHA256: String, seed: UInt64, startedAt: Double,
        target: String
    ) {
        self.runID = runID
        self.toolVersion = toolVersion
        self.libcurlVersion = libcurlVersion
        self.swiftVersion = swiftVersion
        self.scenarioName = scenarioName
        self.scenarioSHA256 = scenarioSHA256
        self.seed = seed
        self.startedAt = startedAt
        self.target = target
    }
}

/// Why a run stopped sending.
package enum Ending: Sendable, Equatable {
    case completed
    case interrupted(Signal)
    /// The limit that was reached, in words.
    case guardRail(String)
    /// Its budgets were decided before its end: which, in words.
    case judged(String)
    /// The process was gone before the run was over: killed, crashed, without power.
    case killed
    /// What went wrong on our side, in words.
    case failed(String)

    package enum Signal: Int32, Sendable {
        case interrupt = 2
        case terminate = 15
    }
}

package struct PhaseRecord: Sendable {
    package enum Model: Sendable, Equatable {
        /// - Parameters:
        ///   - ratePerSecond: on average, as planned.
        ///   - process: `poisson`, `uniform` or `recorded`.
        ///   - shape: how the rate changes, in words; nil where it does not.
        case open(ratePerSecond: Double, process: String, shape: String? = nil)
        /// - Parameter users: the most at one time.
        case closed(users: Int)
    }

    /// When a pass of the phase sent, in seconds from the start of the run.
    package struct Span: Codable, Sendable, Equatable {
        package var start: Double
        package var end: Double

        package init(start: Double, end: Double) {
            self.start = start
            self.end = end
        }
    }

    /// With its flow's name before it where flows have names: `web/steady`.
    package var name: String
    /// nil where the scenario has one flow without a name.
    package var flow: String?
    /// nil where the run has one target.
    package var adapter: String?
    /// One for each pass, in their order; of a pass in blocks one for each of them.
    package var spans: [Span]
    package var measured: Bool
    package var model: Model
    package var planned = 0
    package var started = 0
    package var skipped = 0
    /// Retries, beside the first attempts in `started`.
    package var retries = 0
    /// Ids sent again on purpose, beside `started`.
    package var repeats = RepeatFindings()
    /// Started, without an outcome: of a run that was killed.
    package var unanswered = 0
    /// One for each name of the mix.
    package var payments: [PaymentRecord]
    package var times = PhaseTimes()
    /// The same durations in the course of time; empty in a record that was not made by a run.
    package var slices = PhaseSlices()
    package var bytesSent: UInt64 = 0
    package var bytesReceived: UInt64 = 0
    package var punctuality = Punctuality()

    /// How long it sent, in seconds: all passes, each until its end, or until sending stopped.
    package var seconds: Double { spans.reduce(0) { $0 + $1.end - $1.start } }

    package init(
        name: String, measured: Bool, model: Model, spans: [Span], payments: [PaymentRecord]
    ) {
        self.name = name
        self.measured = measured
        self.model = model
        self.spans = spans
        self.payments = payments
    }
}

/// What ids that were sent again on purpose showed, compared with how their payments ended.
package struct RepeatFindings: Codable, Sendable, Equatable {
    /// Both answered, alike.
    package var same = 0
    /// The second was rejected: the service knows the id.
    package var refused = 0
    /// Both answered, not alike.
    package var different = 0
    /// The payment got no answer, its repeat did.
    package var settled = 0
    /// The repeat got no answer, or was throttled.
    package var unanswered = 0

    package init() {}

    package var sent: Int { same + refused + different + settled + unanswered }

    static func + (left: RepeatFindings, right: RepeatFindings) -> RepeatFindings {
        var sum = left
        sum.same += right.same
        sum.refused += right.refused
        sum.different += right.different
        sum.settled += right.settled
        sum.unanswered += right.unanswered
        return sum
    }
}

/// One kind of payment in one phase, by outcome.
package struct PaymentRecord: Sendable, Equatable {
    /// Indexed by `Outcome.rawValue`; `count` of each histogram is the count of that outcome.
    package var responseTime = [Histogram](repeating: Histogram(), count: Outcome.allCases.count)
    package var serviceTime = [Histogram](repeating: Histogram(), count: Outcome.allCases.count)

    package init() {}

    package func count(of outcome: Outcome) -> Int {
        Int(responseTime[Int(outcome.rawValue)].count)
    }
}

package struct CodeCount: Sendable, Equatable {
    package var outcome: Outcome
    /// The service's `errorCode`, else `HTTP 503`, else libcurl's name.
    package var code: String
    /// nil where no answer came.
    package var httpStatus: Int?
    /// The member that the service complained about first.
    package var field: String?
    package var count: Int

    package init(outcome: Outcome, code: String, httpStatus: Int?, field: String?, count: Int) {
        self.outcome = outcome
        self.code = code
        self.httpStatus = httpStatus
        self.field = field
        self.count = count
    }
}

/// One second of the run. `planned` and the latencies go by the intended instant, `started` by the
/// sent one, `outcomes` and `inFlight` by completion.
package struct TimelineRow: Sendable, Equatable {
    package var planned = 0
    package var started = 0
    /// Indexed by `Outcome.rawValue`.
    package var outcomes = [Int](repeating: 0, count: Outcome.allCases.count)
    /// Payments completed by flow; empty where there is one flow.
    package var completedByFlow: [Int] = []
    /// At the end of the second.
    package var inFlight = 0
    /// In µs; nil where nothing was observed above the quantile (`Histogram.observedValue`).
    package var p50: UInt64?
    package var p99: UInt64?
    package var sendDelayP99: UInt64?

    package init() {}

    package var completed: Int { outcomes.reduce(0, +) }
}

/// Sign-ins in the course of the run, those before its first payment included: no payments, and in no
/// latency of them.
package struct SignInRecord: Sendable, Equatable {
    package var failed: Int
    /// From sent to completed, failed ones too; its count is that of the sign-ins.
    package var time: Histogram

    package init(failed: Int, time: Histogram) {
        self.failed = failed
        self.time = time
    }
}

package struct GeneratorRecord: Sendable, Equatable {
    package var workers: Int
    /// CPU that this process may use.
    package var cores: Int
    /// CPU seconds of the whole process while the run lasted.
    package var cpuSeconds: Double
    /// CPU share (0…1) of the busiest worker over the run.
    package var busiestWorker: Double
    package var peakRSSBytes: Int
    package var connectionsOpened: Int

    package init(
        workers: Int, cores: Int, cpuSeconds: Double, busiestWorker: Double, peakRSSBytes: Int,
        connectionsOpened: Int
    ) {
        self.workers = workers
        self.cores = cores
        self.cpuSeconds = cpuSeconds
        self.busiestWorker = busiestWorker
        self.peakRSSBytes = peakRSSBytes
        self.connectionsOpened = connectionsOpened
    }
}

/// How far a request came that ended without a conclusive answer.
package enum RequestStage: String, Sendable, CaseIterable {
    case nothingLeft = "nothing_left"
    case partlyLeft = "partly_left"
    case allLeft = "all_left"
    case answerBegun = "answer_begun"
}

/// One payment whose booking has to be looked up.
package struct UncertainPayment: Sendable, Equatable {
    package var paymentID: String
    package var payment: String
    package var phase: String
    /// nil where the run has one target.
    package var adapter: String?
    package var outcome: Outcome
    package var code: String
    package var httpStatus: Int?
    /// Seconds since 1970-01-01 UTC. `sent` is nil where the request never got a slot.
    package var intended: Double
    package var sent: Double?
    package var completed: Double
    package var stage: RequestStage

    package init(
        paymentID: String, payment: String, phase: String, adapter: String? = nil,
        outcome: Outcome, code: String, httpStatus: Int?, intended: Double, sent: Double?,
        completed: Double, stage: RequestStage
    ) {
        self.paymentID = paymentID
        self.payment = payment
        self.phase = phase
        self.adapter = adapter
        self.outcome = outcome
        self.code = code
        self.httpStatus = httpStatus
        self.intended = intended
        self.sent = sent
        self.completed = completed
        self.stage = stage
    }
}
