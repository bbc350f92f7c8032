import Arrivals
import Curl
import Payments

/// One payment that is to be made.
package struct DuePayment: Sendable, Equatable {
    package var phase: Int
    package var pass: Int
    /// Unique for its arm over all workers, passes and flows; other arms' payments with the same number are
    /// the same but for their ids.
    package var number: UInt64
    /// Where it stands in the phase's mix.
    package var position: UInt64
    /// Who makes it, of this worker's users; 0 in the open model.
    package var user: Int32
    /// Whose part of the pass it is from.
    package var lane: Int32
    package var intended: Nanoseconds

    package init(
        phase: Int, pass: Int, lane: Int = 0, number: UInt64, position: UInt64, user: Int32 = 0,
        intended: Nanoseconds
    ) {
        self.phase = phase
        self.pass = pass
        self.lane = Int32(lane)
        self.number = number
        self.position = position
        self.user = user
        self.intended = intended
    }
}

/// When a pass began and when it ended, or sending stopped within it.
package struct PassSpan: Sendable, Equatable {
    package var pass: Int
    package var start: Nanoseconds
    package var end: Nanoseconds
}

/// Decides what one worker does next. A pure value: it knows the time only from what it is told.
package struct Sequencer: Sendable {
    package enum Step: Sendable, Equatable {
        case start(DuePayment)
        /// It is older than a payment may get: it waited for a slot, or we were that late with one free.
        case giveUp(DuePayment, hadSlot: Bool)
        /// Its phase, or all sending, ended before it got a slot; or there was none, and it may not wait.
        case skip(DuePayment)
        /// Nothing is due before this instant.
        case wait(until: Nanoseconds)
        /// This worker's part of a pass that ends by count is done; it ends when the others' are. Other
        /// flows have nothing to do before `until`.
        case awaitOthers(pass: Int, until: Nanoseconds)
        /// Recorded arrivals ended before their time; their flow is over for this worker.
        case fail(LostArrivals)
        /// Nothing will be sent any more.
        case over
    }

    private var flows: [FlowSequencer]
    /// The flow that is asked first: the one behind that which did something last.
    private var first = 0

    package init(plan: EnginePlan, worker: Int) {
        flows = plan.flows.indices.map { FlowSequencer(plan: plan, flow: $0, worker: worker) }
    }

    package var spans: [PassSpan] { flows.flatMap(\.spans) }

    /// The pass that each flow is in, which ends when it does; a flow that is over stays in its last.
    var passes: [PassSpan] { flows.compactMap(\.spans.last) }

    /// Rows of each data set that its arm took before the pass that this payment is of; it is the current
    /// one of its flow.
    func rowBases(for payment: DuePayment) -> [UInt64] {
        flows.first { $0.isIn(payment.pass) }?.rowBases(for: payment) ?? []
    }

    /// What to do at `now`; ask again after having done it.
    ///
    /// - Parameter free: the arms that have a free slot.
    package mutating func next(now: Nanoseconds, free: ArmSet) -> Step {
        var wake = Nanoseconds.max
        var awaited: Int?
        var isOver = true
        for place in flows.indices {
            let flow = (first + place) % flows.count
            let step = flows[flow].next(now: now, free: free)
            switch step {
            case .start, .giveUp, .skip, .fail:
                first = flow + 1
                return step
            case .wait(let instant): wake = min(wake, instant)
            case .awaitOthers(let pass, _): awaited = awaited ?? pass
            case .over: continue
            }
            isOver = false
        }
        if let awaited {
            first += 1
            return .awaitOthers(pass: awaited, until: wake)
        }
        return isOver ? .over : .wait(until: wake)
    }

    /// A payment was answered; in the closed model its user thinks, then pays again.
    package mutating func answered(_ payment: DuePayment, at now: Nanoseconds) {
        for flow in flows.indices { flows[flow].answered(payment, at: now) }
    }

    /// All workers are done with `pass`, which ends by count; the next one begins at `instant`.
    package mutating func othersAreDone(withPass pass: Int, at instant: Nanoseconds) {
        for flow in flows.indices { flows[flow].othersAreDone(withPass: pass, at: instant) }
    }

    /// The pass ends at `instant` though its plan says otherwise; told to all workers before that.
    package mutating func end(pass: Int, at instant: Nanoseconds) {
        for flow in flows.indices { flows[flow].end(pass: pass, at: instant) }
    }

    /// A data set has no row for `payment`: this worker is done with its flow.
    package mutating func rowsAreUsedUp(by payment: DuePayment, at now: Nanoseconds) {
        for flow in flows.indices { flows[flow].rowsAreUsedUp(by: payment, at: now) }
    }

    /// Another worker found that in `pass`: no other one follows it in its flow.
    package mutating func endFlow(with pass: Int, at now: Nanoseconds) {
        for flow in flows.indices { flows[flow].endFlow(with: pass, at: now) }
    }

    /// Nothing is sent any more; what is due by now and has no slot is skipped.
    package mutating func stop(at now: Nanoseconds) {
        for flow in flows.indices { flows[flow].stop(at: now) }
    }
}
