import Metrics
import Results
import Statistics

/// Results, and what is said about them: one sentence each.
extension BudgetResult {
    /// Nothing is known yet.
    init(_ budget: Budget) {
        self.init(
            budget: budget.text, metric: budget.subject, verdict: .inconclusive,
            onInconclusive: budget.onInconclusive == .warn ? .warn : .fail,
            unit: Unit(budget.metric), count: 0, reason: "no data")
    }

    init(withoutBaseline budget: Budget) {
        self = BudgetResult(budget).because(
            "there is no baseline: give one with --baseline, or measure one beside it (baseline: in "
                + "the scenario)")
    }

    init(_ budget: Budget, _ figure: Figure, limit: Double) {
        self.init(budget)
        self.limit = limit
        take(figure)
        self = explained(slices: nil, secondsNeeded: figure.secondsNeeded)
    }

    init(_ budget: Budget, _ windows: BudgetWindows, limit: Double) {
        self.init(budget)
        self.limit = limit
        decide(windows.decision)
        let shown = windows.failed ?? windows.undecided ?? windows.passed
        if let shown { take(shown.figure) }
        decide(windows.decision)
        failedWindow = windows.failed?.span
        let length = Figures.length(seconds: Double(budget.window?.wholeSeconds ?? 0))
        let place = shown.map { window in
            "in the window of \(length) from \(Figures.length(seconds: window.span.start))"
        }
        self = explained(
            slices: nil, secondsNeeded: nil,
            note: place.map { "\($0), one of \(windows.judged)" } ?? "no whole window")
    }

    private mutating func take(_ figure: Figure) {
        decide(figure.decision)
        (value, lower, upper) = (figure.value, figure.lower, figure.upper)
        confidence = figure.confidence
        count = figure.count
    }

    mutating func decide(_ decision: BudgetDecision) {
        verdict =
            switch decision {
            case .pass: .pass
            case .fail: .fail
            case .inconclusive: .inconclusive
            }
    }

    func because(_ reason: String) -> BudgetResult {
        var result = self
        result.reason = reason
        return result
    }

    /// Value, interval, count, limit, margin.
    func explained(
        slices: Int?, secondsNeeded: Double?, note: String? = nil
    ) -> BudgetResult {
        guard let value else {
            return because(note.map { "no data (\($0))" } ?? "no data: nothing of it was measured")
        }
        var result = self
        result.margin = limit.flatMap { $0 == 0 ? nil : inside(value, $0) }
        var parts = [text(value) + interval + counted]
        if let change { parts.append(change) }
        if let limit { parts.append(against(limit, margin: result.margin)) }
        if let slices, slices < ComparedFigure.fewestSlices {
            parts.append(
                "\(slices) slices of both, and it takes \(ComparedFigure.fewestSlices)")
        }
        if verdict == .inconclusive, let secondsNeeded {
            parts.append(
                "about \(Figures.length(seconds: secondsNeeded.rounded(.up))) would decide")
        }
        if let note { parts.append(note) }
        return result.because(parts.joined(separator: "; "))
    }

    private var isCeiling: Bool { !budget.contains(">") }

    private func inside(_ value: Double, _ limit: Double) -> Double {
        let share = (limit - value) / limit
        return isCeiling ? share : -share
    }

    private var interval: String {
        guard lower != nil || upper != nil else { return "" }
        return " [\(lower.map(text) ?? "–"), \(upper.map(text) ?? "∞")]"
    }

    private var counted: String {
        switch unit {
        case .count: count > 0 ? " of \(Figures.count(count))" : ""
        case .microseconds, .ratio, .perSecond: ", n = \(Figures.count(count))"
        }
    }

    /// Against the baseline.
    private var change: String? {
        guard let comparison, let base = comparison.baseline else { return nil }
        let changes = [("typically", comparison.typical), ("over all", comparison.whole)]
            .compactMap { name, change in
                change.map {
                    "\(name) \(Self.signed($0.change)) [\(Self.signed($0.lower)), "
                        + "\(Self.signed($0.upper))]"
                }
            }
        return (["baseline \(text(base))"] + changes).joined(separator: ", ")
    }

    private static func signed(_ share: Double) -> String {
        guard share.isFinite else { return share > 0 ? "∞" : "-∞" }
        return (share < 0 ? "-" : "+") + Figures.share(abs(share))
    }

    private func against(_ limit: Double, margin: Double?) -> String {
        let share = margin.map { " by \(Figures.share(abs($0)))" } ?? ""
        switch verdict {
        case .pass: return "within \(text(limit))\(share)"
        case .fail: return "beyond \(text(limit))\(share)"
        case .inconclusive: return "too close to \(text(limit)), or too little, to tell"
        }
    }

    private func text(_ value: Double) -> String {
        switch unit {
        case .microseconds: Figures.duration(microseconds: UInt64(max(0, value.rounded())))
        case .ratio: Figures.share(max(0, value))
        case .perSecond: Figures.rate(perSecond: value)
        case .count: Figures.count(Int(value))
        }
    }
}

extension BudgetResult.Unit {
    package init(_ metric: Metric) {
        self =
            switch metric.unit {
            case .duration: .microseconds
            case .ratio: .ratio
            case .count: .count
            case .perSecond: .perSecond
            }
    }
}
