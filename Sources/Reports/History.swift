import Results

/// The runs of a folder of results as series: one a scenario, oldest run first. Pure; made from the
/// summaries alone.
package struct History: Sendable {
    /// By name.
    package let scenarios: [ScenarioHistory]
    /// What could not be read, and why; whole sentences.
    package let skipped: [String]

    package enum Problem: Error, Sendable, Equatable {
        case unknownScenario(String, known: [String])
        case unknownMetric(String, known: [String])
    }

    /// - Parameters:
    ///   - runs: in any order; a run that is there twice counts once.
    ///   - scenario: the name of the only one that is asked for; nil for all.
    ///   - last: so many accepted runs of each scenario, the latest; nil for all.
    ///   - metrics: the only ones that are asked for, labels left out for all labels; empty for all.
    package init(
        _ runs: [HistoryRun], skipped: [String] = [], scenario: String? = nil, last: Int? = nil,
        metrics: [String] = []
    ) throws(Problem) {
        var seen: Set<[String]> = []
        let runs = runs.sorted { ($0.startedAt, $0.folder) < ($1.startedAt, $1.folder) }
            .filter { seen.insert([$0.runID, $0.startedAt, $0.scenario]).inserted }
        let known = Set(runs.map(\.scenario)).sorted()
        if let scenario, !known.contains(scenario) {
            throw .unknownScenario(scenario, known: known)
        }
        let names = scenario.map { [$0] } ?? known
        let asked = names.map { name in runs.filter { $0.scenario == name } }
        try Self.check(metrics, in: asked.joined().filter { $0.leftOut == nil })
        scenarios = zip(names, asked).map { name, runs in
            ScenarioHistory(name: name, runs, last: last, metrics: metrics)
        }
        self.skipped = skipped
    }

    private static func check(
        _ metrics: [String], in runs: [HistoryRun]
    ) throws(Problem) {
        let known = Set(runs.flatMap(\.figures).map(\.metric)).sorted()
        for metric in metrics where !known.contains(where: { $0.isMetric(metric) }) {
            throw .unknownMetric(metric, known: known)
        }
    }
}

/// The runs of one scenario.
package struct ScenarioHistory: Sendable {
    package let name: String
    /// The accepted ones, oldest first.
    package let runs: [HistoryRun]
    /// How many runs of the scenario there are.
    package let found: Int
    /// How many were left out, by reason.
    package let leftOut: [(reason: HistoryRun.LeftOut, count: Int)]
    package let trends: [HistoryTrend]

    init(name: String, _ all: [HistoryRun], last: Int?, metrics: [String]) {
        self.name = name
        found = all.count
        let accepted = all.filter { $0.leftOut == nil }
        let runs = last.map { accepted.suffix($0) } ?? accepted[...]
        self.runs = Array(runs)
        leftOut = HistoryRun.LeftOut.allCases.compactMap { reason in
            let count = all.count { $0.leftOut == reason }
            return count > 0 ? (reason, count) : nil
        }
        let names = Self.names(self.runs, metrics)
        trends = names.compactMap { [runs = self.runs] in HistoryTrend($0, of: runs) }
    }

    /// Never empty, and without control characters.
    package var shownName: String { name.isEmpty ? "unnamed" : name.printable }

    /// Those of budgets; where no run has any, the general ones. The latest run's come first.
    private static func names(_ runs: [HistoryRun], _ metrics: [String]) -> [String] {
        let figures = runs.reversed().flatMap(\.figures)
        let budgeted = figures.filter(\.isBudgeted)
        let candidates = !metrics.isEmpty || budgeted.isEmpty ? figures : budgeted
        var seen: Set<String> = []
        return candidates.map(\.metric).filter { name in
            (metrics.isEmpty || metrics.contains { name.isMetric($0) })
                && seen.insert(name).inserted
        }
    }
}

extension ScenarioHistory {
    /// The runs from which on `key` is another than before, without the first run.
    func turns<Key: Equatable>(of key: (HistoryRun) -> Key) -> [HistoryRun] {
        zip(runs, runs.dropFirst()).filter { key($0) != key($1) }.map(\.1)
    }
}

extension String {
    /// Whether it is that metric, with whatever labels where `asked` has none.
    fileprivate func isMetric(_ asked: String) -> Bool {
        self == asked || hasPrefix(asked + "{")
    }
}

extension HistoryRun {
    /// `2026-08-01 12:01:02 UTC`.
    var shownStart: String { "\(day) \(clock) UTC" }

    /// `2026-08-01`
    var day: String { String(startedAt.printable.prefix(10)) }

    /// `12:01:02`
    var clock: String { String(startedAt.printable.dropFirst(11).prefix(8)) }
}
