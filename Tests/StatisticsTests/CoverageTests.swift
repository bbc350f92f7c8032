import Statistics
import Testing

/// The short form of `scripts/evidence coverage`: smaller windows, fewer of them.
@Suite struct CoverageTests {
    /// Nominal 95 % intervals cover at least 97 % of the time where payments are independent, and 90 %
    /// where the quantile rests on 20 effective tail events (`truth.md`, 8).
    ///
    /// Of 150 windows the second bound asks 90 % less three standard deviations of their number, 82.7 %:
    /// a true coverage of 75 % passes once in 60 times, the 16–40 % of the formula for independent
    /// payments never, and the true 91 % of the drift fails once in 5,000 seeds. The long form tells them
    /// apart to a percent.
    @Test(arguments: [
        (Service.independent, 146), (.drifting(spread: 0.1), 124), (.queue(utilisation: 0.5), 124),
        (.chained(correlation: 0.9), 124), (.freezing, 124),
    ])
    func intervalsCoverTheTruth(service: Service, atLeast: Int) {
        let coverage = Coverage(
            service: service, rate: 40, seconds: 60, windows: 150, seed: 20_260,
            quantiles: [0.5, 0.9])
        for (quantile, cell) in zip(coverage.quantiles, coverage.measure()) {
            let events = cell.events.sorted()[cell.events.count / 2]
            print(service.name, quantile, cell.covered, "of", cell.trials, "seed", coverage.seed)
            #expect(cell.trials == 150)
            if events >= 20 {
                #expect(cell.covered >= atLeast, "\(service.name), \(quantile)")
            }
        }
    }

    /// A second is the finest part, and a window may have any number of them.
    @Test(arguments: [5, 7, 12, 25, 33])
    func intervalsCoverTheTruthInWindowsOfAnyLength(seconds: Int) {
        let coverage = Coverage(
            service: .independent, rate: 40, seconds: seconds, windows: 100, seed: 7,
            quantiles: [0.5, 0.9])
        for cell in coverage.measure() { #expect(cell.covered >= 96, "\(seconds) s") }
    }

    /// The same windows judged by the formula for independent observations cover far less: what
    /// the slices are for.
    @Test func independenceWouldNotCoverADrift() {
        let service = Service.drifting(spread: 0.1)
        let coverage = Coverage(service: service, rate: 40, seconds: 60, windows: 60, seed: 31)
        let truth = service.quantile(0.5, rate: 40) * 1e6
        let covered = (0..<60).count { window in
            let sample = coverage.study(seed: coverage.seed + UInt64(window)).whole
            let half = 1.96 * (0.25 / Double(sample.count)).squareRoot()
            guard let low = sample.bin(at: 0.5 - half)?.low,
                let high = sample.bin(at: 0.5 + half)?.high
            else { return false }
            return low <= truth && truth <= high
        }
        #expect(covered < 42)
    }

    @Test func sharesAndMeansAreCovered() throws {
        // Failures by themselves, and in outages of a second each five seconds on average.
        let single = Failures(base: 0.005, outage: 0, gap: 20)
        let bursts = Failures(base: 0.002, outage: 0.3, gap: 5)
        #expect(single.coverage(rate: 40, seconds: 60, windows: 100, seed: 41).share >= 0.96)
        #expect(bursts.coverage(rate: 50, seconds: 300, windows: 40, seed: 42).share >= 0.87)
        for service in [Service.independent, .chained(correlation: 0.9), .queue(utilisation: 0.5)] {
            let hits = service.meanCoverage(rate: 40, seconds: 60, windows: 60, seed: 43)
            #expect(try #require(hits).share >= 0.88, "\(service.name)")
        }
    }

    @Test func steadyLevelsRaiseNoAlarmAndChangesDo() {
        func alarms(_ change: Change) -> Alarms.Counts {
            Alarms(service: .independent, change: change, seconds: 60)
                .count(windows: 20, rate: 100, seed: 51)
        }
        let steady = alarms(.none)
        #expect(steady.trends + steady.steps + steady.warmUps <= 2)
        #expect(alarms(.ramp20).trends >= 19)
        #expect(alarms(.step15).steps >= 17)
        #expect(alarms(.warmUp).warmUps >= 17)
    }

    /// `truth.md`, 2.1: no alarm at 95 % of capacity, nearly always at 110 %.
    @Test func aBacklogIsSeenBeyondCapacityAndNotBelow() {
        func alarms(_ utilisation: Double) -> Double {
            LoadedQueue(servers: 8, meanTime: 0.02, utilisation: utilisation)
                .alarms(seconds: 60, windows: 6, seed: 61)
        }
        #expect(alarms(0.9) == 0)
        #expect(alarms(1.1) == 1)
    }
}
