import Arrivals
import Curl
import Payments

/// Decides what one worker does next for one flow: its passes, one after another.
struct FlowSequencer: Sendable {
    /// What a phase needs to know beyond itself.
    struct Situation {
        var now: Nanoseconds
        /// Its arm has one.
        var hasFreeSlot: Bool
        var isStopped: Bool
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

    /// How far an arm is.
    private struct Progress {
        var firstNumber: UInt64
        var rowBases: RowBases
    }

    private let plan: EnginePlan
    private let worker: Int
    private var passes: Range<Int>
    private(set) var pass: Int
    /// By arm.
    private var progress: [Progress]
    /// Of a flow that is over, its last.
    var latestPass: Int { min(pass, passes.upperBound - 1) }
    /// A flow that is over is in none, though `pass` counts on, into those of the next flow.
    func isIn(_ pass: Int) -> Bool { pass == self.pass && passes.contains(pass) }
    private var kind = Kind.none
    // By lane; one of them is empty. Two fields, not the payload of one enum: users are changed in place,
    // without a copy.
    private var open: [OpenPhase] = []
    private var closed: [ClosedPhase] = []
    /// The lane that is asked first: the one behind that which did something last.
    private var firstLane = 0
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
        progress = plan.arms.map { _ in
            Progress(firstNumber: UInt64(flow) << 52, rowBases: RowBases(plan: plan))
        }
        begin(pass, at: plan.origin)
    }

    func rowBases(for payment: DuePayment) -> [UInt64] {
        progress[plan.arm(of: payment)].rowBases.draws
    }

    mutating func next(now: Nanoseconds, free: ArmSet) -> Sequencer.Step {
        let now = min(now, stopInstant ?? .max)
        while kind != .none {
            if let step = stepOfLanes(now, free) { return settled(step, now: now) }
            if let failure = open.lazy.compactMap(\.failure).first {
                end(at: now)
                return .fail(failure)
            }
            finishPass()
        }
        return .over
    }

    /// nil: all lanes are over.
    private mutating func stepOfLanes(_ now: Nanoseconds, _ free: ArmSet) -> Step? {
        var wake: Nanoseconds?
        var isAwaiting = false
        let count = max(open.count, closed.count)
        for turn in 0..<count {
            var lane = firstLane + turn
            if lane >= count { lane -= count }
            switch step(of: lane, now, free) {
            case .start(let payment):
                firstLane = lane + 1 < count ? lane + 1 : 0
                return .start(payment)
            case .giveUp(let payment, let hadSlot): return .giveUp(payment, hadSlot: hadSlot)
            case .skip(let payment): return .skip(payment)
            case .wait(let instant): wake = min(wake ?? .max, instant)
            case .awaitOthers: isAwaiting = true
            case nil: continue
            }
        }
        return wake.map { .wait(until: $0) } ?? (isAwaiting ? .awaitOthers : nil)
    }

    private mutating func step(of lane: Int, _ now: Nanoseconds, _ free: ArmSet) -> Step? {
        var situation = Situation(
            now: now, hasFreeSlot: false, isStopped: stopInstant != nil)
        switch kind {
        case .open:
            situation.hasFreeSlot = free.contains(open[lane].arm)
            return open[lane].step(situation)
        case .closed:
            situation.hasFreeSlot = free.contains(closed[lane].arm)
            return closed[lane].step(situation)
        case .none: return nil
        }
    }

    mutating func answered(_ payment: DuePayment, at now: Nanoseconds) {
        guard isIn(payment.pass), !closed.isEmpty else { return }
        closed[Int(payment.lane)].userIsBack(payment, at: now)
    }

    mutating func othersAreDone(withPass pass: Int, at instant: Nanoseconds) {
        guard pass == self.pass, kind != .none else { return }
        for lane in closed.indices { closed[lane].endsNoLater(than: instant) }
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
        for lane in open.indices { open[lane].endsNoLater(than: instant) }
        for lane in closed.indices { closed[lane].endsNoLater(than: instant) }
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
        if self.pass > pass || closed.first?.hasNoUsers ?? false { end(at: now) }
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
        let end = open.first?.end ?? closed.first?.end ?? plan.origin
        spans[spans.count - 1].end = end
        let numbers = open.first.flatMap(\.positionsUsed)
        let used = open.isEmpty ? closed.first?.positionsUsed : numbers
        let own = plan.phase(ofPass: pass)
        for arm in progress.indices {
            // What one arm plays without the others, and they don't play later, is as good as played by
            // all: afterwards all are at the same place again.
            let phase = plan.passes[pass].lanes.first { plan.phases[$0.phase].arm == arm }?.phase
            if phase == nil, plan.passes[pass].siblings != nil { continue }
            let first = progress[arm].firstNumber
            progress[arm].firstNumber = numbers.map { first + $0 } ?? farBeyond(first)
            progress[arm].rowBases.move(past: used, of: phase ?? own, plan: plan)
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
        open.removeAll(keepingCapacity: true)
        closed.removeAll(keepingCapacity: true)
        firstLane = 0
        kind = .none
        pass = next
        guard passes.contains(next) else { return }
        spans.append(PassSpan(pass: next, start: start, end: start))
        for lane in plan.passes[next].lanes.indices {
            let phase = plan.phases[plan.passes[next].lanes[lane].phase]
            let firstNumber = progress[phase.arm].firstNumber
            switch phase.model {
            case .open:
                kind = .open
                open.append(
                    OpenPhase(
                        plan: plan, pass: next, lane: lane, worker: worker, start: start,
                        firstNumber: firstNumber, isLast: next == passes.upperBound - 1))
            case .closed:
                kind = .closed
                closed.append(
                    ClosedPhase(
                        plan: plan, pass: next, lane: lane, worker: worker, start: start,
                        firstNumber: firstNumber))
            }
        }
        endEarly()
    }
}

/// Where the numbers of a pass begin when it is not known how many the one before used.
func farBeyond(_ number: UInt64) -> UInt64 { (number >> 40 + 1) << 40 }
