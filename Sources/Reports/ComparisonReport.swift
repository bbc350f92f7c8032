import Comparisons
import Payments
import Results

/// A comparison for people, to be pasted into a decision record: a table a metric, which part of the
/// distribution moved, outcomes side by side, and what it rests on. At most 100 columns.
package struct ComparisonReport: Sendable {
    private static let width = 100
    /// Of the shift; the file has more.
    package static let quantiles = [0.1, 0.5, 0.9, 0.95, 0.99, 0.999]

    let comparison: Comparison
    /// Where the results are, if anywhere.
    private let folder: String?

    package init(_ comparison: Comparison, folder: String?) {
        self.comparison = comparison
        self.folder = folder
    }

    /// Ends with a line feed.
    package func text(style: TextStyle = .plain) -> String {
        let tables = comparison.settings.metrics.map { table(of: $0, style) }
        let blocks =
            [headline(style)] + tables + [verdictLines, shift, outcomes, codes, notes]
            + [validity(style) + results]
        return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }
            .joined(separator: "\n")
    }

    private func headline(_ style: TextStyle) -> [String] {
        let name = comparison.scenario.name.printable.clipped(to: 40)
        let start = comparison.startedAt.printable
        return [
            "\(style.ink(.bold, name)): \(subject)".clipped(to: Self.width),
            "run \(comparison.runIDs.joined(separator: ", ").printable) · "
                + "seed \(comparison.scenario.seed) · "
                + "\(start.prefix(10)) \(start.dropFirst(11).prefix(8)) UTC",
            confidence,
        ].map { $0.clipped(to: Self.width) }
    }

    /// `3 adapters in a duet, 28 slices of 4 s, against north`
    package var subject: String {
        let slices = comparison.slices
        let early = slices.endedEarly ? ", ended early: decided" : ""
        let left = slices.dropped.isEmpty ? "" : " (\(slices.dropped.count) more left out)"
        return "\(comparison.adapters.count) adapters \(comparison.design.words), "
            + "\(slices.judged) slices of \(slices.seconds) s\(left)\(early), "
            + "against \(referenceName)"
    }

    package var confidence: String {
        let settings = comparison.settings
        return "all verdicts together \(Figures.share(settings.confidence)) sure; no difference: "
            + "within \(Figures.share(settings.equivalentWithin)); intervals "
            + Figures.share(settings.confidenceEach)
    }

    package var referenceName: String { (comparison.reference?.name ?? Figures.none).printable }

    private func table(of metric: String, _ style: TextStyle) -> [String] {
        let rows = rows(of: metric)
        guard !rows.isEmpty else { return [] }
        let isShare = rows.contains { $0.count > 2 && $0[2].contains("pp") }
        let header = [
            "", "", isShare ? "difference" : "typical slice", isShare ? "" : "whole run", "",
        ]
        let lines = Table(words: 5, rows: [header] + rows, widest: 34).lines()
        return [style.ink(.bold, metric)] + lines.map { "  \($0)" }
    }

    /// Adapter, value, two changes, verdict.
    package func rows(of metric: String) -> [[String]] {
        comparison.adapters.compactMap { adapter -> [String]? in
            guard let value = adapter.values.first(where: { $0.metric == metric }) else {
                return nil
            }
            let figure = value.unit.figure(value.value)
            let name = adapter.name.printable.clipped(to: 20)
            guard
                let judged = comparison.verdicts.first(where: {
                    $0.adapter == adapter.name && $0.metric == metric
                })
            else { return [name, figure, "reference", "", ""] }
            let changes =
                judged.difference.map { [$0.points, ""] }
                ?? [judged.typical?.compact ?? Figures.none, judged.whole?.compact ?? Figures.none]
            return [name, figure] + changes + [judged.verdict.words]
        }
    }

    private var verdictLines: [String] {
        sentences.flatMap { Paragraph(label: "", sentence: $0).lines(width: Self.width, indent: 0) }
    }

    /// One for each verdict, in whole sentences.
    package var sentences: [String] {
        comparison.verdicts.map { $0.sentence(against: referenceName) }
    }

    private var shift: [String] {
        let rows = shiftRows
        guard !rows.isEmpty else { return [] }
        let header = [""] + Self.quantiles.map(Self.name)
        return ["response time against \(referenceName), by quantile; in brackets: may be none"]
            + Table(words: 1, rows: [header] + rows, widest: 20).lines().map { "  \($0)" }
    }

    package static func name(_ quantile: Double) -> String {
        let percent = quantile * 100
        return "p\(percent == percent.rounded() ? percent.fixed(0) : percent.fixed(1))"
    }

    package var shiftRows: [[String]] {
        comparison.shifts.filter { !$0.points.isEmpty }.map { shift in
            [shift.adapter.printable]
                + Self.quantiles.map { quantile in
                    guard
                        let point = shift.points.first(where: { abs($0.quantile - quantile) < 1e-9 }
                        )
                    else { return Figures.none }
                    let text = Comparison.Change.signed(point.change.change)
                    return point.change.isProved ? text : "(\(text))"
                }
        }
    }

    private var outcomes: [String] {
        let header = ["payments"] + comparison.adapters.map { $0.name.printable.clipped(to: 16) }
        return Table(words: 1, rows: [header] + outcomeRows, widest: 20).lines()
    }

    package var outcomeRows: [[String]] {
        let adapters = comparison.adapters
        let counts = [["all"] + adapters.map { Figures.count($0.payments) }]
        return counts
            + Outcome.allCases.filter { outcome in
                adapters.contains { ($0.outcomes[outcome] ?? 0) > 0 }
            }.map { outcome in
                [outcome.name]
                    + adapters.map { Figures.share($0.outcomes[outcome] ?? 0, of: $0.payments) }
            }
    }

    private var codes: [String] { codeSentences }

    package var codeSentences: [String] {
        comparison.codes.flatMap { codes in
            codes.entries.filter(\.differs).map { entry in
                "\(codes.adapter.printable): \(entry.code.printable) (\(entry.outcome.name)) "
                    + "\(Figures.share(entry.value)) of payments, \(referenceName) "
                    + Figures.share(entry.reference)
            }
        }.map { $0.clipped(to: Self.width) }
    }

    private var notes: [String] {
        comparison.notes.flatMap {
            Paragraph(label: "note", sentence: $0.printable).lines(width: Self.width)
        }
    }

    private func validity(_ style: TextStyle) -> [String] {
        let verdict = comparison.validity
        let ink: TextStyle.Ink =
            switch verdict.validity {
            case .valid: .green
            case .suspect: .yellow
            case .invalid: .red
            }
        let headline =
            "measured".padded(to: Paragraph.labelWidth)
            + style.ink(ink, verdict.validity.rawValue)
            + (verdict.accepted ? ", accepted by --accept-invalid" : "")
        return [headline]
            + verdict.causes.flatMap {
                Paragraph(label: "", sentence: "\($0.check.printable): \($0.advice.printable)")
                    .lines(width: Self.width)
            }
    }

    private var results: [String] {
        guard let folder else { return [] }
        return ["results".padded(to: Paragraph.labelWidth) + folder.printable]
    }
}
