import Curl
import Dispatch
import Engine
import Glibc
import Payments
import Results
import Scenarios
import Synchronization

/// One run of a prepared scenario: workers on queues of their own, tallies gathered four times a
/// second, one record at the end.
package final class Run: Sendable {
    /// What the run tells while it lasts; called on one queue, never at the same time.
    package struct Listener: Sendable {
        package var progress: @Sendable (RunProgress) -> Void
        /// Payments whose booking is uncertain, as they become known.
        package var uncertain: @Sendable ([UncertainPayment]) -> Void

        package init(
            progress: @escaping @Sendable (RunProgress) -> Void,
            uncertain: @escaping @Sendable ([UncertainPayment]) -> Void
        ) {
            self.progress = progress
            self.uncertain = uncertain
        }
    }

    /// Time for the workers to be made before the first payment is due.
    private static let lead: Nanoseconds = 30_000_000

    private let preparation: Preparation
    private let toolVersion: String
    private let plan: EnginePlan
    private let control: RunControl
    private let mailboxes: [Mailbox]
    private let names: RunNames
    private let collector: Mutex<Collector>
    private let listener: Listener

    /// The first payment is due 30 ms after this.
    package init(_ preparation: Preparation, toolVersion: String, listener: Listener) {
        self.preparation = preparation
        self.toolVersion = toolVersion
        self.listener = listener
        let now = MonotonicClock.now()
        let wall = Machine.wallClock
        plan = preparation.plan(origin: now + Self.lead)
        control = RunControl(plan: plan)
        mailboxes = (0..<plan.workers).map { _ in Mailbox() }
        names = RunNames(
            phases: preparation.scenario.phaseNames,
            payments: preparation.scenario.payments.map(\.name), origin: plan.origin,
            startedAt: wall + Double(Self.lead) / 1e9)
        collector = Mutex(Collector(plan: plan, names: names))
    }

    /// Stops sending; what is in flight has 5 s. Callable from any thread, also before `perform`.
    package func interrupt(_ signal: Results.Ending.Signal) {
        switch signal {
        case .interrupt: control.stop(.interrupt)
        case .terminate: control.stop(.terminate)
        }
    }

    /// Runs to the end; blocks the calling thread meanwhile.
    package func perform() -> Record {
        let cpuBefore = Machine.cpuSeconds
        let reports = Mutex<[WorkerReport]>([])
        let group = DispatchGroup()
        for index in 0..<plan.workers {
            let queue = DispatchQueue(label: "paybench.worker.\(index)", qos: .userInteractive)
            queue.async(group: group) { [plan, control, mailboxes] in
                let worker = Worker(
                    plan: plan, index: index, control: control, mailbox: mailboxes[index])
                let report = worker.run()
                reports.withLock { $0.append(report) }
            }
        }
        let tickQueue = DispatchQueue(label: "paybench.ticks")
        let ticks = startTicks(on: tickQueue)
        let lookups = preparation.lookups?.start()
        group.wait()
        lookups?.cancel()
        ticks.cancel()
        // A tick that is still under way may hold a tally that nobody else has.
        tickQueue.sync {}
        return record(of: reports.withLock { $0 }, cpuSeconds: Machine.cpuSeconds - cpuBefore)
    }

    private func startTicks(on queue: DispatchQueue) -> any DispatchSourceTimer {
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now() + .milliseconds(250), repeating: .milliseconds(250))
        let count = Atomic<Int>(0)
        timer.setEventHandler { [self] in
            gather()
            if count.wrappingAdd(1, ordering: .relaxed).newValue % 4 == 0 { tellProgress() }
        }
        timer.resume()
        return timer
    }

    private func gather() {
        for mailbox in mailboxes {
            guard let tally = mailbox.collect() else { continue }
            add(tally)
            mailbox.recycle(tally)
        }
        // A payment may wait for a slot as long as it may then take; tallies are a second old at most.
        let longest = 2 * plan.totalTimeout + 2_000_000_000
        let settled = (MonotonicClock.now() - plan.origin - longest) / 1_000_000_000
        collector.withLock { $0.closeSeconds(before: max(0, Int(settled))) }
    }

    private func add(_ tally: Tally) {
        let uncertain = collector.withLock { $0.add(tally) }
        if !uncertain.isEmpty { listener.uncertain(uncertain) }
    }

    private func tellProgress() {
        let elapsed = Double(MonotonicClock.now() - plan.origin) / 1e9
        let planned = plannedSeconds
        let last = collector.withLock { collector in
            (
                started: collector.started, outcomes: collector.outcomes,
                times: collector.responseTime(ofSecond: Int(elapsed) - 1)
            )
        }
        listener.progress(
            RunProgress(
                elapsedSeconds: elapsed, plannedSeconds: planned, phase: phaseName(at: elapsed),
                started: last.started, outcomes: last.outcomes, p50: last.times.p50,
                p99: last.times.p99,
                isDraining: control.stopReason != nil || planned.map { elapsed > $0 } ?? false))
    }

    private var plannedSeconds: Double? {
        plan.phases.reduce(0) { sum, phase in
            guard let sum, let length = phase.length else { return nil }
            return sum + Double(length) / 1e9
        }
    }

    /// By the plan; from a phase of unknown length on, that phase.
    private func phaseName(at elapsed: Double) -> String {
        var end = 0.0
        for (index, phase) in plan.phases.enumerated() {
            guard let length = phase.length else { return names.phases[index] }
            end += Double(length) / 1e9
            if elapsed < end { return names.phases[index] }
        }
        return names.phases.last ?? ""
    }
}

extension Run {
    private func record(of reports: [WorkerReport], cpuSeconds: Double) -> Record {
        gather()
        for report in reports { add(report.tally) }
        let finished = reports.map(\.finished).max() ?? plan.origin
        let span = max(1, finished - plan.origin)
        return collector.withLock { collector in
            collector.closeSeconds(before: .max)
            return Record(
                identity: identity, ending: ending, wallSeconds: Double(span) / 1e9,
                phases: phaseRecords(collector.phases, reports: reports),
                paymentNames: names.payments, codes: collector.codeCounts(),
                timeline: collector.timeline(),
                generator: GeneratorRecord(
                    workers: plan.workers, cores: Machine.cores, cpuSeconds: cpuSeconds,
                    busiestWorker: Double(reports.map(\.cpu).max() ?? 0) / Double(span),
                    peakRSSBytes: Machine.peakRSSBytes,
                    connectionsOpened: reports.reduce(0) { $0 + $1.connectionsOpened }))
        }
    }

    private var identity: RunIdentity {
        RunIdentity(
            runID: preparation.runID, toolVersion: toolVersion,
            libcurlVersion: Libcurl.version, swiftVersion: Machine.swiftVersion,
            scenarioName: preparation.scenario.name,
            scenarioSHA256: preparation.scenario.sha256, seed: preparation.seed,
            startedAt: names.startedAt, target: preparation.targetURL)
    }

    private var ending: Results.Ending {
        switch control.stopReason {
        case nil: .completed
        case .interrupt: .interrupted(.interrupt)
        case .terminate: .interrupted(.terminate)
        case .paymentsLimit: .guardRail("limits.payments: \(plan.mostPayments ?? 0) were started")
        case .durationLimit: .guardRail("limits.duration was reached")
        case .condition: .guardRail("limits.stop_if")
        }
    }

    private func phaseRecords(_ tallies: [PhaseTally], reports: [WorkerReport]) -> [PhaseRecord] {
        let spans = Self.spans(of: reports)
        var records: [PhaseRecord] = []
        for flow in preparation.scenario.flows {
            for phase in flow.phases {
                let index = records.count
                let own = plan.passes.indices.filter { plan.passes[$0] == index }
                    .compactMap { spans[$0] }
                    .map { span in
                        PhaseRecord.Span(
                            start: seconds(from: plan.origin, to: span.start),
                            end: seconds(from: plan.origin, to: span.end))
                    }
                records.append(
                    PhaseRecord(
                        phase, name: names.phases[index], flow: flow.name,
                        tally: tallies[index], spans: own))
            }
        }
        return records
    }

    /// By pass: from the first worker's start to the last one's end.
    private static func spans(of reports: [WorkerReport]) -> [Int: PassSpan] {
        reports.flatMap(\.spans).reduce(into: [:]) { spans, span in
            guard let known = spans[span.pass] else {
                spans[span.pass] = span
                return
            }
            spans[span.pass]?.start = min(known.start, span.start)
            spans[span.pass]?.end = max(known.end, span.end)
        }
    }

    private func seconds(from start: Nanoseconds, to end: Nanoseconds) -> Double {
        Double(max(0, end - start)) / 1e9
    }
}

extension PhaseRecord {
    init(
        _ phase: Scenario.Phase, name: String, flow: String?, tally: PhaseTally, spans: [Span]
    ) {
        let outcomes = Outcome.allCases.count
        let payments = stride(from: 0, to: tally.responseTime.count, by: outcomes).map { first in
            var payment = PaymentRecord()
            payment.responseTime = Array(tally.responseTime[first..<(first + outcomes)])
            payment.serviceTime = Array(tally.serviceTime[first..<(first + outcomes)])
            return payment
        }
        self.init(
            name: name, measured: phase.measure, model: Model(phase),
            seconds: spans.reduce(0) { $0 + $1.end - $1.start }, payments: payments)
        self.flow = flow
        self.spans = spans
        planned = tally.planned
        started = tally.started
        skipped = tally.skipped
        retries = tally.retries
        repeats = RepeatFindings(tally.repeats)
        times = tally.times
        bytesSent = tally.bytesSent
        bytesReceived = tally.bytesReceived
    }
}

extension PhaseRecord.Model {
    init(_ phase: Scenario.Phase) {
        switch phase.model {
        case .closed(let users): self = .closed(users: users.most)
        case .open(.pause): self = .open(ratePerSecond: 0, process: "none", shape: "pause")
        case .open(.recorded(let recording)):
            self = .open(
                ratePerSecond: recording.totals.meanRate, process: "recorded",
                shape: "recorded arrivals")
        case .open(.rate(let shape, let process)):
            self = .open(
                ratePerSecond: phase.meanRate, process: process.rawValue, shape: shape.words)
        }
    }
}

extension RepeatFindings {
    /// - Parameter counts: by `RepeatFinding.rawValue`.
    init(_ counts: [Int]) {
        self.init()
        for finding in RepeatFinding.allCases {
            let count = counts[finding.rawValue]
            switch finding {
            case .same: same = count
            case .refused: refused = count
            case .different: different = count
            case .settled: settled = count
            case .unanswered: unanswered = count
            }
        }
    }
}
