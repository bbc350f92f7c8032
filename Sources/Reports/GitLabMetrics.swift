import Payments
import Results

/// A run as GitLab's metrics report: OpenMetrics text, times in seconds. Names and labels are the same
/// from run to run, so that a merge request shows what changed.
///
/// Of a run that is invalid or was stopped it has the counts and that fact, no times and no rates.
package struct GitLabMetrics: Sendable {
    private let summary: Summary

    package init(_ summary: Summary) {
        self.summary = summary
    }

    package var text: String {
        let measured =
            summary.isComparable
            ? [
                times("response_time", summary.latency.responseTime, \.responseTime),
                times("service_time", summary.latency.serviceTime, \.serviceTime), rates,
            ]
            : []
        let families = [validity, payments, skipped] + measured + [budgets, margins]
        return families.map(\.text).joined() + "# EOF\n"
    }

    private var validity: Family {
        Family(
            "paybench_measurement_usable", .gauge,
            "1 where the run was whole and not invalid, else 0",
            [Sample(value: summary.isComparable ? 1 : 0)])
    }

    private var payments: Family {
        Family(
            "paybench_payments", .counter, "Payments started, by outcome",
            Outcome.allCases.map { outcome in
                Sample(
                    suffix: "_total", labels: [("outcome", outcome.name)],
                    value: Double(summary.totals.count(of: outcome)))
            })
    }

    private var skipped: Family {
        Family(
            "paybench_skipped", .counter, "Arrivals that were not sent",
            [Sample(suffix: "_total", value: Double(summary.totals.skipped))])
    }

    private var rates: Family {
        let rates = [
            ("planned", summary.rate.plannedPerSecond), ("started", summary.rate.startedPerSecond),
            ("completed", summary.rate.completedPerSecond),
        ]
        return Family(
            "paybench_rate_per_second", .gauge, "Payments a second of the measured phases",
            rates.compactMap { kind, rate in
                rate.map { Sample(labels: [("kind", kind)], value: $0) }
            })
    }

    private func times(
        _ name: String, _ whole: Distribution, _ time: KeyPath<PaymentLatency, Distribution>
    ) -> Family {
        let payments = summary.payments.count > 1 ? summary.payments : []
        return Family(
            "paybench_\(name)_seconds", .summary, "Of the measured phases",
            Self.samples(whole, [])
                + payments.flatMap {
                    Self.samples($0.latency[keyPath: time], [("payment", $0.name)])
                })
    }

    private static func samples(
        _ times: Distribution, _ labels: [(String, String)]
    ) -> [Sample] {
        let quantiles = [
            ("0.5", times.p50), ("0.9", times.p90), ("0.95", times.p95), ("0.99", times.p99),
            ("0.999", times.p99_9),
        ]
        let known = quantiles.compactMap { quantile, microseconds in
            microseconds.map {
                Sample(labels: labels + [("quantile", quantile)], value: Double($0) / 1e6)
            }
        }
        return known + [Sample(suffix: "_count", labels: labels, value: Double(times.count))]
    }

    private var budgets: Family {
        let budgets = summary.budgets ?? []
        return Family(
            "paybench_budgets", .gauge, "Budgets by verdict",
            summary.budgets == nil
                ? []
                : BudgetResult.Verdict.allCases.map { verdict in
                    Sample(
                        labels: [("verdict", verdict.rawValue)],
                        value: Double(budgets.count { $0.verdict == verdict }))
                })
    }

    private var margins: Family {
        Family(
            "paybench_budget_margin_ratio", .gauge,
            "How far inside its limit the value of a budget is, as a share of the limit",
            (summary.budgets ?? []).compactMap { budget in
                budget.margin.map { Sample(labels: [("budget", budget.budget)], value: $0) }
            })
    }
}

/// A metric family of OpenMetrics 1.0; nothing at all where it has no sample.
private struct Family {
    enum Kind: String {
        case counter, gauge, summary
    }

    let text: String

    init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        var seen: Set<String> = []
        let lines = samples.compactMap { sample in
            let series = sample.series(of: name)
            return seen.insert(series).inserted ? "\(series) \(sample.number)\n" : nil
        }
        text =
            lines.isEmpty
            ? "" : "# TYPE \(name) \(kind.rawValue)\n# HELP \(name) \(help)\n" + lines.joined()
    }
}

private struct Sample {
    var suffix = ""
    var labels: [(String, String)] = []
    let value: Double

    func series(of family: String) -> String {
        let pairs = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
        return family + suffix + (pairs.isEmpty ? "" : "{\(pairs)}")
    }

    /// Whole numbers without a decimal.
    var number: String {
        value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
    }

    /// By the rules of OpenMetrics; GitLab would take a `#` for the beginning of a comment.
    private static func escaped(_ text: String) -> String {
        text.printable.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "#": escaped += "\\\\u{23}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }
}
