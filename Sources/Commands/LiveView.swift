import Capacity
import Dispatch
import Payments
import Reports
import Results
import Runs
import Synchronization

/// What people see on stderr while payments are sent: on a terminal a picture, redrawn in place; else a
/// line a second. It listens to the run, like whatever else gathers from it.
final class LiveView: Sendable {
    private struct Scene {
        var book: LiveBook?
        var progress: RunProgress?
        var stage = LiveState.Stage.running
        var search: LiveSearch?
        var budgets: [BudgetResult] = []
        /// Budgets are judged again then, in nanoseconds of the monotonic clock.
        var judgedUntil: UInt64 = 0
    }

    /// Judging budgets takes at most one part in so many of the time of one core.
    private static let leisure: UInt64 = 400

    private let isQuiet: Bool
    /// nil where stderr is no terminal that can be drawn on.
    private let screen: Screen?
    private let budgets: RunBudgets?
    private let scene = Mutex(Scene())

    /// - Parameter budgets: of the run, to show how they stand.
    init(isQuiet: Bool, noColor: Bool, budgets: RunBudgets? = nil) {
        self.isQuiet = isQuiet
        self.budgets = budgets
        screen = isQuiet ? nil : Screen(noColor: noColor)
        screen?.show { [weak self] size, look in self?.lines(size, look) ?? [] }
    }

    /// Whether the picture is there to tell what a line would.
    var isPicture: Bool { screen != nil }

    /// What else listens hears everything first.
    func listener(beside other: Run.Listener) -> Run.Listener {
        guard !isQuiet else { return other }
        var listener = other
        listener.tell(\.started) { self.begin($0) }
        listener.tell(\.interval) { self.add($0) }
        listener.tell(\.progress) { self.take($0) }
        return listener
    }

    /// From now on a signal is told of as soon as it is heard.
    func watch(_ signals: Signals) {
        signals.whenReceived { [weak self] signal, count in
            self?.scene.withLock {
                $0.stage = count > 1 ? .stopping : .interrupted(signal)
            }
            self?.screen?.draw()
        }
    }

    /// Leaves the terminal as it was; nothing is drawn any more.
    func end() { screen?.end() }

    private func begin(_ start: RunStart) {
        guard screen != nil else { return }
        scene.withLock { scene in
            scene.book = LiveBook(start)
            scene.search?.isUnderWay = true
            if scene.stage == .draining { scene.stage = .running }
        }
        screen?.begin()
    }

    private func add(_ interval: Interval) {
        guard let screen else { return }
        scene.withLock { $0.book?.add(interval) }
        screen.draw()
    }

    private func take(_ progress: RunProgress) {
        guard screen != nil else { return Terminal.say(ProgressLine(progress).text) }
        scene.withLock { scene in
            scene.progress = progress
            if progress.isDraining, scene.stage == .running { scene.stage = .draining }
        }
    }
}

/// Of a capacity search: on a terminal its picture, else a line when a step begins, and one when it ends.
extension LiveView {
    func begin(_ probe: Probe, of search: CapacitySearch) {
        show(probe, search) { CapacityTalk.begin(probe, of: search) }
    }

    /// Nothing is tried for a moment.
    func rest(_ search: CapacitySearch) {
        show(nil, search) { nil }
    }

    func end(_ search: CapacitySearch) {
        show(nil, search) { search.answer.steps.last.map(CapacityTalk.end) }
    }

    private func show(_ probe: Probe?, _ search: CapacitySearch, _ words: () -> String?) {
        guard let screen else {
            if !isQuiet, let words = words() { Terminal.say(words) }
            return
        }
        let seen = LiveSearch(probe, of: search)
        scene.withLock { $0.search = seen }
        screen.draw()
    }
}

/// On the screen's queue.
extension LiveView {
    private func lines(_ size: LiveSize, _ look: LiveLook) -> [String] {
        judgeBudgets()
        let scene = scene.withLock { $0 }
        guard size.columns >= LiveFrame.least.columns, size.rows >= LiveFrame.least.rows else {
            let line = scene.progress.map { ProgressLine($0).text(columns: size.columns - 1) } ?? ""
            return [line]
        }
        return state(of: scene).map { LiveFrame($0, size: size, look: look).lines } ?? []
    }

    /// nil before anything has begun.
    private func state(of scene: Scene) -> LiveState? {
        var state = scene.book?.snapshot(scene.stage)
        state?.phase = scene.progress?.phase ?? ""
        state?.totalSeconds = scene.progress?.plannedSeconds
        state?.budgets = scene.budgets
        state?.search = scene.search
        return state
    }

    private func judgeBudgets() {
        guard let budgets else { return }
        let begin = DispatchTime.now().uptimeNanoseconds
        guard scene.withLock({ $0.judgedUntil <= begin }) else { return }
        let results = budgets.soFar
        let end = DispatchTime.now().uptimeNanoseconds
        scene.withLock {
            $0.budgets = results
            $0.judgedUntil = end + max(1_000_000_000, Self.leisure * (end - begin))
        }
    }
}

extension ProgressLine {
    init(_ progress: RunProgress) {
        let accepted = progress.outcomes[Int(Outcome.accepted.rawValue)]
        let declined = progress.outcomes[Int(Outcome.declined.rawValue)]
        self.init(
            Snapshot(
                elapsedSeconds: progress.elapsedSeconds, totalSeconds: progress.plannedSeconds,
                phase: progress.isDraining ? "draining" : progress.phase,
                started: progress.started,
                inFlight: max(0, progress.started - progress.completed), accepted: accepted,
                declined: declined, other: progress.completed - accepted - declined,
                p50: progress.p50, p99: progress.p99))
    }
}
