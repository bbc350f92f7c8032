import Glibc
import Metrics
import Results
import Statistics

/// A budget on every window of a run, judged as they pass.
struct BudgetWindows: Sendable {
    struct Window: Sendable {
        var span: PhaseRecord.Span
        var figure: Figure
    }

    private let budget: Budget
    private let limit: Statistics.Limit
    private let length: Int
    /// Windows in a row that have to fail.
    private let lasting: Int
    private var first: Int?
    private var number = 0
    private var current: [BudgetPart] = []
    private(set) var judged = 0
    private var failedInARow = 0
    private(set) var failed: Window?
    /// The undecided one that is nearest to failing, or the first.
    private(set) var undecided: Window?
    /// The latest that passed.
    private(set) var passed: Window?

    /// nil for a budget without windows.
    init?(_ budget: Budget, limit: Statistics.Limit) {
        guard let window = budget.window else { return nil }
        self.budget = budget
        self.limit = limit
        length = max(1, window.wholeSeconds)
        lasting = max(1, ((budget.lasting?.wholeSeconds ?? 0) + length - 1) / length)
    }

    /// - Parameter second: of the run; they come in order.
    mutating func add(_ part: BudgetPart, second: Int) {
        let begin = first ?? second
        first = begin
        guard second >= begin + number * length else { return }
        while second >= begin + (number + 1) * length { close() }
        while current.count <= second - begin - number * length { current.append(BudgetPart()) }
        current[second - begin - number * length].add(part)
    }

    /// A window is judged when the next one begins, or at the end if it is whole.
    mutating func finish() {
        if current.count == length { close() }
    }

    private mutating func close() {
        defer {
            current.removeAll(keepingCapacity: true)
            number += 1
        }
        guard current.contains(where: { $0.count > 0 || $0.events > 0 }), let first else { return }
        judged += 1
        let figure = Figure(
            budget.metric, current, seconds: Double(length), limit: limit, confidence: confidence)
        let start = Double(first + number * length)
        let window = Window(
            span: PhaseRecord.Span(start: start, end: start + Double(length)), figure: figure)
        switch figure.decision {
        case .fail:
            failedInARow += 1
            if failedInARow >= lasting, failed == nil { failed = window }
        case .inconclusive:
            failedInARow = 0
            undecided = undecided ?? window
        case .pass:
            failedInARow = 0
            passed = window
        }
    }

    /// The chance of a wrong verdict is spent over all windows, however many there will be: window k
    /// gets 6/(π²k²) of it.
    private var confidence: Double {
        let share = 6 / (Double.pi * Double.pi * Double(judged) * Double(judged))
        return 1 - (1 - budget.confidence) * share
    }

    var decision: BudgetDecision {
        if failed != nil { return .fail }
        return judged > 0 && undecided == nil ? .pass : .inconclusive
    }
}
