import Curl
import Dispatch
import Synchronization

/// Why sending stops before the plan is done.
package enum StopReason: UInt8, Sendable {
    case interrupt = 1
    case terminate
    case paymentsLimit
    case durationLimit
    /// A condition of `limits.stop_if` held.
    case condition
    /// A file of recorded arrivals could not be read to its end.
    case arrivalsLost
    /// There is nothing left to find out.
    case judged
}

/// What the workers of a run share: when it begins, the wish to stop, passes that end together or early,
/// the payments that guard rails still allow. Nothing here is locked for a request.
package final class RunControl: Sendable {
    /// Between the word that a pass ends early and its end: time for every worker to hear of it.
    static let notice: Nanoseconds = 40_000_000

    private let reason = Atomic<UInt8>(0)
    private let signalCount = Atomic<Int>(0)
    private let allowance: Atomic<Int>
    private let gates: [PassGate]
    /// How much was made known; workers look at `news` when it changes.
    private let newsCount = Atomic<Int>(0)
    private let news = Mutex<[News]>([])
    private let loss = Mutex<LostArrivals?>(nil)

    /// What all workers have to hear of.
    enum News: Sendable, Equatable {
        /// The pass ends then.
        case end(pass: Int, at: Nanoseconds)
        /// Its flow has no other one behind it: a data set is used up.
        case last(pass: Int)
    }

    /// Each worker leaves it when it is ready, or cannot be.
    private let preparing = DispatchGroup()
    private let starting = DispatchSemaphore(value: 0)
    private let workers: Int
    private let start = Mutex<Start>(Start())
    /// The pass that each flow is in, as far as workers told.
    private let passes: Mutex<[PassSpan]>

    private struct Start {
        var failure: Station.Failure?
        var notices: [String] = []
        var plan: EnginePlan?
    }

    package init(plan: EnginePlan) {
        workers = plan.workers
        passes = Mutex(
            plan.flows.map {
                PassSpan(pass: $0.lowerBound, start: plan.origin, end: plan.origin)
            })
        for _ in 0..<plan.workers { preparing.enter() }
        allowance = Atomic(plan.mostPayments ?? .max)
        gates = plan.passes.map { _ in PassGate(workers: plan.workers) }
    }

    package var stopReason: StopReason? { StopReason(rawValue: reason.load(ordering: .relaxed)) }

    /// How many signals came: the first leaves a drain, the second none.
    var signals: Int { signalCount.load(ordering: .relaxed) }

    /// The first reason stands.
    package func stop(_ wish: StopReason) {
        switch wish {
        case .interrupt, .terminate: signalCount.wrappingAdd(1, ordering: .relaxed)
        case .paymentsLimit, .durationLimit, .condition, .arrivalsLost, .judged: break
        }
        _ = reason.compareExchange(
            expected: 0, desired: wish.rawValue, ordering: .sequentiallyConsistent)
    }

    /// The pass that each flow is in, and when it began: the furthest that a worker told of, a quarter of
    /// a second ago at most. Before workers know when they begin, that is not known either.
    package var currentPasses: [PassSpan] { passes.withLock { $0 } }

    func note(passes current: [PassSpan]) {
        passes.withLock { passes in
            for (flow, span) in current.enumerated() where span.pass >= passes[flow].pass {
                passes[flow] = span
            }
        }
    }

    /// Ends a pass a moment after `now`, for all workers at the same instant.
    package func end(pass: Int, now: Nanoseconds) { end(pass: pass, at: now + Self.notice) }

    /// The same at the end of the round that is under way a moment after `now`, so that every arm has had
    /// its block; where there are no rounds, at once.
    ///
    /// - Parameter span: what the pass is in now.
    package func endRound(of span: PassSpan, now: Nanoseconds, plan: EnginePlan) {
        let soon = now + Self.notice
        let timetable = plan.timetable(ofPass: span.pass)
        let end = timetable.map { span.start + $0.endOfRound(at: soon - span.start) }
        self.end(pass: span.pass, at: end ?? soon)
    }

    private func end(pass: Int, at instant: Nanoseconds) {
        publish(.end(pass: pass, at: instant)) { news in
            if case .end(pass, _) = news { true } else { false }
        }
    }

    /// A worker found a data set used up in `pass`.
    func endFlow(with pass: Int) { publish(.last(pass: pass)) { $0 == .last(pass: pass) } }

    private func publish(_ item: News, unless isKnown: (News) -> Bool) {
        news.withLock { news in
            guard !news.contains(where: isKnown) else { return }
            news.append(item)
            newsCount.store(news.count, ordering: .releasing)
        }
    }

    /// What a worker has not heard of, which has heard of `heard`.
    func news(beyond heard: inout Int) -> [News] {
        guard newsCount.load(ordering: .acquiring) != heard else { return [] }
        return news.withLock { news in
            defer { heard = news.count }
            return Array(news[heard...])
        }
    }

    /// Stops sending, as arrivals are missing.
    func stop(_ lost: LostArrivals) {
        loss.withLock { $0 = $0 ?? lost }
        stop(.arrivalsLost)
    }

    /// Why arrivals are missing; nil: none are.
    package var lostArrivals: LostArrivals? { loss.withLock(\.self) }

    /// Whether guard rails allow one more payment; the first one too many stops the run.
    func takeAllowance() -> Bool {
        if allowance.wrappingSubtract(1, ordering: .relaxed).oldValue > 0 { return true }
        stop(.paymentsLimit)
        return false
    }

    func gate(ofPass pass: Int) -> PassGate { gates[pass] }
}

/// The start: workers make their stations ready, then all begin with the same plan.
extension RunControl {
    /// A worker says that its station is ready, or why it is not, and waits for the plan; nil: there is
    /// nothing to begin.
    package func awaitStart(_ failure: Station.Failure?, notice: String?) -> EnginePlan? {
        start.withLock { start in
            start.failure = start.failure ?? failure
            if let notice { start.notices.append(notice) }
        }
        preparing.leave()
        starting.wait()
        return start.withLock(\.plan)
    }

    /// Waits until every station is ready; returns what there is to say about them.
    package func awaitStations() throws(Station.Failure) -> [String] {
        preparing.wait()
        if let failure = start.withLock(\.failure) { throw failure }
        return start.withLock(\.notices)
    }

    /// Lets the workers go; without a plan, home.
    package func begin(_ plan: EnginePlan?) {
        start.withLock { $0.plan = plan }
        for _ in 0..<workers { starting.signal() }
    }
}

/// Where the workers meet at the end of a pass that ends by count.
final class PassGate: Sendable {
    /// Between the last worker's word and the next pass: time for the others to hear of it.
    private static let notice: Nanoseconds = 5_000_000

    private struct State {
        var arrived: Set<Int> = []
        var latest: Nanoseconds = 0
    }

    private let workers: Int
    private let state = Mutex(State())

    init(workers: Int) { self.workers = workers }

    /// Says that `worker` is done; returns when the next pass begins once all are.
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
