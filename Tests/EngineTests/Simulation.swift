import Curl
import Payments

@testable import Engine

/// All workers of a plan on a clock that jumps from one event to the next: sequencers, slots and the
/// gates as in a run, and a target that takes as long as it is told to.
struct Simulation {
    enum End: Equatable { case started, gaveUp, skipped }

    struct Event {
        var worker: Int
        var payment: DuePayment
        var at: Nanoseconds
        var end: End
    }

    /// A pass that ends early, of which workers hear 40 ms before, as in a run.
    struct EarlyEnd {
        static let notice = 40 * millisecond

        var pass: Int
        var at: Nanoseconds
        var told: Nanoseconds { at - Self.notice }
    }

    private struct Flight {
        var worker: Int
        var payment: DuePayment
        var ends: Nanoseconds
    }

    private(set) var events: [Event] = []
    /// The most payments of each phase that were under way at one time.
    private(set) var mostInFlight: [Int]
    private(set) var sequencers: [Sequencer]
    /// Whether a sequencer asked to be woken at an instant that had passed.
    private(set) var waitedForThePast = false
    /// Whether every worker came to its end.
    private(set) var isOver = false
    private let plan: EnginePlan
    private let slots: Int
    private let stop: Nanoseconds?
    private let ends: [EarlyEnd]
    private let service: (DuePayment) -> Nanoseconds
    private let gates: [PassGate]
    private var flights: [Flight] = []

    /// Runs to the end.
    ///
    /// - Parameters:
    ///   - slots: of each worker, for each arm.
    ///   - stop: when sending is stopped, if it is.
    ///   - ends: passes that end early.
    ///   - service: how long the target takes for a payment.
    init(
        _ plan: EnginePlan, slots: Int = .max, stop: Nanoseconds? = nil, ends: [EarlyEnd] = [],
        service: @escaping (DuePayment) -> Nanoseconds = { _ in millisecond }
    ) {
        self.plan = plan
        self.slots = slots
        self.stop = stop
        self.ends = ends
        self.service = service
        sequencers = (0..<plan.workers).map { Sequencer(plan: plan, worker: $0) }
        gates = plan.passes.map { _ in PassGate(workers: plan.workers) }
        mostInFlight = [Int](repeating: 0, count: plan.phases.count)
        isOver = run()
    }

    /// False where the end does not come.
    private mutating func run() -> Bool {
        var now = plan.origin - 1
        var untold = ends
        for _ in 0..<1_000_000 {
            land(now)
            if let stop, now >= stop {
                for worker in sequencers.indices { sequencers[worker].stop(at: stop) }
            }
            for end in untold where now >= end.told {
                for worker in sequencers.indices {
                    sequencers[worker].end(pass: end.pass, at: end.at)
                }
            }
            // As in a run, nobody is told twice.
            untold.removeAll { now >= $0.told }
            var wake = untold.map(\.told).min() ?? .max
            var areAllOver = true
            for worker in sequencers.indices {
                guard let wish = turn(of: worker, now) else { continue }
                areAllOver = false
                if wish <= now { waitedForThePast = true }
                wake = min(wake, max(wish, now + 1))
            }
            if areAllOver { return true }
            if let stop, stop > now { wake = min(wake, stop) }
            now = min(wake, flights.map(\.ends).min() ?? .max)
        }
        return false
    }

    /// Takes what the target answered by `now`.
    private mutating func land(_ now: Nanoseconds) {
        let landed = flights.filter { $0.ends <= now }.sorted { $0.ends < $1.ends }
        flights.removeAll { $0.ends <= now }
        for flight in landed {
            sequencers[flight.worker].answered(flight.payment, at: flight.ends)
        }
    }

    /// When `worker` wants to be woken; nil when it is over.
    private mutating func turn(of worker: Int, _ now: Nanoseconds) -> Nanoseconds? {
        while true {
            switch sequencers[worker].next(now: now, free: freeArms(of: worker)) {
            case .start(let payment):
                note(worker, payment, now, .started)
                flights.append(
                    Flight(
                        worker: worker, payment: payment, ends: now + service(payment)))
                let together = flights.count { $0.payment.phase == payment.phase }
                mostInFlight[payment.phase] = max(mostInFlight[payment.phase], together)
            case .giveUp(let payment, _): note(worker, payment, now, .gaveUp)
            case .skip(let payment): note(worker, payment, now, .skipped)
            case .fail: return nil
            case .wait(let instant): return instant
            case .awaitOthers(let pass, let wake):
                guard let end = gates[pass].arrive(worker: worker, at: now) else {
                    return min(wake, now + millisecond)
                }
                sequencers[worker].othersAreDone(withPass: pass, at: end)
            case .over: return nil
            }
        }
    }

    private func freeArms(of worker: Int) -> ArmSet {
        var free = ArmSet()
        for arm in plan.arms.indices {
            let inFlight = flights.count {
                $0.worker == worker && plan.arm(of: $0.payment) == arm
            }
            free.set(arm, inFlight < slots)
        }
        return free
    }

    private mutating func note(
        _ worker: Int, _ payment: DuePayment, _ now: Nanoseconds, _ end: End
    ) {
        events.append(Event(worker: worker, payment: payment, at: now, end: end))
    }

    func count(_ end: End, phase: Int? = nil) -> Int {
        events.count { $0.end == end && (phase == nil || $0.payment.phase == phase) }
    }
}
