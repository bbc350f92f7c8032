import Arrivals
import Curl
import Payments

/// One worker's part of a phase whose arrivals come at their times whatever the target does.
struct OpenPhase: Sendable {
    private let phase: Int
    private let start: Nanoseconds
    private let firstNumber: UInt64
    /// With the last phase sending ends: what then has no slot is skipped, not waited for.
    private let sendingEnds: Nanoseconds
    private var stream: ArrivalStream
    /// The next payment; it stays here, and its wait counts, until there is a slot.
    private var head: DuePayment?

    init(
        plan: EnginePlan, phase: Int, worker: Int, start: Nanoseconds, firstNumber: UInt64,
        isLast: Bool
    ) {
        let description = plan.phases[phase]
        guard case .open(let rate, let process) = description.model else {
            preconditionFailure("the phase is of the open model")
        }
        self.phase = phase
        self.start = start
        self.firstNumber = firstNumber
        sendingEnds = isLast ? description.length.map { start + $0 } ?? .max : .max
        stream = ArrivalStream(
            .profile(.constant(rate), process),
            seed: Mix.scramble(plan.keys.draws &+ UInt64(phase)), length: description.length,
            count: description.payments, shard: worker, of: plan.workers)
        pull()
    }

    /// Known once the last arrival was taken.
    var end: Nanoseconds { start + (stream.end?.offset ?? 0) }
    var numberAfter: UInt64 { firstNumber + (stream.end?.number ?? 0) }

    /// nil: over.
    mutating func step(_ situation: Sequencer.Situation) -> Sequencer.Step? {
        guard let head else { return situation.now < end ? .wait(until: end) : nil }
        if head.intended > situation.now { return .wait(until: head.intended) }
        if situation.isStopped {
            pull()
            return .skip(head)
        }
        if situation.now >= head.intended + situation.patience {
            pull()
            return .giveUp(head, hadSlot: situation.hasFreeSlot)
        }
        if situation.hasFreeSlot {
            pull()
            return .start(head)
        }
        if situation.now >= sendingEnds {
            pull()
            return .skip(head)
        }
        return .wait(until: min(head.intended + situation.patience, sendingEnds))
    }

    private mutating func pull() {
        head = stream.next().map {
            DuePayment(
                phase: phase, number: firstNumber + $0.number, intended: start + $0.offset)
        }
    }
}
