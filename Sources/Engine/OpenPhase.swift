import Arrivals
import Curl
import Designs
import Payments

/// Recorded arrivals that can be read no further, though they were when they were checked.
package struct LostArrivals: Error, Sendable, Equatable {
    package let file: String
    package let problem: ArrivalFileProblem
}

/// Which arrivals of a pass are one lane's, and when.
private enum Turns: Sendable {
    case all
    case dealt(ArmOrder)
    case blocks(BlockTimetable)
}

/// One worker's part of what a pass has for one arm, where arrivals come at their times whatever the
/// target does.
struct OpenPhase: Sendable {
    let arm: Int
    private let pass: Int
    private let lane: Int
    private let phase: Int
    private let settling: Int
    private let turns: Turns
    /// How long a payment may wait for a slot.
    private let patience: Nanoseconds
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
        plan: EnginePlan, pass: Int, lane: Int, worker: Int, start: Nanoseconds,
        firstNumber: UInt64, isLast: Bool
    ) {
        phase = plan.passes[pass].lanes[lane].phase
        settling = plan.passes[pass].lanes[lane].settling ?? phase
        let description = plan.phases[phase]
        guard case .open(let schedule) = description.model else {
            preconditionFailure("the phase is of the open model")
        }
        arm = description.arm
        patience = plan.arms[arm].totalTimeout
        self.pass = pass
        self.lane = lane
        self.start = start
        self.firstNumber = firstNumber
        skipsWhenFull = plan.extras.skipsWhenFull
        self.isLast = isLast
        self.schedule = schedule
        var length = description.ownLength
        switch plan.passes[pass].design {
        case .alone: turns = .all
        case .duet: turns = .dealt(plan.order(ofPass: pass))
        case .blocks:
            let timetable = plan.timetable(ofPass: pass)
            length = timetable?.end
            turns = timetable.map { .blocks($0) } ?? .all
        }
        sendingEnds = isLast ? length.map { start + $0 } ?? .max : .max
        stream = ArrivalStream(
            schedule, seed: plan.seed(ofPass: pass), length: description.length,
            count: description.payments,
            shard: plan.residue(ofWorker: worker, firstNumber: firstNumber), of: plan.seats)
        pull()
    }

    /// Known once the last arrival was taken, or the pass was cut.
    var end: Nanoseconds { min(cut, ownEnd) }
    private var ownEnd: Nanoseconds {
        guard let end = stream.end else { return .max }
        switch turns {
        case .all, .dealt: return start + end.offset
        case .blocks(let timetable):
            return start + (timetable.end ?? timetable.end(ofRoundWith: end.offset))
        }
    }

    /// Of the mix, over all workers and shards; nil where the pass was cut. A cut that comes when the pass is over
    /// is none, so that it does not matter which workers heard of it in time.
    var positionsUsed: UInt64? {
        guard cut >= ownEnd, let end = stream.end else { return nil }
        switch turns {
        case .all, .blocks: return end.number
        case .dealt(let order): return (end.number + UInt64(order.arms) - 1) / UInt64(order.arms)
        }
    }

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
        if situation.now >= head.intended + patience {
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
        return .wait(until: min(head.intended + patience, sendingEnds))
    }

    mutating func endsNoLater(than instant: Nanoseconds) {
        cut = min(cut, instant)
        if isLast { sendingEnds = min(sendingEnds, instant) }
    }

    private mutating func pull() {
        while let arrival = stream.next() {
            guard let due = payment(of: arrival) else { continue }
            head = due
            return
        }
        head = nil
    }

    /// nil where it is another arm's.
    private func payment(of arrival: ArrivalStream.Arrival) -> DuePayment? {
        var due = DuePayment(
            phase: phase, pass: pass, lane: lane, number: firstNumber + arrival.number,
            position: arrival.number, intended: start + arrival.offset)
        switch turns {
        case .all: break
        case .dealt(let order):
            let (group, place) = arrival.number.quotientAndRemainder(
                dividingBy: UInt64(order.arms))
            guard order.arm(at: Int(place), of: group) == lane else { return nil }
            due.number = firstNumber + group
            due.position = group
        case .blocks(let timetable):
            due.intended = start + timetable.instant(of: arrival.offset, for: lane)
            if timetable.settles(at: arrival.offset) { due.phase = settling }
        }
        return due
    }
}
