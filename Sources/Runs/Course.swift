import Curl
import Dispatch
import Engine
import Payments
import Results
import Scenarios
import Synchronization

/// What happens beside the workers while a run lasts: tallies are gathered four times a second,
/// conditions watched, progress told.
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
    private let watch: Mutex<Watch>
    private let mailboxes: [Mailbox]
    private let listener: Run.Listener
    private let container = ContainerLimits()
    private let host: Mutex<HostWatch>

    init(
        _ preparation: Preparation, plan: EnginePlan, control: RunControl, mailboxes: [Mailbox],
        listener: Run.Listener
    ) {
        self.preparation = preparation
        self.plan = plan
        self.control = control
        self.mailboxes = mailboxes
        self.listener = listener
        names = RunNames(
            phases: preparation.scenario.phaseNames,
            payments: preparation.scenario.payments.map(\.name), origin: plan.origin,
            startedAt: Double(plan.extras.wallClock) / 1e9)
        collector = Mutex(Collector(plan: plan, names: names))
        watch = Mutex(Watch(preparation.scenario, plan: plan))
        host = Mutex(HostWatch(.now(limits: container)))
    }

    func start() -> Ticks {
        let queue = DispatchQueue(label: "paybench.ticks")
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now() + .milliseconds(250), repeating: .milliseconds(250))
        let count = Atomic<Int>(0)
        timer.setEventHandler { [self] in
            gather()
            lookAtConditions()
            if count.wrappingAdd(1, ordering: .relaxed).newValue % 4 == 0 {
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
        // A payment may wait for a slot as long as it may then take; tallies are a second old at most.
        let longest = 2 * plan.totalTimeout + 2_000_000_000
        let settled = (MonotonicClock.now() - plan.origin - longest) / 1_000_000_000
        collector.withLock { $0.closeSeconds(before: max(0, Int(settled))) }
    }

    func add(_ tally: Tally) {
        watch.withLock { $0.add(tally) }
        let uncertain = collector.withLock { $0.add(tally) }
        if !uncertain.isEmpty { listener.uncertain(uncertain) }
    }

    private func lookAtHost() {
        let reading = HostReading.now(limits: container)
        host.withLock { $0.add(reading) }
    }

    /// What the machine did until now, and where that was.
    func surroundings(_ reports: [WorkerReport]) -> (HostRecord, EnvironmentRecord) {
        lookAtHost()
        let limits = preparation.limits
        var record = host.withLock { host in
            host.record(
                clockSource: Machine.clockSource, clockCost: Machine.clockCost,
                descriptorLimit: limits.descriptors, ports: limits.ports,
                connections: limits.record(
                    slots: reports.reduce(0) { $0 + $1.slots },
                    of: preparation.scenario.target.http))
        }
        let longest = reports.map { $0.finished - plan.origin }.max() ?? 0
        let queued = reports.compactMap(\.queued).max()
        record.queuedShare = queued.map { longest > 0 ? Double($0) / Double(longest) : 0 }
        let environment = EnvironmentRecord(
            preparation, limits: container,
            httpVersion: reports.lazy.compactMap(\.httpVersion).first)
        return (record, environment)
    }

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
        let elapsed = Double(MonotonicClock.now() - plan.origin) / 1e9
        let planned = plannedSeconds
        let last = collector.withLock { collector in
            (
                started: collector.started, outcomes: collector.outcomes,
                times: collector.responseTime(ofSecond: Int(elapsed) - 1)
            )
        }
        let phases = control.currentPasses.map { names.phases[plan.passes[$0]] }
        listener.progress(
            RunProgress(
                elapsedSeconds: elapsed, plannedSeconds: planned,
                phase: phases.joined(separator: " + "), started: last.started,
                outcomes: last.outcomes, p50: last.times.p50, p99: last.times.p99,
                isDraining: control.stopReason != nil || planned.map { elapsed > $0 } ?? false))
    }

    private var plannedSeconds: Double? {
        preparation.scenario.plannedDuration.map { Double($0.nanoseconds) / 1e9 }
    }
}
