import Payments
import Reports
import Results

/// What happened when.
extension RunPage {
    typealias Column = TimelineColumns.Column

    /// One row for each stretch of time.
    func timeTable(
        _ caption: String, _ head: [String], cells: (Column) -> [String]
    ) -> Table {
        let words =
            rows.isCoarse
            ? "\(caption), in steps of \(Figures.length(seconds: Double(rows.seconds)))"
            : "\(caption), second by second"
        return Table(
            words, head: ["from"] + head,
            rows: rows.columns.map { [axis.words(Double($0.start))] + cells($0) })
    }

    /// With what columns hold as tips.
    private func chart(_ chart: TimeChart, tip: (Column) -> String) -> TimeChart {
        var chart = chart
        chart.tips = columns.columns.map { column in
            let start = axis.words(Double(column.start))
            let when = columns.isCoarse ? "\(start) to \(axis.words(Double(column.end)))" : start
            return (Double(column.start), Double(column.end), "\(when): \(tip(column))")
        }
        return chart
    }

    private func line(
        _ name: String, _ ink: SVGDrawing.Ink, _ stroke: SVGDrawing.Stroke = .thick,
        _ spread: (Column) -> TimelineColumns.Spread
    ) -> TimeChart.Line {
        TimeChart.Line(
            name, ink: ink, stroke: stroke,
            columns.columns.map { ($0.middle, $0.perSecond(spread($0))) })
    }

    private static func perSecond(_ value: Double) -> String { Figures.rate(perSecond: value) }

    var course: Page.Section? {
        guard !columns.columns.isEmpty else { return nil }
        return Page.Section("course", "Over time", [rates.markup, inFlight.markup])
    }

    private var rates: Figure {
        let title = "Planned against achieved rate"
        let lines = [
            line("Completed", .series(0)) { $0.completed },
            line("Planned", .text, .dashed) { $0.planned },
        ]
        let band = TimeChart.Band(
            ink: .series(0),
            columns.columns.map {
                ($0.middle, Double($0.completed.least), Double($0.completed.most))
            })
        let most = columns.columns.map { $0.perSecond($0.completed) }.max() ?? 0
        let words =
            "Where completed stays below planned, payments pile up."
            + (columns.isCoarse ? " The band spans the slowest and the fastest second." : "")
        return Figure(
            title, words,
            chart(
                TimeChart(
                    title, "At most \(Self.perSecond(most)) completed.", axis, lines: lines,
                    bands: columns.isCoarse ? [band] : [], words: Ticks.rate)
            ) { column in
                "\(Self.perSecond(column.perSecond(column.completed))) completed, "
                    + "\(Self.perSecond(column.perSecond(column.planned))) planned"
            },
            legend: lines.map { ($0.name, $0.ink) },
            tables: [
                timeTable("Payments a second", ["planned", "started", "completed"]) { column in
                    [column.planned, column.started, column.completed].map {
                        Self.perSecond(column.perSecond($0))
                    }
                }
            ])
    }

    private var inFlight: Figure {
        let title = "Payments under way"
        let most = columns.columns.map(\.inFlight.most).max() ?? 0
        let line = TimeChart.Line(
            "Under way", ink: .series(2),
            columns.columns.map { ($0.middle, Double($0.inFlight.most)) })
        let summary = "At most \(Figures.count(most))."
        return Figure(
            title,
            "Sent and not answered yet, at the end of a second"
                + (columns.isCoarse ? "; the most of each stretch." : "."),
            chart(
                TimeChart(title, summary, axis, lines: [line], words: Ticks.count)
            ) { "\(Figures.count($0.inFlight.most)) under way" },
            tables: [
                timeTable("Payments under way", ["most"]) { [Figures.count($0.inFlight.most)] }
            ])
    }

    var sendDelay: Page.Section? {
        guard !columns.columns.isEmpty else { return nil }
        let title = "Send delay p99"
        let known = columns.columns.compactMap(\.sendDelayP99)
        let line = TimeChart.Line(
            title, ink: .series(2),
            columns.columns.map { column in
                column.sendDelayP99.map { (column.middle, Double(max(1, $0))) }
            })
        let summary = "At most \(Figures.duration(microseconds: known.max()))."
        let drawn = TimeChart(
            title, summary, axis, lines: [line], kind: .logarithmic, words: Ticks.duration)
        let figure = Figure(
            title,
            "How late payments were sent, a percent of them later: our own lateness, which is part "
                + "of response time" + (columns.isCoarse ? "; the longest of each stretch." : "."),
            chart(drawn) { Figures.duration(microseconds: $0.sendDelayP99) },
            tables: [
                timeTable(title, ["longest"]) { [Figures.duration(microseconds: $0.sendDelayP99)] }
            ])
        return Page.Section("send-delay", "Send delay", [figure.markup])
    }

    /// Those that came.
    private var seen: [Outcome] { Outcome.allCases.filter { summary.totals.count(of: $0) > 0 } }

    private var notAccepted: [Outcome] { seen.filter { $0 != .accepted } }

    var outcomes: Page.Section? {
        let charts = columns.columns.isEmpty || seen.isEmpty ? [] : [stack] + rest + worst
        let figures = charts + (summary.errors.isEmpty ? [] : [codes])
        return Page.Section(
            "outcomes", "Outcomes",
            [outcomeTable.markup] + figures.map(\.markup))
    }

    private var outcomeTable: Table {
        let totals = summary.totals
        let rows = Outcome.allCases.map { outcome -> [String] in
            let count = totals.count(of: outcome)
            return [
                outcome.words, Figures.count(count), Figures.share(count, of: totals.started),
            ]
        }
        let caption =
            "\(Figures.count(totals.planned)) planned = \(Figures.count(totals.started)) started "
            + "+ \(Figures.count(totals.skipped)) skipped"
        return Table(caption, head: ["outcome", "count", "share"], rows: rows)
    }

    private var stack: Figure {
        layers(
            "Outcomes over time",
            "Payments a second by how they ended, on one another, at the time they ended.", seen)
    }

    /// Few errors can't be seen beside many accepted payments.
    private var rest: [Figure] {
        guard !notAccepted.isEmpty, notAccepted.count < seen.count else { return [] }
        return [
            layers(
                "All but accepted", "The same without the accepted ones, on a scale of their own.",
                notAccepted)
        ]
    }

    private func layers(_ title: String, _ words: String, _ shown: [Outcome]) -> Figure {
        let layers = shown.map { outcome in
            Layer(
                outcome.words, ink: outcome.ink,
                columns.columns.map { $0.perSecond($0.outcomes[Int(outcome.rawValue)]) })
        }
        let summary = "In layers: \(shown.map(\.words).joined(separator: ", "))."
        let drawn = TimeChart(
            title, summary, axis, stacked: layers, at: columns.columns.map(\.middle),
            words: Ticks.rate)
        return Figure(
            title, words, chart(drawn) { tip($0, shown) },
            legend: layers.map { ($0.name, $0.ink) },
            tables: [
                timeTable("Payments that ended", shown.map(\.words)) { column in
                    shown.map { Figures.count(column.outcomes[Int($0.rawValue)].sum) }
                }
            ])
    }

    private func tip(_ column: Column, _ shown: [Outcome]) -> String {
        let parts = shown.compactMap { outcome -> String? in
            let count = column.outcomes[Int(outcome.rawValue)].sum
            return count == 0 ? nil : "\(Figures.count(count)) \(outcome.words)"
        }
        return parts.isEmpty ? "none" : parts.joined(separator: ", ")
    }

    /// The worst second of each column, which a mean would hide.
    private var worst: [Figure] {
        let bad = seen.filter { $0 != .accepted && $0 != .declined }
        guard columns.isCoarse, !bad.isEmpty else { return [] }
        let title = "Errors in the worst second"
        let lines = bad.map { outcome in
            TimeChart.Line(
                outcome.words, ink: outcome.ink,
                columns.columns.map {
                    ($0.middle, Double($0.outcomes[Int(outcome.rawValue)].most))
                })
        }
        let drawn = TimeChart(
            title, "Lines: \(bad.map(\.words).joined(separator: ", ")).", axis, lines: lines,
            words: Ticks.rate)
        return [
            Figure(
                title, "The most in one second of each stretch, so that a short burst is not lost.",
                drawn, legend: lines.map { ($0.name, $0.ink) },
                tables: [
                    timeTable("Most in a second", bad.map(\.words)) { column in
                        bad.map { Figures.count(column.outcomes[Int($0.rawValue)].most) }
                    }
                ])
        ]
    }

    private static let mostBars = 12

    private var codes: Figure {
        let bars = summary.errors.prefix(Self.mostBars).map { error in
            BarChart.Bar(
                name: error.code.printable, value: Double(error.count),
                words: "\(Figures.count(error.count)) · \(Figures.share(error.share))",
                ink: error.outcome.ink)
        }
        var colours: [Outcome] = []
        for error in summary.errors.prefix(Self.mostBars) where !colours.contains(error.outcome) {
            colours.append(error.outcome)
        }
        let rows = summary.errors.prefix(200).map { error in
            [
                error.code.printable, error.outcome.words,
                error.httpStatus.map(String.init) ?? Figures.none,
                error.field?.printable ?? "", Figures.count(error.count),
                Figures.share(error.share),
            ]
        }
        return Figure(
            "Codes",
            "What payments that were not accepted ended with; shares are of all started payments"
                + (summary.errors.count > Self.mostBars
                    ? "; the \(Self.mostBars) most frequent." : "."),
            BarChart("Codes", bars), legend: colours.map { ($0.words, $0.ink) },
            tables: [
                Table(
                    "Codes", head: ["code", "outcome", "HTTP", "field", "count", "share"],
                    rows: rows, wordy: [1, 3])
            ])
    }
}
