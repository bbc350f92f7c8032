import Glibc
import Statistics
import Testing

@Suite struct TrendTests {
    /// The exact law of Kendall's score: orders of n values by their number of inversions.
    private static func exactChance(score: Int, of count: Int) -> Double {
        var ways = [1.0]
        for size in 2...count {
            var next = [Double](repeating: 0, count: ways.count + size - 1)
            for (inversions, number) in ways.enumerated() {
                for more in 0..<size { next[inversions + more] += number / Double(size) }
            }
            ways = next
        }
        let pairs = count * (count - 1) / 2
        return ways.indices.reduce(0) { sum, inversions in
            abs(pairs - 2 * inversions) >= abs(score) ? sum + ways[inversions] : sum
        }
    }

    @Test func theApproximationDecidesAsTheExactLawDoes() {
        for seed: UInt64 in 1...300 {
            var draws = Draws(seed: seed)
            let tilt = Double(seed % 30) / 100
            let values = (0..<20).map { draws.normal() + tilt * Double($0) }
            let test = MannKendall(values)
            let exact = Self.exactChance(score: test.score, of: 20)
            #expect(abs(test.chance - exact) < 0.02, "seed \(seed), \(exact)")
            if exact < 0.008 { #expect(test.chance < 0.01, "seed \(seed), \(exact)") }
            if exact > 0.012 { #expect(test.chance > 0.01, "seed \(seed), \(exact)") }
        }
    }

    @Test func theScoreCountsRisesLessFallsAndTiesCountNothing() {
        // Pairs: 1–3 up, 1–2 up, 1–2 up, 3–2 down, 3–2 down, 2–2 equal.
        #expect(MannKendall([1, 3, 2, 2]).score == 1)
        #expect(MannKendall([1, 3, 2, 2]).chance == 1, "too few to tell")
        #expect(MannKendall([Double](repeating: 7, count: 20)).chance == 1)
        // Ten of 0 before ten of 1: 100 rises; variance (20·19·45 − 2·10·9·25)/18 = 700.
        let step = (0..<20).map { $0 < 10 ? 0.0 : 1 }
        let expected = Normal.probability(beyond: 99 / 700.0.squareRoot())
        #expect(abs(MannKendall(step).chance - expected) < 1e-15)
    }

    @Test func theSlopeIsTheMedianOfAllPairs() throws {
        // 1 1 1 on the line, 98/3, 97/2, 96 to the outlier: the median of six is (1 + 98/3…)/2.
        let slope = try #require(TheilSen.slope(of: [1, 2, 3, 99]))
        #expect(abs(slope - (1 + 98 / 3.0) / 2) < 1e-12)
        #expect(TheilSen.slope(of: (0..<9).map { 5 - 0.5 * Double($0) }) == -0.5)
        #expect(TheilSen.slope(of: [1]) == nil)
    }

    @Test func aDriftCountsFromFivePercentAndOnlyWithRegularity() throws {
        func growing(to factor: Double) -> [Double] {
            (0..<20).map { 20 * pow(factor, Double($0) / 19) }
        }
        let small = try #require(Drift.trend(ofLevels: growing(to: 1.049)))
        #expect(small.chance < 0.01 && !small.isPresent)
        let large = try #require(Drift.trend(ofLevels: growing(to: 1.14)))
        #expect(large.isPresent)
        #expect(abs(large.effect - 0.14) < 1e-9)
        let fall = try #require(Drift.trend(ofLevels: growing(to: 0.9)))
        #expect(fall.isPresent && abs(fall.effect + 0.1) < 1e-9)
        let zigzag = (0..<20).map { $0.isMultiple(of: 2) ? 20.0 : 30 }
        #expect(try #require(Drift.trend(ofLevels: zigzag)).isPresent == false)
        #expect(Drift.trend(ofLevels: [Double](repeating: 20, count: 7)) == nil)
        #expect(Drift.trend(ofLevels: [0] + growing(to: 2)) == nil)
    }

    /// Six of 20 before fourteen of 24: K = 6 · 14 = 84, chance 2 exp(−6 · 7056/8400) = 0.01295;
    /// ten and ten: K = 100, chance 2 exp(−6 · 10 000/8400) = 0.00158.
    @Test func aStepIsFoundWhereItIs() throws {
        let early = try #require(Drift.step(inLevels: (0..<20).map { $0 < 6 ? 20 : 24 }))
        #expect(early.after == 6)
        #expect(abs(early.finding.chance - 0.01295) < 1e-5)
        #expect(!early.finding.isPresent)
        let half = try #require(Drift.step(inLevels: (0..<20).map { $0 < 10 ? 20 : 24 }))
        #expect(half.after == 10)
        #expect(abs(half.finding.effect - 0.2) < 1e-12)
        #expect(half.finding.isPresent)
    }

    @Test func aWarmUpIsSeenAndNeitherOneStallNorAnEvenRise() throws {
        // ± 1 % around 20, as if at random but fixed.
        let noise = [3, -7, 10, -2, 6, -9, 1, 8, -4, -6, 5, -10, 2, 9, -1, -8, 7, 4, -5, -3]
        let settled = noise.map { 20 + Double($0) / 50 }
        let isPresent = { (levels: [Double]) in try #require(WarmUp.remains(inLevels: levels)) }
        #expect(try isPresent(settled).isPresent == false)

        let cold = settled.enumerated().map { $1 * (1 + 0.5 * exp(-Double($0) / 1.4)) }
        let finding = try isPresent(cold)
        #expect(finding.isPresent && finding.effect > 0.05)
        var stalled = settled
        stalled[0] *= 2
        #expect(try isPresent(stalled).isPresent == false)
        let rising = settled.enumerated().map { $1 * pow(1.4, Double($0) / 19) }
        #expect(try isPresent(rising).isPresent == false)
        #expect(try #require(Drift.trend(ofLevels: rising)).isPresent)
        #expect(WarmUp.remains(inLevels: Array(settled.dropLast())) == nil)
    }

    /// 60 s at 100/s, 2/s too fast: after a second, 2 more wait each second, 2 % of the rate.
    @Test func aBacklogIsToldByItsGrowthAgainstTheRate() throws {
        let growing = (0..<60).map { 10 + 2 * Double($0) }
        let finding = try #require(Backlog.growth(ofInFlight: growing, rate: 100))
        #expect(abs(finding.effect - 0.02) < 1e-12)
        #expect(finding.isPresent)
        #expect(try #require(Backlog.growth(ofInFlight: growing, rate: 250)).isPresent == false)
        let emptying = try #require(Backlog.growth(ofInFlight: growing.reversed(), rate: 100))
        #expect(!emptying.isPresent)
        #expect(Backlog.growth(ofInFlight: Array(growing.dropLast()), rate: 100) == nil)
        #expect(
            Backlog.growth(ofInFlight: Array(growing.prefix(20)), rate: 100, fewest: 20) != nil)
    }

    @Test func dispersionIsOneForPoissonAndNoneForEvenCounts() throws {
        #expect(Dispersion(counts: [5, 5, 5, 5]).index == 0)
        // Mean 2, variance (4 + 0 + 4)/3 = 8/3.
        #expect(abs(try #require(Dispersion(counts: [0, 2, 4]).index) - 4 / 3.0) < 1e-12)
        #expect(Dispersion().index == nil)

        var draws = Draws(seed: 11)
        var counts = [Int](repeating: 0, count: 6000)
        Service.independent.run(rate: 200, seconds: 60, draws: &draws) { arrival, _ in
            counts[Int(arrival * 100)] += 1
        }
        // The standard deviation of the index is √(2/6000) = 0.018.
        let poisson = Dispersion(counts: counts)
        #expect(abs(try #require(poisson.index) - 1) < 0.08)
        var parts = Dispersion(counts: counts[..<100])
        parts.add(Dispersion(counts: counts[100...]))
        #expect(parts == poisson)
    }

    @Test func sendsInBurstsAreToldByTheirDispersion() throws {
        let planned = Dispersion(counts: [2, 2, 2, 2])
        func decision(_ counts: [Int]) -> Burstiness.Decision? {
            Burstiness(sent: Dispersion(counts: counts), planned: planned)?.decision
        }
        #expect(decision([2, 2, 2, 2]) == .ok)
        // Variance 0.5 of mean 2 is 0.25; variance 2 of mean 2 is 1; 4 of 2 is 2.
        #expect(decision([1, 3, 2, 2]) == .ok)
        #expect(decision([0, 4, 2, 2]) == .suspect)
        #expect(decision([0, 4, 0, 4]) == .invalid)
        #expect(decision([]) == nil)
    }
}
