import Comparisons
import Payments
import Reports
import Results

/// The `report.html` of a comparison: who is better, by how much and how sure; which part of the response
/// times moved, their course, outcomes side by side, and what it rests on.
package struct ComparisonPage: Sendable {
    private let comparison: Comparison
    private let courses: [ComparedCourse]
    private let report: ComparisonReport

    /// - Parameter courses: of its adapters, as far as they are known.
    package init(_ comparison: Comparison, courses: [ComparedCourse]) {
        self.comparison = comparison
        self.courses = courses
        report = ComparisonReport(comparison, folder: nil)
    }

    package var page: Page {
        let start = comparison.startedAt.printable
        let sections = [verdicts, latency, course, outcomes, basis].compactMap(\.self)
        return Page(
            title: "\(comparison.scenario.name.printable): comparison",
            facts:
                "\(report.subject) · run \(comparison.runIDs.joined(separator: ", ").printable) · "
                + "seed \(comparison.scenario.seed) · \(start.prefix(10)) "
                + "\(start.dropFirst(11).prefix(8)) UTC",
            mood: mood, headline: headline, lead: lead, sections: sections)
    }
}

/// The box at the top.
extension ComparisonPage {
    private var mood: Page.Mood {
        guard comparison.isValid, !comparison.adapters.contains(where: \.isDown) else {
            return .bad
        }
        return comparison.isDecided && comparison.validity.validity == .valid ? .good : .doubtful
    }

    private var headline: String {
        let down = comparison.adapters.filter(\.isDown).map(\.name.printable)
        if !comparison.isValid { return "The measurement is invalid" }
        if !down.isEmpty { return "Down: \(down.joined(separator: ", "))" }
        let open = comparison.verdicts.count { $0.verdict == .cannotTell }
        let all = comparison.verdicts.count
        if open == 0 { return all == 1 ? "The verdict is there" : "All \(all) verdicts are there" }
        return "\(open) of \(all) verdicts can't be told"
    }

    private var lead: [Markup] {
        let notes = comparison.notes.map(\.printable)
        let result = Markup.answer("What came out", [.list(report.sentences)])
        let belief = Markup.answer(
            "Can this be believed?",
            comparison.validity.belief + (notes.isEmpty ? [] : [.list(notes)]))
        // Doubts take much room, and are read first.
        return comparison.validity.causes.isEmpty
            ? [.element("div", ["class": "answers two"], [result, belief])]
            : [.element("div", ["class": "answers one"], [belief, result])]
    }
}

/// Its sections.
extension ComparisonPage {
    private var verdicts: Page.Section? {
        let tables = comparison.settings.metrics.compactMap { metric -> Markup? in
            let rows = report.rows(of: metric)
            guard !rows.isEmpty else { return nil }
            let isShare = rows.contains { $0[2].contains("pp") }
            return Table(
                metric.printable,
                head: ["adapter", "verdict", "value"]
                    + (isShare ? ["difference"] : ["typical slice", "whole run"]),
                rows: rows.map { Self.verdictFirst($0, isShare: isShare) }, wordy: [1]
            ).markup
        }
        guard !tables.isEmpty else { return nil }
        return Page.Section(
            "verdicts", "Verdicts",
            [.paragraph("\(report.confidence.capitalised).", "quiet")] + tables)
    }

    /// - Parameter row: adapter, value, difference of a typical slice and of the whole, verdict; of the
    ///   reference: that it is the reference, in the place of its difference.
    private static func verdictFirst(_ row: [String], isShare: Bool) -> [String] {
        let isReference = row[4].isEmpty
        let changes = isShare ? [row[2]] : [row[2], row[3]]
        return [row[0], isReference ? row[2] : row[4], row[1]]
            + (isReference ? changes.map { _ in "" } : changes)
    }

    private var latency: Page.Section? {
        let figures = [quantiles, shift].compactMap { $0?.markup }
        return figures.isEmpty ? nil : Page.Section("latency", "Response time", figures)
    }

    private var quantiles: Figure? {
        guard courses.contains(where: { !$0.times.isEmpty }) else { return nil }
        let chart = QuantileChart(
            "Response time by percentile, by adapter",
            courses.map { course in
                .init(
                    course.name.printable, ink: ink(of: course.name), course.times,
                    course.distribution)
            })
        let rows = courses.map { course in
            [course.name.printable, Figures.count(Int(clamping: course.times.count))]
                + QuantileName.allCases.map {
                    Figures.duration(microseconds: course.distribution.value(of: $0))
                } + [Figures.duration(microseconds: course.distribution.maximum)]
        }
        return Figure(
            "Response time by percentile",
            "Each nine of a percentile has as much room as the one before it. Bands: where the "
                + "quantile lies with 95 % confidence. All payments of measured phases.",
            chart, legend: legend,
            tables: [
                Table(
                    "Response time",
                    head: ["adapter", "payments"] + QuantileName.allCases.map(\.words) + ["max"],
                    rows: rows)
            ])
    }

    private var shift: Figure? {
        let chart = ShiftChart(
            "Shift of the response time against \(report.referenceName)",
            comparison.shifts.map { ($0, ink(of: $0.adapter)) })
        guard !chart.isEmpty else { return nil }
        let others = legend.filter { $0.words != report.referenceName }
        return Figure(
            "Which part moved",
            "Change of each quantile against \(report.referenceName); below the line is faster. A "
                + "band that leaves out the line is more than chance.",
            chart, legend: others,
            tables: [
                Table(
                    "Change against \(report.referenceName); in brackets: may be none",
                    head: ["adapter"] + ComparisonReport.quantiles.map(ComparisonReport.name),
                    rows: report.shiftRows)
            ])
    }

    private var course: Page.Section? {
        let figures = [medians, tails].compactMap { $0?.markup }
        return figures.isEmpty ? nil : Page.Section("course", "In the course of the run", figures)
    }

    private var medians: Figure? { timeFigure("Median response time", "p50") { $0.p50 } }
    private var tails: Figure? { timeFigure("p99 response time", "p99") { $0.p99 } }

    private static let mostColumns = 168
    private static let mostRows = 48

    /// With a gap where an adapter had no payments, unless that is by design: in blocks they take turns.
    private func timeFigure(
        _ title: String, _ words: String, _ value: (ComparedCourse.Slice) -> Double?
    ) -> Figure? {
        let known = courses.flatMap { $0.slices.compactMap(\.self) }
        guard known.contains(where: { value($0) != nil }) else { return nil }
        let isInTurns = comparison.design == .blocks
        let end = (known.map(\.second) + courses.flatMap(\.passes).map(\.end)).max() ?? 1
        let axis = TimeAxis(seconds: end, passes: courses.flatMap(\.passes))
        let lines = courses.map { course in
            TimeChart.Line(
                course.name.printable, ink: ink(of: course.name),
                course.line(axis, atMost: Self.mostColumns, value).filter {
                    $0 != nil || !isInTurns
                })
        }
        let isCoarse = courses.contains { $0.slices.count > Self.mostColumns }
        return Figure(
            title,
            "The \(words) of each slice of the run, by when its payments were due"
                + (isCoarse ? "; the longest of each stretch." : "."),
            TimeChart(
                "\(title), by adapter", Self.summary(of: lines), axis, lines: lines,
                words: Ticks.duration),
            legend: legend, tables: [courseTable(words, axis, value)])
    }

    private func courseTable(
        _ words: String, _ axis: TimeAxis, _ value: (ComparedCourse.Slice) -> Double?
    ) -> Table {
        let lines = courses.map { $0.longest(axis, stretches: Self.mostRows, value) }
        let rows = (0..<Self.mostRows).compactMap { index -> [String]? in
            let values = lines.map { $0[index]?.value }
            guard values.contains(where: { $0 != nil }) else { return nil }
            let start = axis.words(axis.seconds * Double(index) / Double(Self.mostRows))
            return [start]
                + values.map { value in
                    Figures.duration(microseconds: value.map { UInt64(max(0, $0)) })
                }
        }
        return Table(
            "Longest \(words) of each stretch", head: ["from"] + courses.map(\.name.printable),
            rows: rows)
    }

    private static func summary(of lines: [TimeChart.Line]) -> String {
        lines.map { line in
            let values = line.values.compactMap { $0?.value }
            guard let least = values.min(), let most = values.max() else {
                return "\(line.name): nothing."
            }
            let bounds = [least, most].map { Figures.duration(microseconds: UInt64($0)) }
            return "\(line.name): \(bounds.joined(separator: " to "))."
        }.joined(separator: " ")
    }

    private var outcomes: Page.Section? {
        let codes = report.codeSentences
        return Page.Section(
            "outcomes", "Outcomes",
            [outcomeFigure.markup]
                + (codes.isEmpty
                    ? [] : [.paragraph("Codes that differ by more than chance:"), .list(codes)]))
    }

    private var outcomeFigure: Figure {
        let came = Outcome.allCases.filter { outcome in
            comparison.adapters.contains { ($0.outcomes[outcome] ?? 0) > 0 }
        }
        let bars = ShareBars(
            "Outcomes by adapter",
            comparison.adapters.map { adapter in
                (
                    adapter.name.printable,
                    came.map {
                        .init($0.name, adapter.outcomes[$0] ?? 0, ink: $0.ink)
                    }
                )
            })
        return Figure(
            "Outcomes side by side", "Shares of the payments in the slices that are judged.",
            bars, legend: came.map { ($0.name, $0.ink) },
            tables: [
                Table(
                    "Payments",
                    head: ["outcome"] + comparison.adapters.map(\.name.printable),
                    rows: report.outcomeRows)
            ])
    }

    private var basis: Page.Section {
        let slices = comparison.slices
        var facts = [
            (
                "scenario",
                "\(comparison.scenario.name.printable), sha256 "
                    + comparison.scenario.sha256.prefix(12)
            ),
            ("design", comparison.design.words),
            ("slices", "\(slices.judged) of \(slices.seconds) s"),
            ("left out", "\(slices.dropped.count), since the generator was late in them"),
        ]
        if let found = comparison.interference {
            facts.append(
                (
                    "interference",
                    "beside the others the reference's median is off by \(ShiftChart.words(found.change.change)) "
                        + "from what it is alone" + (found.interferes ? ": they interfere" : "")
                ))
        }
        facts += comparison.adapters.map { ($0.name.printable, $0.target.printable) }
        if let order = comparison.settings.order, !order.isEmpty {
            let rounds = order.prefix(12).map { $0.joined(separator: " ").printable }
            let more = order.count > 12 ? ", and \(order.count - 12) rounds more" : ""
            facts.append(("order of blocks", rounds.joined(separator: ", ") + more))
        }
        return Page.Section("basis", "What it rests on", [.facts(facts)])
    }

    private var legend: [(words: String, ink: SVGDrawing.Ink)] {
        comparison.adapters.map { ($0.name.printable, ink(of: $0.name)) }
    }

    /// The reference in the colour of text.
    private func ink(of adapter: String) -> SVGDrawing.Ink {
        let others = comparison.adapters.filter { !$0.isReference }
        guard let place = others.firstIndex(where: { $0.name == adapter }) else { return .text }
        return .series(place)
    }
}
