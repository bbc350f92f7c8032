import Arrivals
import Curl
import Payments

/// Decides what one worker does next for one flow: its passes, one after another.
struct FlowSequencer: Sendable {
    /// What a phase needs to know beyond itself.
    struct Situation {
        var now: Nanoseconds
        var hasFreeSlot: Bool
        var isStopped: Bool
        /// How long a payment may wait for a slot.
        var patience: Nanoseconds
    }

    /// What a phase says when it has nothing to do.
    enum Step {
        case start(DuePayment)
        case giveUp(DuePayment, hadSlot: Bool)
        case skip(DuePayment)
        case wait(until: Nanoseconds)
        case awaitOthers
    }

    private enum Kind { case open, closed, none }

    private let plan: EnginePlan
    private let worker: Int
    private var passes: Range<Int>
    private(set) var pass: Int
    private(set) var rowBases: RowBases
    /// Of a flow that is over, its last.
    var latestPass: Int { min(pass, passes.upperBound - 1) }
    /// A flow that is over is in none, though `pass` counts on, into those of the next flow.
    func isIn(_ pass: Int) -> Bool { pass == self.pass && passes.contains(pass) }
    private var kind = Kind.none
    // Two fields, not the payload of one enum: users are changed in place, without a copy.
    private var open: OpenPhase?
    private var closed: ClosedPhase?
    private var firstNumber: UInt64
    private var stopInstant: Nanoseconds?
    /// By pass, of those that this worker is not in yet.
    private var earlyEnds: [Int: Nanoseconds] = [:]
    /// The pass in which another worker found a data set used up.
    private var lastPass: Int?
    private(set) var spans: [PassSpan] = []

    init(plan: EnginePlan, flow: Int, worker: Int) {
        self.plan = plan
        self.worker = worker
        passes = plan.flows[flow]
        pass = passes.lowerBound
        // 40 bits for each pass that may count from far beyond, of which there are less than 2¹².
        firstNumber = UInt64(flow) << 52
        rowBases = RowBases(plan: plan)
        begin(pass, at: plan.origin)
    }

    mutating func next(now: Nanoseconds, hasFreeSlot: Bool) -> Sequencer.Step {
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
            if let failure = open?.failure {
                end(at: situation.now)
                return .fail(failure)
            }
            finishPass()
        }
    }

    mutating func answered(_ payment: DuePayment, at now: Nanoseconds) {
        if isIn(payment.pass) { closed?.userIsBack(payment, at: now) }
    }

    mutating func othersAreDone(withPass pass: Int, at instant: Nanoseconds) {
        guard pass == self.pass, kind != .none else { return }
        closed?.endsNoLater(than: instant)
        finishPass()
    }

    /// A worker whose payments still wait for slots may get to the pass later than others.
    mutating func end(pass: Int, at instant: Nanoseconds) {
        guard passes.contains(pass), pass >= self.pass else { return }
        earlyEnds[pass] = min(instant, earlyEnds[pass] ?? .max)
        if pass == self.pass { endEarly() }
    }

    private mutating func endEarly() {
        guard let instant = earlyEnds[pass] else { return }
        open?.endsNoLater(than: instant)
        closed?.endsNoLater(than: instant)
    }

    /// Rows that `payment` needs are used up: this worker has made its last payment of the flow.
    mutating func rowsAreUsedUp(by payment: DuePayment, at now: Nanoseconds) {
        if passes.contains(payment.pass) { end(at: now) }
    }

    /// Another worker is that far: this one goes on while there are rows, but into no further pass.
    mutating func endFlow(with pass: Int, at now: Nanoseconds) {
        guard passes.contains(pass) else { return }
        lastPass = pass
        passes = passes.lowerBound..<max(pass, latestPass) + 1
        if self.pass > pass || closed?.hasNoUsers ?? false { end(at: now) }
    }

    mutating func stop(at now: Nanoseconds) {
        if stopInstant == nil { stopInstant = now }
    }

    /// When stopped, a wait is the end.
    private mutating func settled(_ step: Step, now: Nanoseconds) -> Sequencer.Step {
        switch step {
        case .start(let payment): return .start(payment)
        case .giveUp(let payment, let hadSlot): return .giveUp(payment, hadSlot: hadSlot)
        case .skip(let payment): return .skip(payment)
        case .wait(let instant):
            if stopInstant == nil { return .wait(until: instant) }
        case .awaitOthers:
            if stopInstant == nil, lastPass == nil { return .awaitOthers(pass: pass, until: .max) }
        }
        end(at: now)
        return .over
    }

    private mutating func finishPass() {
        let end = open?.end ?? closed?.end ?? plan.origin
        firstNumber = open?.numberAfter ?? closed?.numberAfter ?? firstNumber
        spans[spans.count - 1].end = end
        if !plan.data.isEmpty {
            rowBases.move(
                past: open.map(\.positionsUsed) ?? closed?.positionsUsed,
                of: plan.passes[pass], plan: plan)
        }
        begin(pass + 1, at: end)
    }

    private mutating func end(at now: Nanoseconds) {
        // A pass that begins when all workers know of it may not have begun.
        if kind != .none, let last = spans.last {
            spans[spans.count - 1].end = max(last.start, now)
        }
        kind = .none
    }

    private mutating func begin(_ next: Int, at start: Nanoseconds) {
        open = nil
        closed = nil
        kind = .none
        pass = next
        guard passes.contains(next) else { return }
        spans.append(PassSpan(pass: next, start: start, end: start))
        switch plan.phases[plan.passes[next]].model {
        case .open:
            kind = .open
            open = OpenPhase(
                plan: plan, pass: next, worker: worker, start: start, firstNumber: firstNumber,
                isLast: next == passes.upperBound - 1)
        case .closed:
            kind = .closed
            closed = ClosedPhase(
                plan: plan, pass: next, worker: worker, start: start, firstNumber: firstNumber)
        }
        endEarly()
    }
}

/// Where the numbers of a pass begin when it is not known how many the one before used.
func farBeyond(_ number: UInt64) -> UInt64 { (number >> 40 + 1) << 40 }
