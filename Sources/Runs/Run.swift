import Curl
import Dispatch
import Engine
import Results
import Scenarios
import Synchronization

/// One run of a prepared scenario: workers on queues of their own. First they make themselves ready,
/// then all begin together.
package final class Run: Sendable {
    /// How a run ends before its time, once whoever listens has seen enough.
    package enum Conclusion: Sendable, Equatable {
        /// Nothing more is sent; for this reason.
        case stop(String)
        /// What is measured ends, with all flows that measure now; in blocks when every arm has had its
        /// block of the round. What comes behind it is played.
        case endMeasuring
    }

    /// What the run tells while it lasts; called on one queue, never at the same time.
    package struct Listener: Sendable {
        package var progress: @Sendable (RunProgress) -> Void
        /// Payments whose booking is uncertain, as they become known.
        package var uncertain: @Sendable ([UncertainPayment]) -> Void
        /// Before the first payment.
        package var started: @Sendable (RunStart) -> Void
        /// About once a second: what the run did since the last one. The last one comes after the last
        /// payment.
        package var interval: @Sendable (Interval) -> Void
        /// Seconds of the run for which no answer can come any more, with all their durations. Gives
        /// what they are enough for, if they are.
        package var settled: @Sendable ([RecordBuilder.SettledSecond]) -> Conclusion?
        package var ended: @Sendable (RunEnd) -> Void

        /// Every request that ended, where the options ask for it.
        package var samples: @Sendable ([SampleRow]) -> Void

        package init(
            progress: @escaping @Sendable (RunProgress) -> Void,
            uncertain: @escaping @Sendable ([UncertainPayment]) -> Void,
            started: @escaping @Sendable (RunStart) -> Void,
            interval: @escaping @Sendable (Interval) -> Void,
            settled: @escaping @Sendable ([RecordBuilder.SettledSecond]) -> Conclusion?,
            ended: @escaping @Sendable (RunEnd) -> Void,
            samples: @escaping @Sendable ([SampleRow]) -> Void = { _ in }
        ) {
            self.progress = progress
            self.uncertain = uncertain
            self.started = started
            self.interval = interval
            self.settled = settled
            self.ended = ended
            self.samples = samples
        }

        /// `other` hears of it too, after all that heard of it before.
        package mutating func tell<News>(
            _ news: WritableKeyPath<Self, @Sendable (News) -> Void>,
            _ other: @escaping @Sendable (News) -> Void
        ) {
            let before = self[keyPath: news]
            self[keyPath: news] = {
                before($0)
                other($0)
            }
        }
    }

    /// From the word to begin until the first payment is due: time for every worker to hear of it.
    private static let lead: Nanoseconds = 30_000_000

    let preparation: Preparation
    private let toolVersion: String
    let control: RunControl
    private let mailboxes: [Mailbox]
    private let crew = DispatchGroup()
    private let reports = Mutex<[WorkerReport]>([])
    let journal = Mutex<JournalFile?>(nil)
    /// While it lasts.
    private let lasting = Mutex<Course?>(nil)

    package init(_ preparation: Preparation, toolVersion: String) {
        self.preparation = preparation
        self.toolVersion = toolVersion
        control = RunControl(plan: preparation.plan(origin: 0))
        mailboxes = (0..<preparation.workers).map { _ in Mailbox() }
    }

    /// Stops sending; what is in flight has 5 s. Callable from any thread, also before `perform`.
    package func interrupt(_ signal: Results.Ending.Signal) {
        switch signal {
        case .interrupt: control.stop(.interrupt)
        case .terminate: control.stop(.terminate)
        }
    }

    /// Opens connections and sessions as the scenario asks for them; no payment is sent. Call it once,
    /// then `perform` or `callOff`.
    ///
    /// - Returns: what people should know before the start.
    package func makeReady() throws(RunFailure) -> [String] {
        let plan = preparation.plan(origin: 0)
        for index in 0..<plan.workers {
            let queue = DispatchQueue(label: "paybench.worker.\(index)", qos: .userInteractive)
            queue.async(group: crew) { [self] in work(index, plan) }
        }
        do {
            return try control.awaitStations()
        } catch {
            callOff()
            throw .unreachable(target: preparation.targetURL, reason: error.reason)
        }
    }

    /// Sends the workers home.
    package func callOff() {
        control.begin(nil)
        crew.wait()
    }

    /// Runs to the end; blocks the calling thread meanwhile. The first payment is due in 30 ms.
    ///
    /// - Parameter journal: laid out as `Preparation.journal` says; nil: none is kept.
    package func perform(_ listener: Listener, journal file: JournalFile? = nil) -> Record {
        journal.withLock { $0 = file }
        return play(course(preparation.plan(origin: MonotonicClock.now() + Self.lead), listener))
    }

    func course(_ plan: EnginePlan, _ listener: Listener) -> Course {
        Course(
            preparation, plan: plan, control: control, mailboxes: mailboxes,
            toolVersion: toolVersion, listener: listener)
    }

    func play(_ course: Course) -> Record {
        lasting.withLock { $0 = course }
        defer { lasting.withLock { $0 = nil } }
        let ticks = course.start()
        let lookups = preparation.targets.compactMap { $0.lookups?.start() }
        control.begin(course.plan)
        crew.wait()
        for timer in lookups { timer.cancel() }
        ticks.end()
        return course.record(of: reports.withLock { $0 })
    }

    /// What was measured until the last interval, at most half a second ago; nil while it does not run. For
    /// another thread than those of the run: it takes milliseconds, for a long run more.
    package var recordSoFar: Record? {
        lasting.withLock(\.self)?.collector.withLock(\.builder).unfinishedRecord()
    }

    /// A worker's life, on its own queue.
    private func work(_ index: Int, _ draft: EnginePlan) {
        let station = Station(plan: draft, index: index)
        var failure: Station.Failure?
        do throws(Station.Failure) { try station.prepare() } catch { failure = error }
        guard let plan = control.awaitStart(failure, notice: station.notice) else { return }
        // Not by `map`: Swift 6.3 without optimisation takes the nil that it makes of a pointer and numbers
        // for a value.
        var own: Journal?
        if let file = journal.withLock({ $0 }) {
            own = Journal(
                memory: file.memory(ofWorker: index), entrySize: file.layout.entrySize)
        }
        let worker = Worker(
            plan: plan, index: index, control: control, mailbox: mailboxes[index],
            station: station, journal: own)
        let report = worker.run()
        reports.withLock { $0.append(report) }
    }
}
