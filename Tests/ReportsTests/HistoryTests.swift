import Payments
import Reports
import Results
import Testing

@Suite struct HistoryTests {
    private static let seeds: ClosedRange<UInt64> = 1...20

    @Test func aStepIsFoundWhereItIs() throws {
        let trend = try #require(try History(Histories.stepped).scenarios.first?.trends.first)
        #expect(trend.metric == "response_time.p95")
        #expect(trend.basis == .value)
        let change = try #require(trend.changes.first)
        #expect(trend.changes.count == 1)
        #expect(change.run == 12)
        // 60 ms are 20 % more than 50 ms.
        #expect(abs(change.change - 0.2) < 0.005)
        #expect(change.isWorse)
    }

    @Test(arguments: seeds)
    func runsAreOrderedByTheirStartWhateverTheOrderTheyCameIn(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let shuffled = Histories.stepped.shuffled(using: &generator)
        let history = try History(shuffled)
        #expect(history.scenarios.first?.runs == Histories.stepped)
        #expect(history.csv == (try History(Histories.stepped)).csv)
    }

    @Test func fewerPaymentsASecondAreWorseAndMoreAreBetter() throws {
        for (factor, isWorse) in [(1.2, false), (0.8, true)] {
            let values = Histories.flat(500, 12) + Histories.flat(500 * factor, 12)
            let runs = values.enumerated().map { day, value in
                Histories.run(
                    day, [Histories.budget(value, of: "rate.completed", unit: .perSecond)])
            }
            let trend = try #require(try History(runs).scenarios.first?.trends.first)
            #expect(trend.changes.map(\.isWorse) == [isWorse])
        }
    }

    /// The value doubles with another machine; the ratio to the baseline measured beside does not.
    @Test func aRatioToTheBaselineIsPreferredToTheValue() throws {
        let runs = (0..<24).map { day in
            let noise = [1, 1.01, 0.99][day % 3]
            let level: Double = day < 12 ? 50_000 : 100_000
            return Histories.run(day, [Histories.budget(level * noise, ratio: noise)])
        }
        let trend = try #require(try History(runs).scenarios.first?.trends.first)
        #expect(trend.basis == .ratio)
        #expect(trend.search == .changes([]))
    }

    @Test func aRatioIsNotSearchedWhereMostRunsHaveNone() throws {
        let runs = (0..<24).map { day in
            Histories.run(day, [Histories.budget(50_000, ratio: day < 11 ? 1 : nil)])
        }
        let trend = try #require(try History(runs).scenarios.first?.trends.first)
        #expect(trend.basis == .value)
    }

    @Test func severalBudgetsOfOneMetricAreOneTrend() throws {
        let both = [Histories.budget(50_000), Histories.budget(50_000, ratio: 1.1)]
        let trends = try History([Histories.run(0, both)]).scenarios[0].trends
        #expect(trends.count == 1)
        #expect(trends[0].figures[0]?.ratio?.change == 1.1 - 1)
        #expect(trends[0].figures[0]?.value == 50_000)
    }

    @Test func ofTooFewRunsAndOfZerosNothingIsClaimed() throws {
        let few = try History(Histories.runs([50_000, 90_000, 90_000]))
        #expect(few.scenarios[0].trends[0].search == .tooFew(3))
        let zero = try History(Histories.runs([0] + Histories.flat(50_000, 12)))
        #expect(zero.scenarios[0].trends[0].search == .notAboveZero)
    }

    @Test func onlyAcceptedRunsAreInASeriesAndTheOthersAreCounted() throws {
        let others: [(Int, (inout Summary) -> Void, HistoryRun.LeftOut?)] = [
            (1, { $0.verdict = Runs.invalid }, .invalid),
            (2, { $0.verdict = Runs.invalid.acceptedIfInvalid }, nil),
            (3, { $0.verdict = Runs.suspect }, nil),
            (4, { $0.ending = .interrupted(.interrupt) }, .interrupted),
            (5, { $0.ending = .killed }, .killed),
            (6, { $0.ending = .guardRail("limits.payments") }, .stopped),
            (7, { $0.ending = .failed("no disk") }, .failed),
            (8, { $0.verdict = Runs.invalid }, .invalid),
        ]
        let runs = others.map { day, change, _ in Histories.run(day, change: change) }
        #expect(runs.map(\.leftOut) == others.map(\.2))
        let scenario = try #require(try History(runs).scenarios.first)
        #expect(scenario.runs.map(\.runID) == ["run-2", "run-3"])
        #expect(scenario.found == 8)
        #expect(scenario.leftOut.map(\.count) == [2, 1, 1, 1, 1])
        #expect(scenario.leftOut.map(\.reason) == HistoryRun.LeftOut.allCases)
    }

    @Test func withoutBudgetsTheGeneralFiguresAreShown() throws {
        let trends = try History([Histories.run(0)]).scenarios[0].trends
        #expect(
            trends.map(\.metric) == [
                "response_time.p50", "response_time.p95", "response_time.p99", "errors.rate",
            ])
        // 41 of the 14,983 measured payments were neither accepted nor declined.
        #expect(trends[3].figures[0]?.value == 41.0 / 14_983)
        let mixed = [Histories.run(0), Histories.run(1, [Histories.budget(50_000)])]
        #expect(try History(mixed).scenarios[0].trends.map(\.metric) == ["response_time.p95"])
        #expect(try History(mixed).scenarios[0].trends[0].figures.allSatisfy { $0 != nil })
    }

    @Test func aBudgetThatTellsOfAWindowOrHasNoDataIsNoFigureOfTheRun() {
        var window = Histories.budget(90_000)
        window.failedWindow = PhaseRecord.Span(start: 10, end: 20)
        let run = Histories.run(0, [window, Histories.budget(nil, of: "connect.p95")])
        #expect(run.figures.allSatisfy { !$0.isBudgeted })
    }

    @Test func whatIsAskedForIsShownAndNothingElse() throws {
        let runs =
            Histories.stepped
            + [
                Histories.run(
                    30, [Histories.budget(900, of: "connect.p95{payment=card}")], name: "b")
            ]
        #expect(try History(runs).scenarios.map(\.name) == ["b", "make-payment"])
        let last = try History(runs, scenario: "make-payment", last: 5)
        #expect(last.scenarios.map { $0.runs.map(\.runID) } == [(19..<24).map { "run-\($0)" }])
        let one = try History(runs, metrics: ["connect.p95"])
        #expect(
            one.scenarios.map { $0.trends.map(\.metric) } == [["connect.p95{payment=card}"], []])
        #expect(throws: History.Problem.unknownScenario("c", known: ["b", "make-payment"])) {
            try History(runs, scenario: "c")
        }
        #expect(
            throws: History.Problem.unknownMetric("connect", known: ["connect.p95{payment=card}"])
        ) { try History(runs, scenario: "b", metrics: ["connect"]) }
    }

    @Test func aRunThatIsThereTwiceCountsOnce() throws {
        #expect(try History(Histories.stepped + Histories.stepped).scenarios[0].found == 24)
    }
}
