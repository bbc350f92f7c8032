import Metrics
import Results
import Testing

@testable import Comparisons

/// The short form of `scripts/evidence comparisons`.
@Suite struct TrialTests {
    /// At 5 % two of three are told apart once in 140 times, and three once in 8,000.
    @Test(arguments: [(RunDesign.Kind.duet, Weather.noisy), (.blocks, .drifting)])
    func equalAdaptersAreNotToldApart(kind: RunDesign.Kind, weather: Weather) throws {
        let equal = Conduct(failing: 0.005)
        var trials = PlantedTrials(
            kind: kind, weather: weather, conducts: [equal, equal, equal])
        trials.seconds = 96
        trials.perSecond = 60
        let counts = try trials.counts(trials: 3, seed: 40, covers: false)
        #expect(counts.toldApart < 3)
    }

    @Test func intervalsAreHeldAgainstWhatIsPlanted() throws {
        let slower = Conduct(median: 40_000)
        var trials = PlantedTrials(kind: .duet, conducts: [Conduct(), slower])
        trials.seconds = 80
        trials.perSecond = 60
        let counts = try trials.counts(trials: 4, seed: 100, covers: true)
        #expect(counts.typical.map(\.all) == [4, 4, 4] && counts.share.all == 4)
        // Two of four that miss come once in 70 times.
        let held = (counts.typical + counts.whole).map(\.held)
        #expect(held.reduce(0, +) >= 18, "\(held)")
        #expect(counts.shareWorse("response_time.p50", "arm1") == 1)
    }

    /// The third adapter has a third of the run to itself when everything is slowest.
    @Test func oneAfterTheOtherADriftIsFoundEveryTime() throws {
        var trials = PlantedTrials(
            kind: .alone, weather: .drifting, conducts: [Conduct(), Conduct(), Conduct()])
        trials.seconds = 180
        trials.perSecond = 60
        #expect(try trials.counts(trials: 2, seed: 1, covers: false).toldApart == 2)
    }

    /// Nine stalls of half a second are 1.7 % of what one adapter has, whatever the machine does meanwhile.
    @Test(arguments: [Weather.drifting, .easing])
    func inADuetStallsAreFoundInADrift(weather: Weather) throws {
        let trials = PlantedTrials(
            metrics: [PlantedTrials.times[2]], kind: .duet, weather: weather,
            conducts: [Conduct(), Conduct(stallEvery: 30)])
        let counts = try trials.counts(trials: 2, seed: 11, covers: false)
        #expect(counts.shareWorse("response_time.p99", "arm1") == 1)
    }

    /// What the long form expects, against what the design found in a simulation of its own: +5 % of p95 in
    /// 95 % of blocks, by an interval of 95 %; it is 97.5 % here, and two percent fewer.
    @Test func theExpectedPowerIsThatOfTheDesign() {
        func power(_ kind: RunDesign.Kind, _ weather: Weather) -> Double {
            Power(
                PlantedTrials(
                    metrics: [PlantedTrials.times[1]], kind: kind, weather: weather,
                    conducts: [Conduct(), Conduct(median: 21_000)])
            ).ofPlanted[0]
        }
        #expect(abs(power(.blocks, .noisy) - 0.93) < 0.02)
        #expect(power(.duet, .noisy) > 0.99 && power(.duet, .calm) > power(.duet, .noisy))
    }

    @Test func moreErrorsAreFoundWhereTheyAre() throws {
        var trials = PlantedTrials(
            kind: .duet,
            conducts: [Conduct(failing: 0.005), Conduct(failing: 0.005), Conduct(failing: 0.03)])
        trials.seconds = 120
        let counts = try trials.counts(trials: 2, seed: 7, covers: false)
        #expect(counts.shareWorse("errors.rate", "arm2") == 1)
        #expect(counts.shareWorse("errors.rate", "arm1") <= 0.5)
    }

    /// What `scenarios/compare-adapters.yaml` plants, at its rate and in its time, and by its margin: of the
    /// declines that is one percentage point, where an interval reaches 0.6 either way. With 0.8 points
    /// an equal share is beyond it in one of four comparisons.
    @Test func theShippedComparisonTellsWhatIsPlanted() throws {
        // p99 is 2.326 deviations above the median.
        let usual = Conduct(median: 40_000, spread: 0.5959, declined: 0.03)
        let steep = Conduct(median: 30_000, spread: 0.8939, declined: 0.03)
        var strict = usual
        strict.declined = 0.06
        var duel = SyntheticDuel(seed: 42, .duet, seconds: 148, [usual, usual, steep, strict])
        let metrics: [Metric] = [
            .time(.responseTime, .percentile(50)), .time(.responseTime, .percentile(99)),
            .outcome(.declined, .rate), .errors(.rate),
        ]
        let book = try duel.book(ComparisonSettings(metrics: metrics, equivalentWithin: 0.25))
        let judged = try #require(ComparisonJudge(book.material, book.settings)).verdicts
        func verdicts(_ arm: String) -> [Comparisons.Comparison.Decision] {
            judged.filter { $0.adapter == arm }.map(\.verdict)
        }
        #expect(verdicts("arm1") == [.equivalent, .equivalent, .equivalent, .equivalent])
        #expect(verdicts("arm2") == [.better, .worse, .equivalent, .equivalent])
        #expect(verdicts("arm3") == [.equivalent, .equivalent, .worse, .equivalent])
    }
}
