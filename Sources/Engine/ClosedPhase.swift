import Curl

/// One worker's users of a phase in which each user waits for its answer, thinks, and pays again.
struct ClosedPhase: Sendable {
    private let phase: Int
    private let firstNumber: UInt64
    /// Of this worker's payments, counted from the first number of the phase. Each worker counts on from
    /// its own, so that the mix is exact within each of them, and over all where payments are counted.
    private let ownNumber: UInt64
    private let thinkTime: Nanoseconds
    /// Users come no more from then on.
    private var limit: Nanoseconds
    /// Payments that this worker's users may still begin.
    private var left: Int
    private var begun: UInt64 = 0
    /// Users between their payment and its answer.
    private var busy = 0
    /// When each waiting user pays next, as a ring: everyone thinks equally long, so they come in the
    /// order in which they were answered.
    private var due: [Nanoseconds]
    private var first = 0
    private var waiting: Int

    init(plan: EnginePlan, phase: Int, worker: Int, start: Nanoseconds, firstNumber: UInt64) {
        let description = plan.phases[phase]
        guard case .closed(let users, let thinkTime) = description.model else {
            preconditionFailure("the phase is of the closed model")
        }
        self.phase = phase
        self.firstNumber = firstNumber
        self.thinkTime = thinkTime
        limit = description.length.map { start + $0 } ?? .max
        let before = users * worker / plan.workers
        let own = share(of: users, index: worker, of: plan.workers)
        waiting = own
        // In proportion to this worker's users, without remainder over all workers.
        let begin = description.payments.map { $0 * before / users }
        left =
            description.payments.map { $0 * (before + own) / users - $0 * before / users } ?? .max
        ownNumber = begin.map(UInt64.init) ?? UInt64(worker) << 34
        due = [Nanoseconds](repeating: start, count: max(1, own))
    }

    var end: Nanoseconds { limit }

    /// How many payments the others began is not known here, so the next phase counts from far beyond.
    var numberAfter: UInt64 { (firstNumber >> 40 + 1) << 40 }

    /// nil: over.
    mutating func step(_ situation: Sequencer.Situation) -> Sequencer.Step? {
        if waiting > 0, left > 0, due[first] < limit, due[first] <= situation.now {
            return stepOfDueUser(situation)
        }
        if situation.now >= limit { return nil }
        if left == 0 {
            return busy == 0 ? .awaitOthers(phase: phase) : .wait(until: limit)
        }
        return .wait(until: waiting > 0 ? min(due[first], limit) : limit)
    }

    private mutating func stepOfDueUser(_ situation: Sequencer.Situation) -> Sequencer.Step {
        let intended = due[first]
        // A user who would get a slot has not begun when sending stops; one who waits for it has.
        if situation.isStopped, situation.hasFreeSlot { return .wait(until: limit) }
        if situation.isStopped || (situation.now >= limit && !situation.hasFreeSlot) {
            return .skip(takeUser())
        }
        if situation.now >= intended + situation.patience {
            let payment = takeUser()
            userIsBack(at: situation.now)
            return .giveUp(payment)
        }
        if situation.hasFreeSlot { return .start(takeUser()) }
        return .wait(until: min(intended + situation.patience, limit))
    }

    mutating func userIsBack(at now: Nanoseconds) {
        busy -= 1
        let position = (first + waiting) % due.count
        due[position] = now + thinkTime
        waiting += 1
    }

    mutating func endsNoLater(than instant: Nanoseconds) { limit = min(limit, instant) }

    private mutating func takeUser() -> DuePayment {
        let payment = DuePayment(
            phase: phase, number: firstNumber + ownNumber + begun, intended: due[first])
        first = (first + 1) % due.count
        waiting -= 1
        busy += 1
        begun += 1
        left -= 1
        return payment
    }
}
