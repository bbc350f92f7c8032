import Comparisons
import Results
import Runs
import Scenarios
import Statistics
import Synchronization

/// The comparison of a run: gathered while it lasts, looked at where that may end it, judged at its end.
final class RunComparison: Sendable {
    private struct State {
        var book: ComparisonBook?
        var looksTaken = 0
        /// The slices at which a look found every verdict.
        var decidedAt: Int?
        var interference: Interference?
    }

    private let settings: ComparisonSettings
    private let endsWhenDecided: Bool
    private let state = Mutex(State())

    init(_ compare: Scenario.Compare) {
        settings = ComparisonSettings(
            metrics: compare.metrics, equivalentWithin: compare.equivalentWithin,
            confidence: compare.confidence)
        endsWhenDecided = compare.endsWhenDecided
    }

    /// What else listens hears everything first.
    func listener(beside other: Run.Listener) -> Run.Listener {
        var listener = other
        listener.tell(\.started) { self.begin($0) }
        listener.tell(\.interval) { self.add($0) }
        listener.settled = { seconds in
            let conclusion = other.settled(seconds)
            let own = self.add(seconds)
            return conclusion ?? own
        }
        return listener
    }

    private func begin(_ start: RunStart) {
        let book = ComparisonBook(settings, of: start, endsWhenDecided: endsWhenDecided)
        state.withLock { $0.book = book }
    }

    private func add(_ interval: Interval) {
        state.withLock { $0.book?.add(interval) }
    }

    /// - Returns: whether the run is of no use any more, or has shown what it was to show.
    private func add(_ settled: [RecordBuilder.SettledSecond]) -> Run.Conclusion? {
        state.withLock { state in
            state.book?.add(settled)
            if let found = state.book?.earlyInterference() {
                state.interference = found
                return .stop("the adapters interfere")
            }
            return look(&state) ? .endMeasuring : nil
        }
    }

    /// - Returns: whether it decides.
    private func look(_ state: inout State) -> Bool {
        guard state.decidedAt == nil, let book = state.book, !book.looks.isEmpty else {
            return false
        }
        let slices = book.wholeSlices
        let due = book.looks.dropLast().count { $0 <= slices }
        guard due > state.looksTaken else { return false }
        state.looksTaken = due
        guard let judge = ComparisonJudge(book.material, book.settings, slices: slices),
            judge.isDecided
        else { return false }
        state.decidedAt = slices
        return true
    }

    /// What was found at the beginning of a duet, which then did not go on.
    var interference: Interference? { state.withLock { $0.interference } }

    /// - Parameter duet: that came before and was given up, for what it showed.
    func result(_ summary: Summary, behind duet: Interference?) -> Comparison? {
        state.withLock { state in
            guard let book = state.book,
                let judge = ComparisonJudge(
                    book.material, book.settings, slices: state.decidedAt)
            else { return nil }
            var origin = Comparison.Origin(summary)
            origin.endedEarly = state.decidedAt != nil
            origin.duetBefore = duet.map(Comparison.Guard.init)
            origin.take(
                book.start, spans: summary.phases.filter(\.measured).flatMap { $0.spans ?? [] })
            return Comparison(judge, origin)
        }
    }
}

extension Comparison {
    /// 5 where it can't be believed or an adapter is down, 4 where any verdict is missing.
    var status: ExitStatus {
        if !isValid || adapters.contains(where: \.isDown) { return .invalid }
        return isDecided ? .fine : .inconclusive
    }
}
