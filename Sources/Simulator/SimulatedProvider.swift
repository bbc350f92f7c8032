import Glibc
import NIOCore
import Providers
import Synchronization

/// One provider with its script, its state and its ledger: what all connections to it share.
final class SimulatedProvider: Sendable {
    /// What a payment comes to on arrival.
    enum Admission: Sendable {
        case refused(Refusal)
        /// A repeat whose answer is known.
        case kept(ProviderScript.Ending)
        case course(Course)
    }

    let provider: Provider
    let service: PaymentService
    let ledger: Ledger
    private let seed: UInt64
    /// Loops that a stall stops; none for an adapter, which shares them with others.
    private let loops: (any EventLoopGroup)?
    private let state: Mutex<ProviderState>
    private let hasStallTasks = Atomic(false)
    private let stopping = Atomic(false)
    private let saidFull = Atomic(false)
    private let say: @Sendable (String) -> Void

    init(
        _ provider: Provider, sessions: Sessions, seed: UInt64, loops: (any EventLoopGroup)?,
        keepsTimes: Bool,
        say: @escaping @Sendable (String) -> Void
    ) {
        self.provider = provider
        self.seed = seed
        self.loops = loops
        self.say = say
        service = PaymentService(provider, sessions)
        ledger = Ledger(provider, keepsTimes: keepsTimes)
        state = Mutex(ProviderState(provider, seed: seed))
    }

    /// What a payment that arrived at `arrival` comes to; a course has to be brought to `conclude`.
    func admit(_ id: PaymentID, at arrival: NIODeadline) -> Admission {
        guard ledger.arrived(id, at: arrival) else {
            sayFull()
            return .refused(.full)
        }
        guard state.withLock({ $0.passes(at: arrival) }) else {
            ledger.limited()
            return .refused(.limited)
        }
        startStall(at: arrival)
        switch ledger.admit(id, under: provider.repeats) {
        case .new: return .course(state.withLock { $0.course(at: arrival) })
        case .conflict: return finished(.refused(.conflict))
        case .duplicate: return finished(.refused(.duplicate))
        case .kept(let ending): return finished(.kept(ending))
        }
    }

    /// The provider is done with a payment: books it if its course says so.
    /// - Returns: what goes over the wire, decided by course, fault and repeats.
    func conclude(_ id: PaymentID, _ course: Course) -> Conclusion {
        state.withLock { $0.finished() }
        let effect = course.fault.map { provider.faults[$0].effect }
        let conclusion = Conclusion(course.ending, effect, answers: provider.answers)
        let kept = ledger.conclude(
            id, books: conclusion.books, keeps: conclusion.keeps, under: provider.repeats,
            fault: course.fault)
        guard let kept else { return conclusion }
        return Conclusion(kept, nil, answers: provider.answers)
    }

    /// Until when something that is due now has to wait; nil: it need not.
    func heldUntil(_ now: NIODeadline) -> NIODeadline? {
        guard hasStalls else { return nil }
        // A stall by hand has no end yet: it is looked at again soon.
        return state.withLock { $0.switches.stallEnd(at: now) }
            .map { $0 == .distantFuture ? now + .milliseconds(10) : $0 }
    }

    /// How long a connection may be idle by a fault that is on.
    func idleLimit(at instant: NIODeadline) -> TimeAmount? {
        state.withLock { $0.switches.idleLimit(at: instant) }
    }

    /// Whether a payment is with the provider.
    var isBusy: Bool { state.withLock { $0.inFlight > 0 } }

    func refusesConnections(at instant: NIODeadline) -> Bool {
        state.withLock { $0.switches.refuses(at: instant) }
    }

    /// False: there is no fault of this name.
    func turn(_ fault: String, on isOn: Bool) -> Bool {
        state.withLock { $0.switches.turn(fault, on: isOn) }
    }

    /// Begins from the start: payment 1, no entries, the windows of faults not begun.
    func reset() {
        let fresh = ProviderState(provider, seed: seed)
        state.withLock { $0.restart(as: fresh) }
        ledger.reset()
        hasStallTasks.store(false, ordering: .relaxed)
        saidFull.store(false, ordering: .relaxed)
    }

    /// Ends a stall that is going on; false if that has been asked for before.
    func stop() -> Bool { !stopping.exchange(true, ordering: .relaxed) }

    /// Bytes of a body above which it is refused.
    var bodyLimit: Int { provider.service.bodyLimit }

    private var hasStalls: Bool { provider.faults.contains { $0.effect == .stall } }

    private func finished(_ admission: Admission) -> Admission {
        state.withLock { $0.finished() }
        return admission
    }

    private func sayFull() {
        guard !saidFull.exchange(true, ordering: .relaxed) else { return }
        say(
            "paybench: the ledger of \(provider.name) is full at \(provider.ledgerEntries) "
                + "payment ids; new ones are refused with 503 LedgerFull")
    }
}

/// The stall of the whole service.
extension SimulatedProvider {
    /// The first payment fixes when every loop stops.
    private func startStall(at arrival: NIODeadline) {
        guard let stall = provider.stall, let loops,
            !hasStallTasks.exchange(true, ordering: .relaxed)
        else { return }
        let window = StallWindow(stall, firstPayment: arrival)
        for loop in loops.makeIterator() {
            loop.scheduleTask(deadline: window.start) { self.standStill(until: window.end) }
        }
    }

    /// Blocks the event loop that runs it: nothing is read, nothing falls due, nothing is written.
    private func standStill(until end: NIODeadline) {
        while !stopping.load(ordering: .relaxed) {
            let left = (end - .now()).nanoseconds
            guard left > 0 else { return }
            var pause = timespec(tv_sec: 0, tv_nsec: Int(min(left, 20_000_000)))
            nanosleep(&pause, nil)
        }
    }
}
