import Payments
import Results

/// A run as a comment on a merge request, or the summary of a job: verdict, budgets, latency, outcomes.
///
/// Its first line is a comment that names the scenario, so that a script finds the comment of the last
/// run and replaces it. At most 65,536 characters, the most that GitHub takes.
package struct MarkdownReport: Sendable {
    private static let mostBudgets = 30
    private static let mostReasons = 10
    private static let mostPayments = 10
    private static let mostErrors = 10

    private let summary: Summary
    /// Those that were not kept first.
    private let budgets: [BudgetResult]

    package init(_ summary: Summary) {
        self.summary = summary
        // By hand, since the order of the scenario has to stay within each verdict.
        budgets = BudgetResult.Verdict.allCases.sorted { $0.rank < $1.rank }.flatMap { verdict in
            (summary.budgets ?? []).filter { $0.verdict == verdict }
        }
    }

    package var text: String {
        let blocks = [
            head, budgetTable, reasons, measurement, latency, outcomes, errors, [foot],
        ]
        return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }
            .joined(separator: "\n")
    }

    private var head: [String] {
        let state = RunState(summary)
        let mark =
            switch state.grade {
            case .good: "✅"
            case .doubtful: "⚠️"
            case .bad: "❌"
            }
        let name = Markdown.code(summary.shownName, columns: 60)
        return [
            "<!-- paybench: \(marker) -->",
            "### \(mark) paybench \(name): \(Markdown.prose(state.headline))",
        ]
    }

    /// Letters, digits and `_` only: two dashes would end the comment.
    private var marker: String {
        let letters = summary.scenario.name.unicodeScalars.prefix(100).map { scalar in
            let isPlain =
                ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                || ("0"..."9").contains(scalar)
            return isPlain ? Character(scalar) : "_"
        }
        return String(letters)
    }

    private var budgetTable: [String] {
        guard !budgets.isEmpty else { return [] }
        let header = ["budget", "verdict", "value", "interval", "limit", "margin", "n"]
        let rows = budgets.prefix(Self.mostBudgets).map { budget in
            [
                Markdown.code(budget.budget, columns: 100), budget.verdict.marked,
                budget.figure(budget.value), budget.interval, budget.figure(budget.limit),
                budget.shownMargin, Figures.count(budget.count),
            ]
        }
        return Markdown.table(words: 2, header: header, rows: rows)
            + Self.more(than: Self.mostBudgets, of: budgets.count, "budgets")
    }

    private var reasons: [String] {
        budgets.filter { $0.verdict != .pass }.prefix(Self.mostReasons).map {
            "* \(Markdown.code($0.budget, columns: 100)): \(Markdown.prose($0.reason))"
        }
    }

    private var measurement: [String] {
        let verdict = summary.verdict
        let isUnjudged = summary.budgets != nil && !verdict.isUsable
        let headline =
            "Measurement **\(verdict.validity.rawValue)**"
            + (verdict.accepted ? ", accepted by `--accept-invalid`" : "")
            + (isUnjudged ? "; budgets are not judged" : "") + "."
        return [headline]
            + verdict.causes.prefix(10).map {
                "* \(Markdown.code($0.check)): \(Markdown.prose($0.advice))"
            }
    }

    private var latency: [String] {
        guard summary.latency.responseTime.count > 0 else { return ["No payment was measured."] }
        let payments = summary.payments.filter { $0.latency.responseTime.count > 0 }
        let parts =
            payments.count > 1
            ? payments.prefix(Self.mostPayments).map {
                Self.row(
                    "· \(Markdown.code($0.name, columns: 40))", $0.latency.responseTime)
            } : []
        let rows =
            [Self.row("**response time**", summary.latency.responseTime)] + parts
            + [
                Self.row("service time", summary.latency.serviceTime),
                Self.row("send delay", summary.latency.sendDelay),
            ]
        return Markdown.table(
            words: 1, header: ["", "count", "p50", "p90", "p95", "p99", "p99.9", "max"],
            rows: rows) + Self.more(than: Self.mostPayments, of: payments.count, "payments")
    }

    private static func row(_ name: String, _ times: Distribution) -> [String] {
        let quantiles = [
            times.p50, times.p90, times.p95, times.p99, times.p99_9, times.maximum,
        ]
        return [name, Figures.count(Int(clamping: times.count))]
            + quantiles.map { Figures.duration(microseconds: $0) }
    }

    private var outcomes: [String] {
        let totals = summary.totals
        let parts = Outcome.allCases.filter { totals.count(of: $0) != 0 }.map { outcome in
            let count = totals.count(of: outcome)
            return "\(Figures.count(count)) \(Markdown.prose(outcome.name)) "
                + "(\(Figures.share(count, of: totals.started)))"
        }
        let unanswered = totals.unanswered.map { ["\(Figures.count($0)) unanswered"] } ?? []
        let sum = (parts + unanswered).joined(separator: " + ")
        return [
            "Planned \(Figures.count(totals.planned)) = \(Figures.count(totals.started)) started "
                + "+ \(Figures.count(totals.skipped)) skipped; started = "
                + (sum.isEmpty ? "0" : sum) + "."
        ]
    }

    private var errors: [String] {
        let errors = summary.errors.prefix(Self.mostErrors)
        guard !errors.isEmpty else { return [] }
        let rows = errors.map { error in
            [
                Markdown.code(error.code, columns: 60), Markdown.prose(error.outcome.name),
                error.field.map { Markdown.code($0, columns: 40) } ?? "",
                error.httpStatus.map(String.init) ?? Figures.none, Figures.count(error.count),
                Figures.share(error.share),
            ]
        }
        let table = Markdown.table(
            words: 3, header: ["code", "outcome", "field", "HTTP", "count", "share"], rows: rows)
        return Markdown.folded(
            "Codes", table + Self.more(than: Self.mostErrors, of: summary.errors.count, "codes"))
    }

    private var foot: String {
        let facts = [
            "run \(Markdown.code(summary.runID, columns: 64))",
            Markdown.code(summary.target, columns: 100), "seed \(summary.scenario.seed)",
            Markdown.prose(summary.shownStart), Figures.length(seconds: summary.wallSeconds),
            "paybench \(Markdown.prose(summary.tool.version))",
            "libcurl \(Markdown.prose(summary.tool.libcurl))",
        ]
        return "<sub>\(facts.joined(separator: " · "))</sub>"
    }

    private static func more(than most: Int, of count: Int, _ things: String) -> [String] {
        count > most ? ["", "and \(Figures.count(count - most)) more \(things)"] : []
    }
}

extension BudgetResult.Verdict {
    fileprivate var marked: String {
        switch self {
        case .pass: "✅ pass"
        case .fail: "❌ **fail**"
        case .inconclusive: "❔ inconclusive"
        }
    }
}
