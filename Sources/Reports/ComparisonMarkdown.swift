import Comparisons
import Results

/// A comparison as Markdown for GitHub and GitLab.
package struct ComparisonMarkdown: Sendable {
    private let comparison: Comparison
    private let report: ComparisonReport

    package init(_ comparison: Comparison) {
        self.comparison = comparison
        report = ComparisonReport(comparison, folder: nil)
    }

    /// Ends with a line feed.
    package var text: String {
        let title =
            "### \(Markdown.code(comparison.scenario.name)): "
            + Markdown.prose(report.subject)
        let blocks =
            [[title]] + [[Markdown.prose(report.confidence)]]
            + comparison.settings.metrics.map(table)
            + [report.sentences.map { "- \(Markdown.prose($0))" }, shift, outcomes]
            + [
                (report.codeSentences + comparison.notes).map { "- \(Markdown.prose($0))" },
                validity,
            ]
        return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
            .joined(separator: "\n\n") + "\n"
    }

    private func table(of metric: String) -> [String] {
        let rows = report.rows(of: metric).map { row in
            [Markdown.code(row[0])] + row.dropFirst().map { Markdown.prose($0) }
        }
        let header = [Markdown.code(metric), "value", "typical slice", "whole run", "verdict"]
        return rows.isEmpty ? [] : Markdown.table(words: 1, header: header, rows: rows)
    }

    private var shift: [String] {
        let rows = report.shiftRows
        guard !rows.isEmpty else { return [] }
        return Markdown.table(
            words: 1,
            header: ["response time"] + ComparisonReport.quantiles.map(ComparisonReport.name),
            rows: rows.map { [Markdown.code($0[0])] + $0.dropFirst() })
    }

    private var outcomes: [String] {
        Markdown.table(
            words: 1, header: ["payments"] + comparison.adapters.map { Markdown.code($0.name) },
            rows: report.outcomeRows)
    }

    private var validity: [String] {
        let verdict = comparison.validity
        return ["Measurement: **\(verdict.validity.rawValue)**", ""]
            + verdict.causes.map { "- \(Markdown.prose("\($0.check): \($0.advice)"))" }
    }
}
