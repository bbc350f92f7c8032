import Curl
import Synchronization

/// Why sending stops before the plan is done.
package enum StopReason: UInt8, Sendable {
    case interrupt = 1
    case terminate
    case paymentsLimit
    case durationLimit
}

/// What the workers of a run share: the wish to stop, phases that end together, the payments that
/// guard rails still allow. Nothing here is locked for a request.
package final class RunControl: Sendable {
    private let reason = Atomic<UInt8>(0)
    private let signalCount = Atomic<Int>(0)
    private let allowance: Atomic<Int>
    private let gates: [PhaseGate]

    package init(plan: EnginePlan) {
        allowance = Atomic(plan.mostPayments ?? .max)
        gates = plan.phases.map { _ in PhaseGate(workers: plan.workers) }
    }

    package var stopReason: StopReason? { StopReason(rawValue: reason.load(ordering: .relaxed)) }

    /// How many signals came: the first leaves a drain, the second none.
    var signals: Int { signalCount.load(ordering: .relaxed) }

    /// The first reason stands.
    package func stop(_ wish: StopReason) {
        switch wish {
        case .interrupt, .terminate: signalCount.wrappingAdd(1, ordering: .relaxed)
        case .paymentsLimit, .durationLimit: break
        }
        _ = reason.compareExchange(
            expected: 0, desired: wish.rawValue, ordering: .sequentiallyConsistent)
    }

    /// Whether guard rails allow one more payment; the first one too many stops the run.
    func takeAllowance() -> Bool {
        if allowance.wrappingSubtract(1, ordering: .relaxed).oldValue > 0 { return true }
        stop(.paymentsLimit)
        return false
    }

    func gate(of phase: Int) -> PhaseGate { gates[phase] }
}

/// Where the workers meet at the end of a phase that ends by count.
final class PhaseGate: Sendable {
    /// Between the last worker's word and the next phase: time for the others to hear of it.
    private static let notice: Nanoseconds = 5_000_000

    private struct State {
        var arrived: Set<Int> = []
        var latest: Nanoseconds = 0
    }

    private let workers: Int
    private let state = Mutex(State())

    init(workers: Int) { self.workers = workers }

    /// Says that `worker` is done; returns when the next phase begins once all are.
    func arrive(worker: Int, at now: Nanoseconds) -> Nanoseconds? {
        state.withLock { state in
            if state.arrived.insert(worker).inserted { state.latest = max(state.latest, now) }
            return state.arrived.count == workers ? state.latest + Self.notice : nil
        }
    }
}

/// Where a worker leaves its tally for whoever gathers them: an exchange of storage, never a copy.
package final class Mailbox: Sendable {
    private struct State {
        var posted: Tally?
        var spare: Tally?
    }

    private let state = Mutex(State())

    package init() {}

    /// Leaves `tally` and takes an empty one in its place; false where the last one is still there.
    func post(_ tally: inout Tally, plan: EnginePlan) -> Bool {
        state.withLock { state in
            guard state.posted == nil else { return false }
            var empty = state.spare.take() ?? Tally(plan: plan)
            empty.adoptCodes(of: tally)
            swap(&empty, &tally)
            state.posted = empty
            return true
        }
    }

    /// The tally that was left, if one was; to be given back with `recycle`.
    package func collect() -> Tally? { state.withLock { $0.posted.take() } }

    package func recycle(_ tally: consuming Tally) {
        var empty = tally
        empty.removeCounts()
        state.withLock { [empty] in $0.spare = empty }
    }
}
