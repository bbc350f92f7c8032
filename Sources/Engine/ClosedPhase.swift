import Curl
import Designs
import Glibc
import Payments

/// One worker's users of what a pass has for one arm, where each user waits for its answer, thinks, and
/// pays again. Users go round the workers of all shards: number u has seat u modulo the seats.
///
/// Where the pass has blocks, users live in their arm's time: it stands still while other arms play, and
/// so does a user's thought.
struct ClosedPhase: Sendable {
    let arm: Int
    private let pass: Int
    private let lane: Int
    private let phase: Int
    private let settling: Int
    /// nil where the arm's time is that of the pass.
    private let timetable: BlockTimetable?
    /// How long a payment may wait for a slot.
    private let patience: Nanoseconds
    private let firstNumber: UInt64
    private let users: UsersPlan
    private let start: Nanoseconds
    private let length: Nanoseconds?
    private let seat: Int
    private let seats: Int
    private let seed: UInt64
    /// Whether the pass ends when all its payments are made, not only by time.
    private let isCounted: Bool
    /// Of this worker's payments where the pass counts them; else they are dealt out in turn.
    private let block: UInt64?
    /// Payments of the pass over all workers and shards, where they are counted.
    private let total: Int?
    /// In the arm's time: users come no more from then on.
    private var limit: Nanoseconds
    private var cut = Nanoseconds.max
    /// Payments that this worker's users may still begin.
    private var left: Int
    private var begun: UInt64 = 0
    /// Users between their payment and its answer.
    private var busy = 0
    private var waiting: DueQueue
    /// By user: payments begun.
    private var payments: [Int32]

    init(
        plan: EnginePlan, pass: Int, lane: Int, worker: Int, start: Nanoseconds,
        firstNumber: UInt64
    ) {
        phase = plan.passes[pass].lanes[lane].phase
        settling = plan.passes[pass].lanes[lane].settling ?? phase
        let description = plan.phases[phase]
        guard case .closed(let users) = description.model else {
            preconditionFailure("the phase is of the closed model")
        }
        arm = description.arm
        patience = plan.arms[arm].totalTimeout
        timetable = plan.timetable(ofPass: pass)
        self.pass = pass
        self.lane = lane
        self.firstNumber = firstNumber
        self.users = users
        self.start = start
        let (seat, seats) = (plan.seat(ofWorker: worker), plan.seats)
        self.seat = seat
        self.seats = seats
        length = description.length
        seed = plan.seed(ofPass: pass)
        isCounted = description.payments != nil || users.paymentsEach != nil
        total = description.payments
        limit = length.map { start + $0 } ?? .max
        let own = Self.users(of: seat, users: users.most, seats: seats)
        // In proportion to this worker's users, without remainder over all workers of all shards.
        let before = (0..<seat).reduce(0) {
            $0 + Self.users(of: $1, users: users.most, seats: seats)
        }
        let begin = description.payments.map { $0 * before / max(1, users.most) }
        let end = description.payments.map { $0 * (before + own) / max(1, users.most) }
        left = (end ?? .max) - (begin ?? 0)
        block = begin.map(UInt64.init)
        payments = [Int32](repeating: 0, count: own)
        waiting = DueQueue(capacity: own)
        for user in 0..<own { waiting.insert(Int32(user), due: arrival(of: user)) }
    }

    var end: Nanoseconds { min(cut, instant(of: limit)) }

    /// There are more seats than users, and none of these is this one's.
    var hasNoUsers: Bool { payments.isEmpty }

    /// Of the mix, over all workers, at the most; nil where only the others know theirs.
    var positionsUsed: UInt64? { total.map(UInt64.init) }

    /// nil: over.
    mutating func step(_ situation: FlowSequencer.Situation) -> FlowSequencer.Step? {
        guard timetable != nil else { return ownStep(situation) }
        var own = situation
        let (time, plays) = time(at: situation.now)
        // What is due when the arm's time goes on is not due before.
        own.now = plays || situation.now >= end ? time : time - 1
        let step = ownStep(own)
        guard case .wait(let time) = step else { return step }
        return .wait(until: max(min(instant(of: time), cut), situation.now + 1))
    }

    private mutating func ownStep(_ situation: FlowSequencer.Situation) -> FlowSequencer.Step? {
        if left > 0, let next = waiting.first, next.due < limit, next.due <= situation.now {
            return stepOfDueUser(next, situation)
        }
        if situation.now >= limit { return nil }
        if isCounted, left == 0 || waiting.count == 0 {
            return busy == 0 ? .awaitOthers : .wait(until: limit)
        }
        return .wait(until: min(waiting.first?.due ?? .max, limit))
    }

    private mutating func stepOfDueUser(
        _ next: DueQueue.Entry, _ situation: FlowSequencer.Situation
    ) -> FlowSequencer.Step {
        // A user who would get a slot has not begun when sending stops; one who waits for it has.
        if situation.isStopped, situation.hasFreeSlot { return .wait(until: limit) }
        if situation.isStopped || (situation.now >= limit && !situation.hasFreeSlot) {
            return .skip(take(next))
        }
        if situation.now >= next.due + patience {
            let payment = take(next)
            userIsBack(payment, due: next.due, at: situation.now)
            return .giveUp(payment, hadSlot: situation.hasFreeSlot)
        }
        if situation.hasFreeSlot { return .start(take(next)) }
        return .wait(until: min(next.due + patience, limit))
    }

    mutating func userIsBack(_ payment: DuePayment, at now: Nanoseconds) {
        userIsBack(payment, due: time(at: payment.intended).time, at: time(at: now).time)
    }

    /// All in the arm's time.
    private mutating func userIsBack(
        _ payment: DuePayment, due last: Nanoseconds, at now: Nanoseconds
    ) {
        busy -= 1
        let user = Int(payment.user)
        if let most = users.paymentsEach, payments[user] >= most { return }
        let due = max(now + thinkTime(of: user), last + users.pace)
        if due < departure(of: user) { waiting.insert(payment.user, due: due) }
    }

    mutating func endsNoLater(than instant: Nanoseconds) {
        cut = min(cut, instant)
        limit = min(limit, time(at: instant).time)
    }

    private mutating func take(_ next: DueQueue.Entry) -> DuePayment {
        // Dealt out in turn, numbers are dense while workers are equally fast; the mix then is exact
        // within each of them, and over all where payments are counted.
        let number = block.map { $0 + begun } ?? begun * UInt64(seats) + UInt64(seat)
        let settles = timetable?.settles(at: next.due - start) ?? false
        let payment = DuePayment(
            phase: settles ? settling : phase, pass: pass, lane: lane,
            number: firstNumber + number, position: (block ?? 0) + begun, user: next.index,
            intended: instant(of: next.due))
        waiting.removeFirst()
        payments[Int(next.index)] += 1
        busy += 1
        begun += 1
        left -= 1
        return payment
    }

    static func users(of seat: Int, users: Int, seats: Int) -> Int {
        (users - seat + seats - 1) / seats
    }
}

extension ClosedPhase {
    /// In the arm's time.
    private func time(at instant: Nanoseconds) -> (time: Nanoseconds, plays: Bool) {
        guard let timetable else { return (instant, true) }
        let (time, plays) = timetable.time(at: instant - start, for: lane)
        return (start + time, plays)
    }

    /// Of the arm's time.
    private func instant(of time: Nanoseconds) -> Nanoseconds {
        guard let timetable, time < .max else { return time }
        return start + timetable.instant(of: time - start, for: lane)
    }

    /// The user's number over all workers.
    private func number(of user: Int) -> Int { user * seats + seat }

    /// When a user comes. Users that come in the course of the phase, or leave, do so when the straight
    /// line from first to last number passes them half.
    private func arrival(of user: Int) -> Nanoseconds {
        let number = number(of: user)
        guard number >= users.from, let length else { return start }
        let part = (Double(number - users.from) + 0.5) / Double(users.to - users.from)
        return start + Nanoseconds(Double(length) * part)
    }

    /// From when on a user pays no more.
    private func departure(of user: Int) -> Nanoseconds {
        let number = number(of: user)
        guard number >= users.to, let length else { return .max }
        let part = (Double(users.from - number) - 0.5) / Double(users.from - users.to)
        return start + Nanoseconds(Double(length) * part)
    }

    /// Drawn by the user's number and how often it has paid, so that nothing else can change it.
    private func thinkTime(of user: Int) -> Nanoseconds {
        switch users.thinkTime {
        case .constant(let time): return time
        case .uniform(let low, let high):
            return low + Nanoseconds(Double(high - low) * (1 - draw(user)))
        case .exponential(let mean): return Nanoseconds(-log(draw(user)) * Double(mean))
        }
    }

    /// Even in (0, 1].
    private func draw(_ user: Int) -> Double {
        let key = UInt64(number(of: user)) << 32 | UInt64(payments[user])
        let bits = Mix.scramble(Mix.scramble(seed ^ 0x5851_F42D_4C95_7F2D) ^ key)
        return (Double(bits >> 11) + 1) * 0x1p-53
    }
}
