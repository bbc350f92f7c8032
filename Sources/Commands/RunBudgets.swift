import Budgets
import Metrics
import Results
import Statistics
import Synchronization

/// The budgets of a run: gathered while it lasts, looked at where that may end it, judged at its end.
final class RunBudgets: Sendable {
    private struct State {
        var book: BudgetBook?
        var start: RunStart?
        /// Seconds that are settled, from the start of the run.
        var seconds = 0
        var looksTaken = 0
    }

    private let budgets: [Budget]
    private let stored: BudgetBaseline?
    private let stopsWhenDecided: Bool
    private let state = Mutex(State())

    /// - Parameters:
    ///   - stored: the run that relative budgets are relative to.
    ///   - stopsWhenDecided: the run ends at the first look at which every budget is decided.
    init(_ budgets: [Budget], stored: BudgetBaseline? = nil, stopsWhenDecided: Bool = false) {
        self.budgets = budgets
        self.stored = stored
        self.stopsWhenDecided = stopsWhenDecided
    }

    func begin(_ start: RunStart) {
        let book = BudgetBook(budgets, of: start, pair: start.pair, stored: stored)
        state.withLock {
            $0.book = book
            $0.start = start
        }
    }

    func add(_ interval: Interval) {
        state.withLock { $0.book?.add(interval) }
    }

    /// - Returns: why the run needs not go on.
    func add(_ settled: [RecordBuilder.SettledSecond]) -> String? {
        guard !budgets.isEmpty else { return nil }
        return state.withLock { state in
            state.book?.add(settled)
            state.seconds = max(state.seconds, (settled.last?.number ?? -1) + 1)
            if let failed = state.book?.aborting {
                return "the budget \(failed) failed, and it has abort: true"
            }
            return look(&state)
        }
    }

    /// Only where a look may end the run: else there is one, at its end, and it is the sharper for it.
    private func look(_ state: inout State) -> String? {
        guard stopsWhenDecided else { return nil }
        let looks = looks(state)
        let due = looks.due(after: Double(state.seconds))
        guard due > state.looksTaken else { return nil }
        state.looksTaken = due
        guard let results = state.book?.results(generator: nil, looks: looks),
            state.book?.settle(results) == true
        else { return nil }
        return "every budget was decided after \(state.seconds) s"
    }

    private func looks(_ state: State) -> Looks {
        Looks(
            at: state.start?.pair == nil ? Looks.ofRuns : Looks.ofPairs,
            budgets: max(1, budgets.count))
    }

    /// How they stand while the run lasts. Settles nothing; takes as long as a look does.
    var soFar: [BudgetResult] {
        budgets.isEmpty ? [] : state.withLock { $0.book }?.results(generator: nil) ?? []
    }

    /// nil without budgets; none where the measurement is invalid.
    func results(_ summary: Summary) -> [BudgetResult]? {
        guard !budgets.isEmpty else { return nil }
        guard summary.verdict.isJudged else { return [] }
        return state.withLock { state in
            let looks = stopsWhenDecided ? looks(state) : nil
            return state.book?.results(generator: summary.generator, looks: looks) ?? []
        }
    }
}

extension Verdict {
    /// Budgets of an invalid measurement are not judged, unless somebody takes it all the same.
    var isJudged: Bool { validity != .invalid || accepted }
}

extension RunStart {
    /// nil where no baseline was measured beside.
    var pair: BudgetBook.Pair? {
        guard let design, design.adapters.count == 2,
            let reference = design.adapters.first(where: \.isReference),
            let candidate = design.adapters.first(where: { !$0.isReference })
        else { return nil }
        let rounds = design.passes.filter { $0.kind == .blocks }.map {
            Int(($0.block * 2 + 999_999_999) / 1_000_000_000)
        }
        return BudgetBook.Pair(
            reference: reference.name, candidate: candidate.name,
            sliceSeconds: rounds.max() ?? Self.duetSlice)
    }

    private static let duetSlice = 4
}

extension [BudgetResult] {
    /// 3 where one failed, 4 where one that matters is undecided.
    var status: ExitStatus {
        if contains(where: { $0.verdict == .fail }) { return .budget }
        let isOpen = contains { $0.verdict == .inconclusive && $0.onInconclusive == .fail }
        return isOpen ? .inconclusive : .fine
    }
}
