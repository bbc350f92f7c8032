import Arrivals
import Curl
import Payments

/// One payment that is to be made.
package struct DuePayment: Sendable, Equatable {
    package var phase: Int
    /// Unique over all workers and phases.
    package var number: UInt64
    package var intended: Nanoseconds
}

/// When a phase began and when it ended, or sending stopped within it.
package struct PhaseSpan: Sendable, Equatable {
    package var start: Nanoseconds
    package var end: Nanoseconds
}

/// Decides what one worker does next. A pure value: it knows the time only from what it is told.
package struct Sequencer: Sendable {
    package enum Step: Sendable, Equatable {
        case start(DuePayment)
        /// It is older than a payment may get: it waited for a slot, or we were that late with one free.
        case giveUp(DuePayment, hadSlot: Bool)
        /// Its phase, or all sending, ended before it got a slot.
        case skip(DuePayment)
        /// Nothing is due before this instant.
        case wait(until: Nanoseconds)
        /// This worker's part of a phase that ends by count is done; it ends when the others' are.
        case awaitOthers(phase: Int)
        /// Nothing will be sent any more.
        case over
    }

    /// What a phase needs to know beyond itself.
    struct Situation {
        var now: Nanoseconds
        var hasFreeSlot: Bool
        var isStopped: Bool
        /// How long a payment may wait for a slot.
        var patience: Nanoseconds
    }

    private enum Kind { case open, closed, none }

    private let plan: EnginePlan
    private let worker: Int
    private var phase = -1
    private var kind = Kind.none
    // Two fields, not the payload of one enum: users are changed in place, without a copy.
    private var open: OpenPhase?
    private var closed: ClosedPhase?
    private var firstNumber: UInt64 = 0
    private var stopInstant: Nanoseconds?
    package private(set) var spans: [PhaseSpan] = []

    package init(plan: EnginePlan, worker: Int) {
        self.plan = plan
        self.worker = worker
        begin(0, at: plan.origin)
    }

    /// What to do at `now`; ask again after having done it.
    package mutating func next(now: Nanoseconds, hasFreeSlot: Bool) -> Step {
        let situation = Situation(
            now: min(now, stopInstant ?? .max), hasFreeSlot: hasFreeSlot,
            isStopped: stopInstant != nil, patience: plan.totalTimeout)
        while true {
            let step: Step?
            switch kind {
            case .open: step = open?.step(situation)
            case .closed: step = closed?.step(situation)
            case .none: return .over
            }
            if let step { return settled(step, now: situation.now) }
            finishPhase()
        }
    }

    /// A payment of the closed model was answered; its user thinks, then pays again.
    package mutating func answered(phase: Int, at now: Nanoseconds) {
        if phase == self.phase { closed?.userIsBack(at: now) }
    }

    /// All workers are done with the phase that ends by count; the next one begins at `instant`.
    package mutating func othersAreDone(at instant: Nanoseconds) {
        closed?.endsNoLater(than: instant)
        finishPhase()
    }

    /// Nothing is sent any more; what is due by now and has no slot is skipped.
    package mutating func stop(at now: Nanoseconds) {
        if stopInstant == nil { stopInstant = now }
    }

    /// When stopped, a wait is the end.
    private mutating func settled(_ step: Step, now: Nanoseconds) -> Step {
        guard stopInstant != nil else { return step }
        switch step {
        case .start, .giveUp, .skip: return step
        case .wait, .awaitOthers, .over:
            end(at: now)
            return .over
        }
    }

    private mutating func finishPhase() {
        let end = open?.end ?? closed?.end ?? plan.origin
        firstNumber = open?.numberAfter ?? closed?.numberAfter ?? firstNumber
        spans[phase].end = end
        begin(phase + 1, at: end)
    }

    private mutating func end(at now: Nanoseconds) {
        if spans.indices.contains(phase) { spans[phase].end = now }
        kind = .none
    }

    private mutating func begin(_ next: Int, at start: Nanoseconds) {
        open = nil
        closed = nil
        kind = .none
        phase = next
        guard plan.phases.indices.contains(next) else { return }
        spans.append(PhaseSpan(start: start, end: start))
        let isLast = next == plan.phases.count - 1
        switch plan.phases[next].model {
        case .open:
            kind = .open
            open = OpenPhase(
                plan: plan, phase: next, worker: worker, start: start, firstNumber: firstNumber,
                isLast: isLast)
        case .closed:
            kind = .closed
            closed = ClosedPhase(
                plan: plan, phase: next, worker: worker, start: start, firstNumber: firstNumber)
        }
    }
}
