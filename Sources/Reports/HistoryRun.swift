import Payments
import Results

/// One run of a history.
package struct HistoryRun: Sendable, Equatable {
    /// Name of the result folder, without its path.
    package let folder: String
    /// RFC 3339, UTC; what runs are ordered by.
    package let startedAt: String
    package let runID: String
    package let scenario: String
    package let scenarioSHA256: String
    /// Alike for runs on the same kernel, processor and cores; nil where that is not known.
    package let environment: String?
    package let verdict: Verdict
    /// Why it does not stand beside the others; nil for an accepted run.
    package let leftOut: LeftOut?
    /// Those of its budgets, else the general ones; one each metric.
    package let figures: [HistoryFigure]

    package enum LeftOut: String, Sendable, CaseIterable {
        case invalid, interrupted, killed
        case stopped = "stopped by a guard rail"
        case failed
    }

    package init(_ summary: Summary, folder: String, environment: String?) {
        self.folder = folder
        self.environment = environment?.printable.clipped(to: 12)
        startedAt = summary.startedAt
        runID = summary.runID
        scenario = summary.scenario.name
        scenarioSHA256 = summary.scenario.sha256
        verdict = summary.verdict
        leftOut = LeftOut(summary)
        let budgeted = HistoryFigure.budgeted(summary.budgets ?? [])
        figures = budgeted.isEmpty ? HistoryFigure.general(summary) : budgeted
    }

    func figure(of metric: String) -> HistoryFigure? { figures.first { $0.metric == metric } }
}

extension HistoryRun.LeftOut {
    fileprivate init?(_ summary: Summary) {
        switch summary.ending {
        case .completed, .judged:
            guard !summary.verdict.isUsable else { return nil }
            self = .invalid
        case .interrupted: self = .interrupted
        case .killed: self = .killed
        case .guardRail: self = .stopped
        case .failed: self = .failed
        }
    }
}

/// A number of a run that is followed from run to run.
package struct HistoryFigure: Sendable, Equatable {
    /// `response_time.p99{payment=card}`
    package let metric: String
    package let unit: BudgetResult.Unit
    package let isBudgeted: Bool
    package var value: Double
    /// nil on a side that is open, or without an interval.
    package var lower: Double?
    package var upper: Double?
    /// Against the baseline beside it, of the typical slice; nil without one.
    package var ratio: BudgetResult.Change?

    /// nil without a value that is a number.
    private init?(_ metric: String, _ unit: BudgetResult.Unit, _ value: Double?, budgeted: Bool) {
        guard let value, value.isFinite else { return nil }
        self.metric = metric.printable
        self.unit = unit
        self.value = value
        isBudgeted = budgeted
    }

    /// Several budgets of one metric make one figure. A budget without data has none, nor has one that
    /// failed in a window: its value is that of the window.
    static func budgeted(_ budgets: [BudgetResult]) -> [HistoryFigure] {
        budgets.reduce(into: []) { figures, budget in
            guard budget.failedWindow == nil,
                var figure = HistoryFigure(
                    budget.metric, budget.unit, budget.value, budgeted: true)
            else { return }
            figure.lower = budget.lower?.finite
            figure.upper = budget.upper?.finite
            figure.ratio = budget.comparison?.typical.flatMap { $0.isRatio ? $0 : nil }
            guard let known = figures.firstIndex(where: { $0.metric == figure.metric }) else {
                return figures.append(figure)
            }
            figures[known].ratio = figures[known].ratio ?? figure.ratio
        }
    }

    /// `response_time` p50, p95 and p99, and `errors.rate`: all outcomes but `accepted` and `declined`,
    /// of the measured phases.
    static func general(_ summary: Summary) -> [HistoryFigure] {
        let times = summary.latency.responseTime
        let quantiles = [QuantileName.p50, .p95, .p99].compactMap { quantile in
            var figure = HistoryFigure(
                "response_time.\(quantile.words)", .microseconds,
                times.value(of: quantile).map { Double($0) }, budgeted: false)
            figure?.lower = times.intervals?[quantile]?.lower.map { Double($0) }
            figure?.upper = times.intervals?[quantile]?.upper.map { Double($0) }
            return figure
        }
        let totals = summary.phases.filter(\.measured).map(\.totals)
        let started = totals.reduce(0.0) { $0 + Double($1.started) }
        let good = totals.reduce(0.0) {
            $0 + Double($1.count(of: .accepted)) + Double($1.count(of: .declined))
        }
        let errors = HistoryFigure(
            "errors.rate", .ratio, started > 0 ? max(0, started - good) / started : nil,
            budgeted: false)
        return quantiles + [errors].compactMap(\.self)
    }
}

extension Double {
    fileprivate var finite: Double? { isFinite ? self : nil }
}

extension BudgetResult.Change {
    /// All three are those of a ratio above 0.
    fileprivate var isRatio: Bool {
        [change, lower, upper].allSatisfy { $0.isFinite } && change > -1
    }
}
