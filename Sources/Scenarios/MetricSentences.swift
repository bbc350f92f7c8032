import Documents
import Metrics
import Payments

extension ConditionProblem: Problem {
    package var sentence: String { sentence(in: .condition) }

    /// - Parameter use: what the clause was to be.
    func sentence(in use: ClauseUse) -> String {
        switch self {
        case .malformed(let text): "\(quoted(text)); allowed: \(use.form)"
        case .unknownMetric(let name):
            "unknown metric \(quoted(name)); allowed: \(list(Metric.forms(in: use)))"
                + nearest(name, in: candidates(for: name, use))
        case .unknownStatistic(let name, let time):
            "\(time.rawValue) has no \(quoted(name)); allowed: p0 to p100 such as p99.9, "
                + "\(list(statistics))" + nearest(name, in: statistics + ["p99.9", "p99.99"])
        case .unknownOutcome(let name):
            "unknown outcome \(quoted(name)); allowed: \(list(outcomes))"
                + nearest(name, in: outcomes)
        case .unknownLabel(let name):
            "unknown label \(quoted(name)); allowed: \(list(labels(in: use)))"
                + nearest(name, in: labels(in: use))
        case .malformedLabel(let text):
            "\(quoted(text)); allowed between the braces: label=value, separated by commas"
        case .labelTwice(let label): "label \(label.rawValue) again; once is allowed"
        case .labelNotHere(let label, let metric): notHere(label, metric, use)
        case .unknownComparison(let sign):
            "\(quoted(sign)) compares nothing; allowed: "
                + list(Comparison.allCases.map(\.rawValue))
        case .wrongUnit(let text, let unit): "\(quoted(text)); allowed: \(unit.limits(in: use))"
        case .ratioOutOfRange(let text):
            "\(shown(text)) is out of range; allowed: 0 to 1, or 0% to 100%"
        case .badWindow(let text):
            "\(quoted(text)) behind over; allowed: \(Condition.windows.lowerBound.written) to "
                + "\(Condition.windows.upperBound.written), with its unit"
        }
    }

    private func notHere(_ label: Selection.Label, _ metric: Metric, _ use: ClauseUse) -> String {
        let known = Selection.Label.known(in: use).filter(metric.labels.contains)
        return "label \(label.rawValue) with \(metric.name); allowed with it: "
            + (known.isEmpty ? "none" : list(known.map(\.rawValue)))
    }
}

extension BudgetProblem: Problem {
    package var sentence: String {
        switch self {
        case .clause(let problem): problem.sentence(in: .budget)
        case .unknownLimit(let text, let unit):
            "\(quoted(text)); allowed: \(unit.limits(in: .budget))"
                + nearest(String(text.prefix { $0.isLetter }), in: ["baseline"])
        case .malformedAllowance(let text, let metric):
            "\(quoted(text)); allowed: \(list(metric.unit.allowances))"
                + (metric.unit == .ratio
                    ? "; of \(metric.name) a percentage could be of the baseline or of all payments"
                    : "")
        case .equalToMeasured(let comparison, let metric):
            "\(quoted(comparison.rawValue)) with \(metric.name), which is measured, not counted; allowed "
                + "with it: \(list(Comparison.ordering))"
        case .equalToBaseline(let comparison):
            "\(quoted(comparison.rawValue)) with the baseline, which no run hits twice; allowed with it: "
                + list(Comparison.ordering)
        case .foregone(let text, let holds):
            "\(quoted(text)) \(holds ? "holds" : "fails") whatever the run does; a limit that "
                + "leaves something to find out is allowed"
        }
    }
}

extension ClauseUse {
    /// How such a clause is written.
    fileprivate var form: String {
        switch self {
        case .condition:
            "metric op value, then over a duration if need be, such as errors.rate > 50% over 5s"
        case .budget:
            "metric op limit, such as response_time.p99 < 800ms or response_time.p95 <= baseline "
                + "+ 10%"
        }
    }
}

private let statistics = ["mean", "max", "min", "stddev"]
private let outcomes = Outcome.allCases.map(\.name)

private func labels(in use: ClauseUse) -> [String] {
    Selection.Label.known(in: use).map(\.rawValue)
}

/// Whole names that an unknown one may have been meant to be, its own last part with each time.
private func candidates(for name: String, _ use: ClauseUse) -> [String] {
    let dot = name.firstIndex(of: ".")
    let statistic = dot.map { String(name[name.index(after: $0)...]) } ?? "p99"
    let times = Metric.Time.allCases.map { "\($0.rawValue).\(statistic)" }
    return Metric.forms(in: use).filter { !$0.contains("NAME") } + times.filter { isMetric($0) }
        + Outcome.allCases.flatMap { ["outcome.\($0.name).rate", "outcome.\($0.name).count"] }
}

private func isMetric(_ name: String) -> Bool { (try? Metric(named: name)) != nil }

extension Comparison {
    /// Those that say which side is the good one.
    static let ordering = ["<", "<=", ">", ">="]
}

extension Metric.Unit {
    private var examples: String {
        switch self {
        case .duration: Quantity.duration.examples
        case .ratio: Quantity.ratio.examples
        case .count: "a whole number such as 10"
        case .perSecond: Quantity.rate.examples
        }
    }

    /// What may stand behind the comparison.
    fileprivate func limits(in use: ClauseUse) -> String {
        switch use {
        case .condition: examples
        case .budget: "\(examples), or \(allowances[1])"
        }
    }

    /// How limits that depend on the baseline are written.
    fileprivate var allowances: [String] {
        let relative = ["baseline", "baseline + 10%", "baseline - 5%"]
        return switch self {
        case .duration: relative + ["baseline + 20ms"]
        case .ratio: ["baseline", "baseline + 0.001", "baseline - 0.001"]
        case .count: relative + ["baseline + 10"]
        case .perSecond: relative + ["baseline - 50/s"]
        }
    }
}
