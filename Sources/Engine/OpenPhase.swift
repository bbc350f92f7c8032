import Arrivals
import Curl
import Payments

/// Recorded arrivals that can be read no further, though they were when they were checked.
package struct LostArrivals: Error, Sendable, Equatable {
    package let file: String
    package let problem: ArrivalFileProblem
}

/// One worker's part of a pass whose arrivals come at their times whatever the target does.
struct OpenPhase: Sendable {
    private let pass: Int
    private let phase: Int
    private let start: Nanoseconds
    private let firstNumber: UInt64
    private let skipsWhenFull: Bool
    private let isLast: Bool
    /// With the last pass sending ends: what then has no slot is skipped, not waited for.
    private var sendingEnds: Nanoseconds
    private let schedule: ArrivalSchedule
    private var stream: ArrivalStream
    /// The next payment; it stays here, and its wait counts, until there is a slot.
    private var head: DuePayment?
    /// No payment that is due from then on is made.
    private var cut = Nanoseconds.max

    init(
        plan: EnginePlan, pass: Int, worker: Int, start: Nanoseconds, firstNumber: UInt64,
        isLast: Bool
    ) {
        phase = plan.passes[pass]
        let description = plan.phases[phase]
        guard case .open(let schedule) = description.model else {
            preconditionFailure("the phase is of the open model")
        }
        self.pass = pass
        self.start = start
        self.firstNumber = firstNumber
        skipsWhenFull = plan.extras.skipsWhenFull
        self.isLast = isLast
        self.schedule = schedule
        sendingEnds =
            isLast ? (description.length ?? schedule.length).map { start + $0 } ?? .max : .max
        stream = ArrivalStream(
            schedule, seed: plan.seed(ofPass: pass), length: description.length,
            count: description.payments, shard: worker, of: plan.workers)
        pull()
    }

    /// Known once the last arrival was taken, or the pass was cut.
    var end: Nanoseconds { min(cut, ownEnd) }
    private var ownEnd: Nanoseconds { stream.end.map { start + $0.offset } ?? .max }
    var numberAfter: UInt64 {
        positionsUsed.map { firstNumber + $0 } ?? farBeyond(firstNumber)
    }

    /// Of the mix, over all workers; nil where the pass was cut. A cut that comes when the pass is over
    /// is none, so that it does not matter which workers heard of it in time.
    var positionsUsed: UInt64? { cut < ownEnd ? nil : stream.end?.number }

    /// Why there are no more arrivals, though there should be.
    var failure: LostArrivals? {
        guard let problem = stream.failure, case .recorded(let recorded) = schedule else {
            return nil
        }
        return LostArrivals(file: recorded.path, problem: problem)
    }

    /// nil: over.
    mutating func step(_ situation: FlowSequencer.Situation) -> FlowSequencer.Step? {
        guard let head, head.intended < cut else {
            return situation.now < end ? .wait(until: end) : nil
        }
        if head.intended > situation.now { return .wait(until: min(head.intended, cut)) }
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
        if skipsWhenFull || situation.now >= sendingEnds {
            pull()
            return .skip(head)
        }
        return .wait(until: min(head.intended + situation.patience, sendingEnds))
    }

    mutating func endsNoLater(than instant: Nanoseconds) {
        cut = min(cut, instant)
        if isLast { sendingEnds = min(sendingEnds, instant) }
    }

    private mutating func pull() {
        head = stream.next().map {
            DuePayment(
                phase: phase, pass: pass, number: firstNumber + $0.number, position: $0.number,
                intended: start + $0.offset)
        }
    }
}
