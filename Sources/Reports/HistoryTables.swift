import Results

extension History {
    /// A row for each run and metric, oldest first. `ratio` is that to the baseline beside it (1.1 is 10 %
    /// more); `change`, in the first run of a new level, is how much it changed.
    package var csv: String {
        let header =
            "scenario,scenario_sha256,environment,folder,started_at,run_id,validity,metric,unit,"
            + "value,lower,upper,ratio,ratio_lower,ratio_upper,change\n"
        return scenarios.reduce(into: header) { text, scenario in
            for (index, run) in scenario.runs.enumerated() {
                text += scenario.trends.map { $0.row(index, of: run) }.joined()
            }
        }
    }

    /// The same and more as JSON. Fails as `corrupt` where a number is not finite.
    package func json() throws(ResultError) -> String {
        try encoded(HistoryDocument(self))
    }
}

extension HistoryTrend {
    /// Nothing where the run does not have the metric.
    fileprivate func row(_ index: Int, of run: HistoryRun) -> String {
        guard let figure = figures[index] else { return "" }
        return CSV.row([
            .foreign(run.scenario), .foreign(run.scenarioSHA256), .foreign(run.environment),
            .foreign(run.folder), .foreign(run.startedAt), .foreign(run.runID),
            .text(run.verdict.validity.rawValue), .foreign(metric), .text(unit.rawValue),
            .decimal(figure.value), .decimal(figure.lower), .decimal(figure.upper),
            .decimal(figure.ratio.map { 1 + $0.change }),
            .decimal(figure.ratio.map { 1 + $0.lower }),
            .decimal(figure.ratio.map { 1 + $0.upper }),
            .decimal(changes.first { $0.run == index }?.change),
        ])
    }
}

/// `paybench history --json`.
private struct HistoryDocument: Encodable {
    let format = "paybench-history/1"
    let scenarios: [Scenario]
    let skipped: [String]

    init(_ history: History) {
        scenarios = history.scenarios.map(Scenario.init)
        skipped = history.skipped
    }

    struct Scenario: Encodable {
        let name: String
        let found: Int
        /// How many, by reason.
        let leftOut: [String: Int]
        let runs: [Run]
        let metrics: [Metric]

        enum CodingKeys: String, CodingKey {
            case name, found, runs, metrics
            case leftOut = "left_out"
        }

        init(_ scenario: ScenarioHistory) {
            name = scenario.name
            found = scenario.found
            leftOut = Dictionary(
                uniqueKeysWithValues: scenario.leftOut.map { ($0.reason.rawValue, $0.count) })
            runs = scenario.runs.indices.map { Run(scenario, $0) }
            metrics = scenario.trends.map { Metric($0, of: scenario.runs) }
        }
    }

    struct Run: Encodable {
        let folder: String
        let startedAt: String
        let runID: String
        let scenarioSHA256: String
        @NullWhenNone var environment: String?
        let validity: String
        let figures: [String: Figure]

        enum CodingKeys: String, CodingKey {
            case folder, environment, validity, figures
            case startedAt = "started_at"
            case runID = "run_id"
            case scenarioSHA256 = "scenario_sha256"
        }

        init(_ scenario: ScenarioHistory, _ index: Int) {
            let run = scenario.runs[index]
            folder = run.folder
            startedAt = run.startedAt
            runID = run.runID
            scenarioSHA256 = run.scenarioSHA256
            validity = run.verdict.validity.rawValue
            figures = scenario.trends.reduce(into: [:]) { figures, trend in
                figures[trend.metric] = trend.figures[index].map(Figure.init)
            }
            environment = run.environment
        }
    }

    struct Figure: Encodable {
        let value: Double
        @NullWhenNone var lower: Double?
        @NullWhenNone var upper: Double?
        /// Changes against the baseline beside it, as shares; absent without one.
        let comparison: BudgetResult.Change?

        init(_ figure: HistoryFigure) {
            value = figure.value
            comparison = figure.ratio
            lower = figure.lower
            upper = figure.upper
        }
    }

    struct Metric: Encodable {
        let metric: String
        let unit: String
        /// What was searched: `value` or `ratio`.
        let basis: String
        /// Whether there was enough to search.
        let searched: Bool
        let changes: [Change]

        init(_ trend: HistoryTrend, of runs: [HistoryRun]) {
            metric = trend.metric
            unit = trend.unit.rawValue
            basis = trend.basis.rawValue
            searched =
                switch trend.search {
                case .changes: true
                case .tooFew, .notAboveZero: false
                }
            changes = trend.changes.map { Change($0, runs[$0.run]) }
        }
    }

    struct Change: Encodable {
        let folder: String
        let startedAt: String
        let runID: String
        /// Of the level, as a share.
        let change: Double
        let chance: Double
        let worse: Bool

        enum CodingKeys: String, CodingKey {
            case folder, change, chance, worse
            case startedAt = "started_at"
            case runID = "run_id"
        }

        init(_ change: HistoryTrend.Change, _ run: HistoryRun) {
            folder = run.folder
            startedAt = run.startedAt
            runID = run.runID
            self.change = change.change
            chance = change.chance
            worse = change.isWorse
        }
    }
}
