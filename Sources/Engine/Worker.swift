import Curl
import Payments

/// What a worker says when it is done.
package struct WorkerReport: Sendable {
    /// What was counted since the last tally in the mailbox.
    package var tally: Tally
    package var spans: [PassSpan]
    package var finished: Nanoseconds
    /// Of the worker's thread, without what it spent awake before arrivals with nothing to do.
    package var cpu: Nanoseconds
    /// How long the thread was ready to run and had no core; nil where the kernel does not say.
    package var queued: Nanoseconds?
    package var vigil: Nanoseconds
    package var connectionsOpened: Int
    /// By arm: slots that were made, which is payments in flight at the most.
    package var slots: [Int]
    /// Of an answer: 10, 11, 20 or 30; nil where none came.
    package var httpVersion: Int?
}

/// One worker: its own schedule share, slots, transfers and tally; made, run and released on one
/// thread. Per request it locks nothing, logs nothing and allocates nothing of its own.
package final class Worker {
    /// Starts in a row before sockets get their turn.
    private static let mostStarts = 16
    /// The longest sleep: how late a wish to stop may be heard.
    private static let longestWait: Nanoseconds = 20_000_000
    /// While waiting for other workers at the end of a pass.
    private static let gateWait: Nanoseconds = 1_000_000
    /// Sockets acted on in a turn that is late for the next arrival, beside one for each start.
    private static let leastEvents = 8
    private static let tick: Nanoseconds = 250_000_000
    private static let signalDrain: Nanoseconds = 5_000_000_000

    let plan: EnginePlan
    let control: RunControl
    let reactor: Reactor
    let sessions: ArmSessions?
    var sequencer: Sequencer
    var slots: [Slot] = []
    /// By arm.
    var ages: [AgeList]
    /// Slots that wait for their next attempt, or to send their id again: while libcurl tells what has
    /// finished, nothing may be started.
    var later = DueQueue()
    var tally: Tally
    var renderer: Renderer
    var journal: Journal?
    /// When what is still under way is cut; known once sending is over.
    private(set) var drainEnds: Nanoseconds?
    private(set) var pools: SlotPools

    private let index: Int
    private let mailbox: Mailbox
    /// How long a payment may still take once sending is over.
    private let drain: Nanoseconds
    private var started = 0
    private var newsHeard = 0
    private var vigil: Vigil
    private var nextTick: Nanoseconds
    private var lastTurn: Nanoseconds
    /// When the next turn is to begin at the latest.
    private var wanted: Nanoseconds
    /// By phase.
    private var windows: [SendWindows]

    /// - Parameter station: of this worker, and ready.
    package init(
        plan: EnginePlan, index: Int, control: RunControl, mailbox: Mailbox, station: Station,
        journal: Journal? = nil
    ) {
        self.plan = plan
        self.index = index
        self.control = control
        self.mailbox = mailbox
        self.journal = journal
        reactor = station.reactor
        sessions = station.sessions
        vigil = Vigil(begin: plan.origin)
        pools = SlotPools(plan: plan, worker: index)
        ages = plan.arms.map { _ in AgeList() }
        drain = plan.longestTimeout
        sequencer = Sequencer(plan: plan, worker: index)
        tally = Tally(plan: plan)
        tally.worker = index
        renderer = Renderer(plan: plan, worker: index)
        nextTick = plan.origin + Self.tick
        lastTurn = plan.origin
        wanted = plan.origin
        windows = plan.phases.map { _ in SendWindows() }
    }

    /// Sends, drains, and returns when nothing is in flight any more.
    package func run() -> WorkerReport {
        CurrentThread.makePunctual()
        let cpuBefore = CurrentThread.cpuTime
        let queuedBefore = CurrentThread.queuedTime
        while turn() {}
        sessions?.cutWhatIsTooOld(.max)
        if let sessions { tally.signIns.add(sessions.giveTallyAway()) }
        return WorkerReport(
            tally: tally, spans: sequencer.spans, finished: MonotonicClock.now(),
            cpu: CurrentThread.cpuTime - cpuBefore - vigil.spent,
            queued: CurrentThread.queuedTime.flatMap { after in queuedBefore.map { after - $0 } },
            vigil: vigil.spent, connectionsOpened: reactor.connectionsOpened, slots: pools.made,
            httpVersion: slots.lazy.compactMap(\.transfer.httpVersion).first)
    }

    /// Once round: start what is due, let libcurl act, take what finished; false when all is done.
    private func turn() -> Bool {
        let now = MonotonicClock.now()
        if now - wanted > PunctualityTally.leastStall { countStall(until: now) }
        hear(now)
        lastTurn = now
        let startedBefore = started
        let wake = startWhatIsDue(now)
        startLaterAttempts(now)
        cutWhatIsTooOld(now)
        if let sessions, sessions.isBusyOrAsked {
            sessions.cutWhatIsTooOld(now)
            sessions.startQueued(now)
        }
        if now >= nextTick {
            // Nothing that was due until now waits, for its turn or for a slot.
            if wake > 0, !pools.isAnyFull { tally.caughtUp = now }
            giveTallyAway(now)
        }
        if let drainEnds {
            if now >= drainEnds { abandonAll(now) }
            if underWay == 0, later.count == 0, wake == .max { return false }
        }
        let deadline = min(
            min(nextExpiry(), now + Self.longestWait, later.first?.due ?? .max),
            min(nextTick, drainEnds ?? .max, plan.latestInstant ?? .max))
        wanted = max(now, min(wake, deadline))
        // Answers keep up with starts: a loop that can't do both is late, not out of slots.
        let least = Self.leastEvents + started - startedBefore
        if wake < deadline, wake > now, vigil.isAllowed(at: now) {
            waitAwake(for: wake, atLeast: least)
        } else {
            act(until: min(wake, deadline), atLeast: least)
        }
        return true
    }

    /// Sleeps until shortly before the instant, then stays awake up to it; or until a socket is ready.
    private func waitAwake(for instant: Nanoseconds, atLeast least: Int) {
        let alarm = instant - vigil.early
        var now = MonotonicClock.now()
        if now < alarm {
            if act(until: alarm, atLeast: least) > 0 { return }
            now = MonotonicClock.now()
            if now >= alarm { vigil.overslept(by: now - alarm) }
        }
        let begin = now
        while now < instant {
            if act(until: 0, atLeast: least) > 0 { break }
            now = MonotonicClock.now()
        }
        vigil.spend(max(0, min(now, instant) - begin))
    }

    @discardableResult
    private func act(until deadline: Nanoseconds, atLeast least: Int) -> Int {
        reactor.turn(until: deadline, atLeast: least) { self.finish($0, $1) }
    }

    private func hear(_ now: Nanoseconds) {
        for news in control.news(beyond: &newsHeard) {
            switch news {
            case .end(let pass, let instant): sequencer.end(pass: pass, at: instant)
            case .last(let pass): sequencer.endFlow(with: pass, at: now)
            }
        }
        if let latest = plan.latestInstant, now >= latest, drainEnds == nil {
            control.stop(.durationLimit)
        }
        guard control.stopReason != nil else { return }
        // By then the last turn had started what was due and found a slot, unless it was too much for one.
        sequencer.stop(at: min(lastTurn, now))
        let drain: Nanoseconds =
            switch control.signals {
            case 0: self.drain
            case 1: Self.signalDrain
            default: 0
            }
        drainEnds = min(drainEnds ?? .max, now + drain)
        giveUpLaterAttempts(now)
    }

    /// Returns when it wants to be called again.
    private func startWhatIsDue(_ now: Nanoseconds) -> Nanoseconds {
        var now = now
        let last = started + Self.mostStarts
        while started < last {
            let step = sequencer.next(now: now, free: pools.free)
            switch step {
            case .start(let payment):
                guard hasRows(for: payment) else {
                    sequencer.rowsAreUsedUp(by: payment, at: now)
                    control.endFlow(with: payment.pass)
                    continue
                }
                guard plan.mostPayments == nil || control.takeAllowance() else {
                    refuse(payment)
                    return 0
                }
                now = start(payment)
            case .giveUp(let payment, let hadSlot): giveUp(payment, hadSlot: hadSlot, at: now)
            case .skip(let payment): tally.countSkipped(payment)
            case .fail(let lost): control.stop(lost)
            case .wait(let instant): return instant
            case .awaitOthers(let pass, let wake):
                guard let end = control.gate(ofPass: pass).arrive(worker: index, at: now) else {
                    return min(wake, now + Self.gateWait)
                }
                sequencer.othersAreDone(withPass: pass, at: end)
            case .over:
                if drainEnds == nil { drainEnds = now + drain }
                return .max
            }
        }
        return 0
    }

    /// Answers that are there already, because this thread stood still or is behind, are no time-outs.
    func takeInWhatCame() {
        for _ in 0..<max(1, underWay) {
            let count = reactor.turn(until: 0, atLeast: Self.leastEvents) { self.finish($0, $1) }
            if count == 0 { return }
        }
    }

    /// Counted in the phases that the first flow is in.
    private func countStall(until now: Nanoseconds) {
        let span = sequencer.passes[0]
        for phase in plan.phases(ofPass: span.pass, at: now - span.start) {
            tally.countStall(of: now - wanted, until: now, worker: index, phase: phase)
        }
    }

    /// An arrival that waited for a slot was not held up by us.
    func countSend(of payment: DuePayment, at sent: Nanoseconds) {
        guard pools.exhaustedUntil(plan.arm(of: payment)) <= payment.intended else { return }
        tally.countSend(of: payment, at: sent, windows: &windows[payment.phase])
    }

    private func giveTallyAway(_ now: Nanoseconds) {
        if let sessions { tally.signIns.add(sessions.giveTallyAway()) }
        control.note(passes: sequencer.passes)
        let number = tally.number
        if mailbox.post(&tally, plan: plan) {
            tally.worker = index
            tally.number = number &+ 1
        }
        nextTick = now + Self.tick
    }
}

/// Slots.
extension Worker {
    func takeSlot(for arm: Int) -> Int {
        if let known = pools.take(for: arm) { return known }
        slots.append(Slot(transfer: reactor.makeTransfer(to: arm), arm: arm, plan: plan))
        return slots.count - 1
    }

    func freeSlot(_ number: Int, at now: Nanoseconds) {
        pools.put(back: number, of: slots[number].arm, at: now)
    }

    /// Transfers, of all arms.
    var underWay: Int { ages.reduce(0) { $0 + $1.count } }

    /// Hands the slot's request to libcurl; returns when that was.
    @discardableResult
    func send(_ number: Int) -> Nanoseconds {
        started += 1
        let now = MonotonicClock.now()
        ages[slots[number].arm].append(number, sent: now)
        reactor.start(slots[number].transfer)
        return now
    }
}
