import Metrics
import Results

/// What one budget is about, in the course of a run: added second by second, from the run itself or
/// from its log. Memory does not grow with the run.
struct BudgetSeries: Sendable {
    let scope: BudgetScope
    /// Seconds at the beginning that are not judged.
    private let after: Int
    private var firstSecond: Int?
    private(set) var parts: Slices<BudgetPart>
    /// By second; only where completions are what counts.
    private var completions: [Int: Int] = [:]

    /// - Parameter finest: keeps up to so many slices, a second each as long as there are no more.
    init(_ budget: Budget, of start: RunStart, adapter: String? = nil, finest: Int = 40) {
        scope = BudgetScope(budget, of: start, adapter: adapter)
        after = budget.after?.wholeSeconds ?? 0
        parts = Slices(most: finest)
    }

    /// - Returns: whether the second is one of those that are judged.
    @discardableResult
    mutating func add(_ second: RecordBuilder.SettledSecond) -> Bool {
        guard second.series.keys.contains(where: scope.phases.contains) else { return false }
        firstSecond = firstSecond ?? second.number
        guard isJudged(second.number) else { return false }
        parts.add(part(of: second), second: second.number)
        return true
    }

    /// What is kept by interval and not by second.
    mutating func add(_ interval: Interval) {
        switch scope.metric {
        case .code, .skipped:
            let events = scope.events(in: interval)
            guard events > 0 else { return }
            let second = max(0, Int(interval.elapsed - 0.5))
            guard after == 0 || isJudged(second) else { return }
            var part = BudgetPart()
            part.events = events
            parts.add(part, second: second)
        case .rate(.completed):
            guard scope.countsCompletions else { return }
            for (number, second) in interval.seconds {
                completions[number, default: 0] += scope.completions(in: second)
            }
        case .errors, .outcome, .rate(.started), .time, .generatorCPU: return
        }
    }

    private func isJudged(_ second: Int) -> Bool {
        firstSecond.map { second >= $0 + after } ?? false
    }

    func part(of second: RecordBuilder.SettledSecond) -> BudgetPart {
        var part = scope.part(of: second.series)
        if case .rate(.completed) = scope.metric, scope.countsCompletions {
            part.events = completions[second.number] ?? 0
        }
        return part
    }

    var seconds: Double { Double(parts.slices.count * parts.seconds) }

    /// Without the first and the last one where a rate is asked for: a phase may begin or end within
    /// them.
    var judged: (parts: [BudgetPart], seconds: Double) {
        guard case .rate = scope.metric, parts.slices.count > 3 else {
            return (parts.slices, seconds)
        }
        return (Array(parts.slices.dropFirst().dropLast()), seconds - Double(2 * parts.seconds))
    }
}

extension Duration {
    /// Rounded up.
    var wholeSeconds: Int {
        Int(components.seconds) + (components.attoseconds > 0 ? 1 : 0)
    }
}
