import Results

/// A history for people: of each scenario a table of its metrics, then a line of blocks a metric with
/// the changes of its level marked. At most 100 columns.
package struct HistoryText: Sendable {
    private static let width = 100
    private static let indent = "  "
    private static let widestMetric = 40
    private static let most = 60

    private let history: History

    package init(_ history: History) {
        self.history = history
    }

    /// Ends with a line feed.
    package func text(style: TextStyle = .plain) -> String {
        history.scenarios.map { scenario in
            let head = style.ink(.bold, scenario.shownName.clipped(to: Self.most))
            let blocks =
                [[head] + Self.facts(scenario), Self.table(scenario)]
                + scenario.trends.map { Self.lines(of: $0, scenario, style) }
            return blocks.filter { !$0.isEmpty }
                .map { $0.map { "\($0)\n" }.joined() }.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private static func facts(_ scenario: ScenarioHistory) -> [String] {
        [
            ("runs", runs(scenario)), ("left out", leftOut(scenario)),
            ("scenario", versions(scenario)), ("machine", environments(scenario)),
        ].flatMap { label, sentence in
            sentence.map { Paragraph(label: label, sentence: $0).lines(width: width) } ?? []
        }
    }

    private static func runs(_ scenario: ScenarioHistory) -> String {
        guard let first = scenario.runs.first, let last = scenario.runs.last else { return "none" }
        let accepted = scenario.found - scenario.leftOut.reduce(0) { $0 + $1.count }
        let count = Figures.count(scenario.runs.count)
        let part =
            accepted > scenario.runs.count ? ", the last of \(Figures.count(accepted))" : ""
        return "\(count)\(part), from \(first.shownStart) to \(last.shownStart)"
    }

    private static func leftOut(_ scenario: ScenarioHistory) -> String? {
        guard !scenario.leftOut.isEmpty else { return nil }
        let count = scenario.leftOut.reduce(0) { $0 + $1.count }
        let reasons = scenario.leftOut.map { "\(Figures.count($0.count)) \($0.reason.rawValue)" }
        return "\(Figures.count(count)) of \(Figures.count(scenario.found)) runs: "
            + reasons.joined(separator: ", ")
    }

    private static func versions(_ scenario: ScenarioHistory) -> String? {
        let count = Set(scenario.runs.map(\.scenarioSHA256)).count
        guard count > 1, let last = scenario.turns(of: \.scenarioSHA256).last else { return nil }
        return "\(Figures.count(count)) versions of the file; the last change at \(last.shownStart)"
    }

    private static func environments(_ scenario: ScenarioHistory) -> String? {
        let names = scenario.runs.compactMap(\.environment)
        let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
            .sorted { ($0.value, $1.key) > ($1.value, $0.key) }
        guard counts.count > 1, let last = scenario.turns(of: \.environment).last else {
            return nil
        }
        let shown = counts.prefix(4).map { "\($0.key) \(Figures.count($0.value))" }
        return "\(Figures.count(counts.count)) kinds; the last change at \(last.shownStart). Runs: "
            + shown.joined(separator: ", ") + (counts.count > shown.count ? ", …" : "")
    }

    private static func table(_ scenario: ScenarioHistory) -> [String] {
        guard !scenario.trends.isEmpty else { return [] }
        let header = ["metric", "runs", "median", "last", "its interval"]
        let rows = scenario.trends.flatMap { trend in [values(trend)] + ratios(trend) }
        return Table(words: 1, rows: [header] + rows, widest: widestMetric).lines()
            .map { $0.clipped(to: width) }
    }

    private static func values(_ trend: HistoryTrend) -> [String] {
        let figures = trend.figures.compactMap(\.self)
        let last = figures.last
        let isBounded = last?.lower != nil || last?.upper != nil
        return [
            trend.metric, Figures.count(figures.count),
            trend.unit.figure(figures.map(\.value).median), trend.unit.figure(last?.value),
            isBounded
                ? "\(trend.unit.figure(last?.lower)) … \(trend.unit.figure(last?.upper))"
                : Figures.none,
        ]
    }

    private static func ratios(_ trend: HistoryTrend) -> [[String]] {
        let ratios = trend.figures.compactMap { $0?.ratio }
        guard let last = ratios.last, let median = ratios.map(\.change).median else { return [] }
        return [
            [
                "\(indent)to the baseline beside it", Figures.count(ratios.count),
                Figures.change(median), Figures.change(last.change),
                "\(Figures.change(last.lower)) … \(Figures.change(last.upper))",
            ]
        ]
    }

    private static func lines(
        of trend: HistoryTrend, _ scenario: ScenarioHistory, _ style: TextStyle
    ) -> [String] {
        let sparkline = Sparkline(trend.shown, width: width - indent.count)
        let changes = trend.changes.map { change in
            mark(change, at: sparkline.column(of: change.run), scenario, style)
        }
        return [trend.heading.clipped(to: width), indent + sparkline.text]
            + (changes.isEmpty ? [indent + trend.withoutChange] : changes)
    }

    /// The mark stands below its run; its words behind it, or before it where there is more room.
    private static func mark(
        _ change: HistoryTrend.Change, at column: Int, _ scenario: ScenarioHistory,
        _ style: TextStyle
    ) -> String {
        let words = scenario.words(of: change)
        let sign = change.change > 0 ? "▲" : "▼"
        let room = width - indent.count
        let line: String
        if column + 2 + words.columns <= room {
            line = String(repeating: " ", count: column) + "\(sign) \(words)"
        } else if words.columns + 1 <= column {
            line = words.paddedLeft(to: column - 1) + " \(sign)"
        } else {
            line = "\(sign) \(words)".clipped(to: room)
        }
        return indent + style.ink(change.isWorse ? .red : .green, line)
    }
}

extension HistoryTrend {
    var heading: String {
        switch basis {
        case .value: metric
        case .ratio: "\(metric), ratio to the baseline beside it"
        }
    }

    /// Why there is no mark.
    var withoutChange: String {
        switch search {
        case .changes: "no change of level"
        case .tooFew(let runs):
            "\(Figures.count(runs)) \(runs == 1 ? "run" : "runs"): too few to tell a change of level"
        case .notAboveZero: "not searched for changes: it is 0 in some runs"
        }
    }
}

extension ScenarioHistory {
    /// `+12 % at 2026-09-01 12:01:02 UTC, run 5f1c9a`, and what else changed there.
    func words(of change: HistoryTrend.Change) -> String {
        let run = runs[change.run]
        let words =
            "\(Figures.change(change.change)) at \(run.shownStart), run "
            + run.runID.printable.clipped(to: 12)
        guard change.run > 0 else { return words }
        let before = runs[change.run - 1]
        let other = [
            before.scenarioSHA256 == run.scenarioSHA256 ? nil : "scenario",
            before.environment == run.environment ? nil : "machine",
        ].compactMap(\.self)
        return other.isEmpty ? words : "\(words); another \(other.joined(separator: " and "))"
    }
}
