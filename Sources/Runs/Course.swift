import Curl
import Dispatch
import Engine
import Payments
import Results
import Scenarios
import Synchronization

/// What happens beside the workers while a run lasts: tallies are gathered four times a second and
/// conditions watched; an interval is closed twice a second; once a second the machine is looked at and
/// progress told.
final class Course: Sendable {
    /// Gathers until it is ended.
    struct Ticks {
        fileprivate let timer: any DispatchSourceTimer
        fileprivate let queue: DispatchQueue

        /// A tick that is still under way may hold a tally that nobody else has.
        func end() {
            timer.cancel()
            queue.sync {}
        }
    }

    let preparation: Preparation
    let plan: EnginePlan
    let control: RunControl
    let names: RunNames
    let collector: Mutex<Collector>
    let listener: Run.Listener
    private let passTimes: Mutex<PassTimes>
    private let watch: Mutex<Watch>
    /// Why the run needs not go on, once somebody said so.
    private let conclusion = Mutex<String?>(nil)
    private let mailboxes: [Mailbox]
    private let container = ContainerLimits()
    private let host: Mutex<HostWatch>
    private let cpuBefore = Machine.cpuSeconds

    /// Begins the log of the run.
    init(
        _ preparation: Preparation, plan: EnginePlan, control: RunControl, mailboxes: [Mailbox],
        toolVersion: String, listener: Run.Listener
    ) {
        self.preparation = preparation
        self.plan = plan
        self.control = control
        self.mailboxes = mailboxes
        self.listener = listener
        names = RunNames(
            phases: preparation.layout.lines.map(\.name),
            adapters: preparation.layout.lines.map(\.adapter),
            payments: preparation.scenario.payments.map(\.name), origin: plan.origin,
            startedAt: Double(plan.extras.wallClock) / 1e9)
        let start = Self.start(
            of: preparation, plan: plan, names: names, toolVersion: toolVersion)
        collector = Mutex(Collector(start, names: names))
        passTimes = Mutex(PassTimes(plan))
        watch = Mutex(Watch(preparation.scenario, preparation.layout, plan: plan))
        host = Mutex(HostWatch(.now(limits: container)))
        listener.started(start)
    }

    func start() -> Ticks {
        let queue = DispatchQueue(label: "paybench.ticks")
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now() + .milliseconds(250), repeating: .milliseconds(250))
        let count = Atomic<Int>(0)
        timer.setEventHandler { [self] in
            gather()
            lookAtConditions()
            let tick = count.wrappingAdd(1, ordering: .relaxed).newValue
            if tick % 2 == 0 { closeInterval(at: MonotonicClock.now()) }
            if tick % 4 == 0 {
                lookAtHost()
                tellProgress()
            }
        }
        timer.resume()
        return Ticks(timer: timer, queue: queue)
    }

    func gather() {
        for mailbox in mailboxes {
            guard let tally = mailbox.collect() else { continue }
            add(tally)
            mailbox.recycle(tally)
        }
    }

    /// Twice a second; the log has what was gathered until now.
    private func closeInterval(at now: Nanoseconds) {
        // A payment may wait for a slot as long as it may then take; tallies are a second old at most.
        let longest = 2 * plan.longestTimeout + timeOfRetries + 2_000_000_000
        let settled = (now - plan.origin - longest) / 1_000_000_000
        let elapsed = seconds(to: now)
        closeInterval { interval in
            interval.settledBefore = max(0, Int(settled))
            interval.elapsed = elapsed
            interval.spans = self.passTimes.withLock {
                $0.spans(seen: self.control.currentPasses, at: elapsed)
            }
        }
    }

    /// How much later retries may end a payment. Only a minute of it is waited for with the times of the
    /// second that it was due in, since these take memory: they are of what ended until then.
    private var timeOfRetries: Nanoseconds {
        guard let retry = plan.extras.retry else { return 0 }
        return min(Nanoseconds(retry.most) * (retry.delay + plan.longestTimeout), 60_000_000_000)
    }

    func closeInterval(_ complete: (inout Interval) -> Void) {
        let (interval, settled) = collector.withLock { collector in
            collector.closeInterval { interval in
                interval.cpuSeconds = cpuSeconds
                interval.peakRSSBytes = Machine.peakRSSBytes
                complete(&interval)
            }
        }
        listener.interval(interval)
        switch listener.settled(settled) {
        case .stop(let reason): end(judged: reason)
        case .endMeasuring: endMeasuring()
        case nil: break
        }
    }

    /// Of the whole process, since the run began.
    var cpuSeconds: Double { max(0, Machine.cpuSeconds - cpuBefore) }

    func add(_ tally: Tally) {
        watch.withLock { $0.add(tally) }
        let uncertain = collector.withLock { $0.add(tally) }
        if !uncertain.isEmpty { listener.uncertain(uncertain) }
        if plan.extras.keepsSamples { listener.samples(names.rows(of: tally)) }
    }

    private func lookAtHost() {
        let reading = HostReading.now(limits: container)
        host.withLock { $0.add(reading) }
    }

    /// What the machine did until now.
    func host(_ reports: [WorkerReport]) -> HostRecord {
        lookAtHost()
        var record = host.withLock { host in
            host.record(
                clockSource: Machine.clockSource, clockCost: Machine.clockCost,
                descriptorLimit: preparation.targets[0].limits.descriptors,
                ports: preparation.targets[0].limits.ports,
                connections: preparation.connections(reports))
        }
        let longest = reports.map { $0.finished - plan.origin }.max() ?? 0
        let queued = reports.compactMap(\.queued).max()
        record.queuedShare = queued.map { longest > 0 ? Double($0) / Double(longest) : 0 }
        return record
    }

    /// What the run was to find out is known.
    func end(judged reason: String) {
        conclusion.withLock { $0 = $0 ?? reason }
        control.stop(.judged)
    }

    private func endMeasuring() {
        for span in control.currentPasses {
            guard preparation.layout.lines[plan.phase(ofPass: span.pass)].measured else { continue }
            control.endRound(of: span, now: MonotonicClock.now(), plan: plan)
        }
    }

    var judgement: String? { conclusion.withLock { $0 } }

    /// The condition that ended the run, if one did.
    var stopReason: String? { watch.withLock(\.reason) }

    private func lookAtConditions() {
        let now = MonotonicClock.now()
        let (ended, isStopped) = watch.withLock { watch in
            (watch.endedPasses(control.currentPasses, at: now), watch.isStopped(at: now))
        }
        for pass in ended { control.end(pass: pass, now: now) }
        if isStopped { control.stop(.condition) }
    }

    private func tellProgress() {
        let now = MonotonicClock.now()
        let elapsed = Double(now - plan.origin) / 1e9
        let planned = plannedSeconds
        let last = collector.withLock { collector in
            (
                started: collector.builder.started, outcomes: collector.builder.outcomes,
                times: collector.builder.responseTime(ofSecond: Int(elapsed) - 1)
            )
        }
        let phases = control.currentPasses.map { span in
            let name = names.phases[plan.phase(ofPass: span.pass)]
            let block = plan.block(of: span, at: now)
            return block.map { "\(name), round \($0.round), \($0.arm ?? "")" } ?? name
        }
        listener.progress(
            RunProgress(
                elapsedSeconds: elapsed, plannedSeconds: planned,
                phase: phases.joined(separator: " + "), started: last.started,
                outcomes: last.outcomes, p50: last.times.p50, p99: last.times.p99,
                isDraining: control.stopReason != nil || planned.map { elapsed > $0 } ?? false))
    }

    private var plannedSeconds: Double? {
        preparation.plannedDuration.map { Double($0.nanoseconds) / 1e9 }
    }
}
