import Results

/// The trend of one metric as a picture: its value in each run with its interval, the levels between
/// the changes, and the changes. Runs stand at equal distances, whenever they were.
package struct HistoryChart: Sendable {
    private static let width = 760.0
    private static let height = 260.0
    private static let frame = SVGPlot.Frame(left: 84, top: 48, right: 720, bottom: 222)
    private static let mostDates = 6
    /// More than this between least and most: the axis is logarithmic.
    private static let widestLinear = 20.0
    private static let widestTitle = 90

    private let trend: HistoryTrend
    private let scenario: ScenarioHistory

    package init(_ trend: HistoryTrend, of scenario: ScenarioHistory) {
        self.trend = trend
        self.scenario = scenario
    }

    /// All charts of a history, below each other.
    package static func all(of history: History) -> SVGDrawing {
        let names = history.scenarios.map(\.shownName).joined(separator: ", ")
        let charts = history.scenarios.flatMap { scenario in
            scenario.trends.map { HistoryChart($0, of: scenario) }
        }
        var drawing = SVGDrawing(
            width: width, height: charts.isEmpty ? 40 : 0, title: "History of \(names)",
            summary: charts.map(\.summary).joined(separator: " "))
        if charts.isEmpty {
            drawing.text("No runs to show.", at: .init(x: 12, y: 24), ink: .muted)
        }
        for chart in charts { drawing.append(chart.drawing) }
        return drawing
    }

    /// `make-payment-response_time.p99.svg`, with nothing in it that a file name can't bear.
    package var fileName: String {
        let name = "\(scenario.shownName)-\(trend.metric)".unicodeScalars.prefix(120)
            .map { scalar -> Character in
                let isPlain =
                    scalar.isASCII
                    && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                        || "._-=".unicodeScalars.contains(scalar))
                return isPlain ? Character(scalar) : "-"
            }
        let text = String(name)
        return (text.hasPrefix(".") || text.hasPrefix("-") ? "run" + text : text) + ".svg"
    }

    package var drawing: SVGDrawing {
        var drawing = SVGDrawing(
            width: Self.width, height: Self.height, title: title, summary: summary)
        drawing.text(
            title.clipped(to: Self.widestTitle), at: .init(x: 12, y: 22), isBold: true)
        let plot = SVGPlot(
            in: Self.frame, x: -0.5...Double(max(1, scenario.runs.count)) - 0.5,
            covering: covered, kind)
        plot.drawRules(in: &drawing) { trend.words($0) }
        plot.drawBase(in: &drawing, labels: dates)
        plot.drawBand(bounds, in: &drawing, ink: .series(0))
        plot.drawLine(values, in: &drawing, ink: .series(0))
        for level in trend.levels { draw(level, plot, in: &drawing) }
        for (index, value) in values.enumerated() {
            guard let value else { continue }
            plot.drawDot(value, in: &drawing, ink: .series(0), tip: tip(index))
        }
        for change in trend.changes {
            let sign = change.change > 0 ? "▲" : "▼"
            plot.drawMark(
                at: Double(change.run) - 0.5, "\(sign) \(Figures.change(change.change))",
                in: &drawing, ink: change.isWorse ? .worse : .better,
                tip: scenario.words(of: change))
        }
        return drawing
    }

    private var title: String { "\(scenario.shownName): \(trend.heading)" }

    private var summary: String {
        let known = trend.shown.compactMap(\.self)
        let count = "\(Figures.count(known.count)) \(known.count == 1 ? "run" : "runs")"
        let figures =
            "median \(trend.words(known.median)), last \(trend.words(known.last))"
        let changes = trend.changes.map { scenario.words(of: $0) }
        let found = changes.isEmpty ? trend.withoutChange : changes.joined(separator: "; ")
        return "\(title): \(count), \(figures); \(found)."
    }

    private var values: [SVGPlot.Value?] {
        trend.shown.enumerated().map { index, number in
            number.map { (Double(index), $0) }
        }
    }

    /// nil where an interval is open or not known.
    private var bounds: [(x: Double, lower: Double, upper: Double)?] {
        trend.figures.enumerated().map { index, figure in
            switch trend.basis {
            case .value:
                guard let lower = figure?.lower, let upper = figure?.upper else { return nil }
                return (Double(index), lower, upper)
            case .ratio: return figure?.ratio.map { (Double(index), $0.lower, $0.upper) }
            }
        }
    }

    /// All values and bounds, and so much around the median that noise looks like it.
    private var covered: [Double] {
        let known = trend.shown.compactMap(\.self)
        let median = known.median ?? 0
        let half =
            switch trend.basis {
            case .value: median.magnitude * Sparkline.leastRange / 2
            case .ratio: Sparkline.leastRange / 2
            }
        return known + bounds.compactMap(\.self).flatMap { [$0.lower, $0.upper] }
            + [median - half, median + half]
    }

    private var kind: SVGScale.Kind {
        let (least, most) = (covered.min() ?? 0, covered.max() ?? 0)
        return trend.basis == .value && least > 0 && most / least > Self.widestLinear
            ? .logarithmic : .linear
    }

    /// Days, or times of the day where all runs are of one day.
    private var dates: [(at: Double, words: String)] {
        let runs = scenario.runs
        guard let first = runs.first, let last = runs.last else { return [] }
        let isOneDay = first.day == last.day
        let count = min(Self.mostDates, runs.count)
        let shown = (0..<count).map { count > 1 ? $0 * (runs.count - 1) / (count - 1) : 0 }
        var before = ""
        return shown.compactMap { index in
            let words = (isOneDay ? runs[index].clock : runs[index].day).clipped(to: 10)
            defer { before = words }
            return words == before ? nil : (Double(index), words)
        }
    }

    private func draw(
        _ level: (runs: Range<Int>, mean: Double?), _ plot: SVGPlot, in drawing: inout SVGDrawing
    ) {
        guard let mean = level.mean else { return }
        let ends = [Double(level.runs.lowerBound) - 0.5, Double(level.runs.upperBound) - 0.5]
        plot.drawLine(
            ends.map { ($0, mean) }, in: &drawing, ink: .muted, stroke: .dashed)
    }

    private func tip(_ index: Int) -> String {
        let run = scenario.runs[index]
        return "\(run.shownStart), run \(run.runID.printable): \(trend.words(trend.shown[index]))"
            + ", \(run.verdict.validity.rawValue)"
    }
}
