import Metrics
import Results
import Testing

@testable import Comparisons

/// The short form of `scripts/evidence comparisons`.
@Suite struct TrialTests {
    /// At 5 % one of eight is told apart in a third of all times, and four once in 10,000.
    @Test(arguments: [RunDesign.Kind.duet, .blocks], [Weather.noisy, .drifting])
    func equalAdaptersAreNotToldApart(kind: RunDesign.Kind, weather: Weather) throws {
        let equal = Conduct(failing: 0.005)
        var trials = PlantedTrials(
            kind: kind, weather: weather, conducts: [equal, equal, equal])
        trials.seconds = 120
        trials.perSecond = 90
        let counts = try trials.counts(trials: 8, seed: 40, covers: true)
        #expect(counts.toldApart < 4)
        let all = counts.typical + counts.whole + [counts.share]
        let held = all.reduce(0) { $0 + $1.held }
        #expect(Double(held) >= 0.85 * Double(all.reduce(0) { $0 + $1.all }))
    }

    /// The third adapter has a third of the run to itself when everything is slowest.
    @Test func oneAfterTheOtherADriftIsFoundEveryTime() throws {
        var trials = PlantedTrials(
            kind: .alone, weather: .drifting, conducts: [Conduct(), Conduct(), Conduct()])
        trials.seconds = 180
        trials.perSecond = 60
        #expect(try trials.counts(trials: 4, seed: 1, covers: false).toldApart == 4)
    }

    @Test func aStallAndMoreErrorsAreFoundWhereTheyAre() throws {
        var trials = PlantedTrials(
            kind: .duet,
            conducts: [
                Conduct(failing: 0.005), Conduct(failing: 0.005, stallEvery: 30),
                Conduct(failing: 0.03),
            ])
        trials.seconds = 180
        let counts = try trials.counts(trials: 4, seed: 7, covers: false)
        #expect(counts.shareWorse("response_time.p99", "arm1") >= 0.75)
        #expect(counts.shareWorse("errors.rate", "arm2") >= 0.75)
        #expect(counts.shareWorse("errors.rate", "arm1") <= 0.25)
    }

    /// What `scenarios/compare-adapters.yaml` plants, at its rate and in its time, and by its margin.
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
        let book = try duel.book(ComparisonSettings(metrics: metrics, equivalentWithin: 0.2))
        func verdicts(_ arm: String) -> [Comparisons.Comparison.Decision?] {
            metrics.map { book.verdict(arm, $0.name)?.verdict }
        }
        #expect(verdicts("arm1") == [.equivalent, .equivalent, .equivalent, .equivalent])
        #expect(verdicts("arm2") == [.better, .worse, .equivalent, .equivalent])
        #expect(verdicts("arm3") == [.equivalent, .equivalent, .worse, .equivalent])
    }
}
