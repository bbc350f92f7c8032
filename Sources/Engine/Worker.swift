import Curl
import Payments

/// What a worker says when it is done.
package struct WorkerReport: Sendable {
    /// What was counted since the last tally in the mailbox.
    package var tally: Tally
    package var spans: [PhaseSpan]
    package var finished: Nanoseconds
    /// Of the worker's thread.
    package var cpu: Nanoseconds
    package var connectionsOpened: Int
}

/// One worker: its own schedule share, slots, transfers and tally; made, run and released on one
/// thread. Per request it locks nothing, logs nothing and allocates nothing of its own.
package final class Worker {
    /// Starts in a row before sockets get their turn.
    private static let mostStarts = 16
    /// The longest sleep: how late a wish to stop may be heard.
    private static let longestWait: Nanoseconds = 20_000_000
    /// While waiting for other workers at the end of a phase.
    private static let gateWait: Nanoseconds = 1_000_000
    /// Sockets acted on in a turn that is late for the next arrival, beside one for each start.
    private static let leastEvents = 8
    private static let tick: Nanoseconds = 250_000_000
    private static let signalDrain: Nanoseconds = 5_000_000_000

    private let plan: EnginePlan
    private let index: Int
    private let control: RunControl
    private let mailbox: Mailbox
    private let reactor: Reactor
    private let mostSlots: Int
    private var sequencer: Sequencer
    private var slots: [Slot] = []
    /// Last in, first out: the connections used last are warm.
    private var free: [Int] = []
    private var ages = AgeList()
    private var tally: Tally
    private var nextTick: Nanoseconds
    private var lastTurn: Nanoseconds
    private var started = 0
    /// Until then every slot was taken, the last time that was so.
    private var exhaustedUntil: Nanoseconds = 0
    /// When what is still under way is cut; known once sending is over.
    private var drainEnds: Nanoseconds?

    package init(plan: EnginePlan, index: Int, control: RunControl, mailbox: Mailbox) {
        self.plan = plan
        self.index = index
        self.control = control
        self.mailbox = mailbox
        reactor = Reactor(options: plan.transfer, allowed: plan.allowed)
        mostSlots = share(of: plan.slots, index: index, of: plan.workers)
        sequencer = Sequencer(plan: plan, worker: index)
        tally = Tally(plan: plan)
        nextTick = plan.origin + Self.tick
        lastTurn = plan.origin
    }

    /// Sends, drains, and returns when nothing is in flight any more.
    package func run() -> WorkerReport {
        CurrentThread.makePunctual()
        let cpuBefore = CurrentThread.cpuTime
        while turn() {}
        return WorkerReport(
            tally: tally, spans: sequencer.spans, finished: MonotonicClock.now(),
            cpu: CurrentThread.cpuTime - cpuBefore, connectionsOpened: reactor.connectionsOpened)
    }

    /// Once round: start what is due, let libcurl act, take what finished; false when all is done.
    private func turn() -> Bool {
        let now = MonotonicClock.now()
        hearStop(now)
        lastTurn = now
        let startedBefore = started
        let wake = startWhatIsDue(now)
        cutWhatIsTooOld(now)
        if now >= nextTick { giveTallyAway(now) }
        if let drainEnds {
            if now >= drainEnds { abandonAll(now) }
            if ages.count == 0, wake == .max { return false }
        }
        let deadline = min(
            min(wake, nextExpiry(), now + Self.longestWait),
            min(nextTick, drainEnds ?? .max, plan.latestInstant ?? .max))
        // Answers keep up with starts: a loop that can't do both is late, not out of slots.
        reactor.turn(until: deadline, atLeast: Self.leastEvents + started - startedBefore) {
            self.finish($0, $1)
        }
        return true
    }

    private func hearStop(_ now: Nanoseconds) {
        if let latest = plan.latestInstant, now >= latest, drainEnds == nil {
            control.stop(.durationLimit)
        }
        guard control.stopReason != nil else { return }
        // By then the last turn had started what was due and found a slot, unless it was too much for one.
        sequencer.stop(at: min(lastTurn, now))
        let drain: Nanoseconds =
            switch control.signals {
            case 0: plan.totalTimeout
            case 1: Self.signalDrain
            default: 0
            }
        drainEnds = min(drainEnds ?? .max, now + drain)
    }

    /// Answers that are there already, because this thread stood still or is behind, are no time-outs.
    private func takeInWhatCame() {
        for _ in 0..<max(1, ages.count) {
            let count = reactor.turn(until: 0, atLeast: Self.leastEvents) { self.finish($0, $1) }
            if count == 0 { return }
        }
    }

    /// Returns when it wants to be called again.
    private func startWhatIsDue(_ now: Nanoseconds) -> Nanoseconds {
        var now = now
        let last = started + Self.mostStarts
        while started < last {
            let step = sequencer.next(
                now: now, hasFreeSlot: !free.isEmpty || slots.count < mostSlots)
            switch step {
            case .start(let payment):
                guard plan.mostPayments == nil || control.takeAllowance() else {
                    refuse(payment)
                    return 0
                }
                now = start(payment)
            case .giveUp(let payment, let hadSlot): giveUp(payment, hadSlot: hadSlot, at: now)
            case .skip(let payment): tally.countSkipped(payment)
            case .wait(let instant): return instant
            case .awaitOthers(let phase):
                guard let end = control.gate(of: phase).arrive(worker: index, at: now) else {
                    return now + Self.gateWait
                }
                sequencer.othersAreDone(at: end)
            case .over:
                if drainEnds == nil { drainEnds = now + plan.totalTimeout }
                return .max
            }
        }
        return 0
    }

    /// Hands one payment to libcurl; returns when that was.
    private func start(_ payment: DuePayment) -> Nanoseconds {
        started += 1
        let number = takeSlot()
        let slot = slots[number]
        slot.due = payment
        slot.payment = plan.mix.entry(of: payment.number)
        slot.render(as: RequestIdentity(number: payment.number, keys: plan.keys))
        slot.sent = MonotonicClock.now()
        tally.countStarted(
            payment, sent: slot.sent, slotWait: max(0, exhaustedUntil - payment.intended))
        ages.append(number, sent: slot.sent)
        reactor.start(slot.transfer)
        return slot.sent
    }

    /// Guard rails don't let it out. An arrival was due all the same; a user just does not begin.
    private func refuse(_ payment: DuePayment) {
        switch plan.phases[payment.phase].model {
        case .open: tally.countSkipped(payment)
        case .closed: break
        }
    }

    private func takeSlot() -> Int {
        if let known = free.popLast() { return known }
        slots.append(Slot(transfer: reactor.makeTransfer(), requests: plan.requests))
        return slots.count - 1
    }

    private func giveUp(_ payment: DuePayment, hadSlot: Bool, at now: Nanoseconds) {
        let slotFreeAt = hadSlot ? exhaustedUntil : now
        tally.countStarted(payment, sent: now, slotWait: max(0, slotFreeAt - payment.intended))
        let end = PaymentEnd(
            phase: payment.phase, payment: plan.mix.entry(of: payment.number),
            number: payment.number, outcome: .notSent, intended: payment.intended, sent: now,
            completed: now)
        tally.countEnd(end)
        let ending: Ending = hadSlot ? .sentTooLate : .foundNoSlot
        if let source = ending.source { tally.countCode(source, status: 0, of: end) }
    }

    /// libcurl is done with a transfer.
    private func finish(_ number: Int, _ code: CurlCode) {
        let now = MonotonicClock.now()
        let slot = slots[number]
        record(Ending.finished(slot.transfer, code, plan: plan), of: slot, at: now)
        release(number, at: now)
    }

    private func record(_ ending: Ending, of slot: Slot, at now: Nanoseconds) {
        let end = slot.end(ending.outcome, at: now)
        tally.countEnd(end)
        tally.countTransfer(facts(of: slot.transfer), phase: end.phase)
        if let source = ending.source {
            tally.countCode(source, status: ending.status, of: end)
        }
    }

    private func facts(of transfer: Transfer) -> TransferFacts {
        let first = transfer.firstByteMicroseconds
        var facts = TransferFacts(
            firstByte: first > 0 ? UInt64(first) : nil, connect: nil, tls: nil,
            bytesSent: UInt64(transfer.bytesSent), bytesReceived: UInt64(transfer.bytesReceived))
        guard transfer.openedConnection else { return facts }
        let connect = transfer.connectMicroseconds
        let tls = transfer.tlsMicroseconds
        facts.connect = connect > 0 ? UInt64(connect) : nil
        facts.tls = tls > 0 ? UInt64(tls) : nil
        return facts
    }

    private func release(_ number: Int, at now: Nanoseconds) {
        let slot = slots[number]
        reactor.stop(slot.transfer)
        ages.remove(number)
        if free.isEmpty, slots.count == mostSlots { exhaustedUntil = now }
        free.append(number)
        sequencer.answered(phase: slot.due.phase, at: now)
    }

    private func cut(_ number: Int, as ending: Ending, at now: Nanoseconds) {
        record(ending, of: slots[number], at: now)
        release(number, at: now)
    }

    private func cutWhatIsTooOld(_ now: Nanoseconds) {
        guard now >= nextExpiry() else { return }
        takeInWhatCame()
        while let (number, sent) = ages.oldestTransfer, now >= sent + plan.totalTimeout {
            cut(number, as: .expired(slots[number].transfer), at: now)
        }
        while let (number, sent) = ages.oldestUnchecked, now >= sent + plan.connectTimeout {
            ages.markChecked()
            let transfer = slots[number].transfer
            if !transfer.requestBegan { cut(number, as: .expired(transfer), at: now) }
        }
    }

    private func nextExpiry() -> Nanoseconds {
        let total = ages.oldestTransfer.map { $0.sent + plan.totalTimeout } ?? .max
        let connect = ages.oldestUnchecked.map { $0.sent + plan.connectTimeout } ?? .max
        return min(total, connect)
    }

    private func abandonAll(_ now: Nanoseconds) {
        while let (number, _) = ages.oldestTransfer {
            cut(number, as: .abandoned(slots[number].transfer), at: now)
        }
    }

    private func giveTallyAway(_ now: Nanoseconds) {
        _ = mailbox.post(&tally, plan: plan)
        nextTick = now + Self.tick
    }
}
