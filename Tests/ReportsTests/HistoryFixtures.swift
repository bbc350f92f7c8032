import Payments
import Reports
import Results

/// Runs of days in a row, each with the budgets that are given.
enum Histories {
    /// `2026-08-01T12:01:02.000345Z` and so many days later.
    static func start(day: Int) -> Double { 1_785_585_662.000345 + 86_400 * Double(day) }

    /// Made once: it takes a while.
    private static let normal = Summary(record: Runs.normal, verdict: Runs.valid)

    static func run(
        _ day: Int, _ budgets: [BudgetResult]? = nil, name: String = "make-payment",
        environment: String? = "0a1b2c3d4e5f", change: (inout Summary) -> Void = { _ in }
    ) -> HistoryRun {
        var summary = normal
        summary.startedAt = Timestamp(secondsSince1970: start(day: day)).rfc3339
        summary.runID = "run-\(day)"
        summary.scenario.name = name
        summary.budgets = budgets
        change(&summary)
        return HistoryRun(summary, folder: "\(name)-\(day)", environment: environment)
    }

    static func budget(
        _ value: Double?, of metric: String = "response_time.p95",
        unit: BudgetResult.Unit = .microseconds, ratio: Double? = nil, error: Double = 0.02
    ) -> BudgetResult {
        var budget = BudgetResult(
            budget: "\(metric) < 1s", metric: metric, verdict: .pass, onInconclusive: .fail,
            unit: unit, count: 1000, reason: "")
        budget.value = value
        budget.lower = value.map { $0 * (1 - error) }
        budget.upper = value.map { $0 * (1 + error) }
        budget.comparison = ratio.map {
            BudgetResult.Comparison(
                baseline: 50_000,
                typical: BudgetResult.Change(
                    change: $0 - 1, lower: $0 - 1 - error, upper: $0 - 1 + error), whole: nil)
        }
        return budget
    }

    /// One run for each value of p95, in µs.
    static func runs(_ values: [Double]) -> [HistoryRun] {
        values.enumerated().map { run($0.offset, [budget($0.element)]) }
    }

    /// `count` values of `level`, each up to 1 % off in turn: 0, +1 %, −1 %, 0, …
    static func flat(_ level: Double, _ count: Int) -> [Double] {
        (0..<count).map { level * [1, 1.01, 0.99][$0 % 3] }
    }

    /// 12 runs at 50 ms, then 12 at 60 ms.
    static var stepped: [HistoryRun] { runs(flat(50_000, 12) + flat(60_000, 12)) }
}
