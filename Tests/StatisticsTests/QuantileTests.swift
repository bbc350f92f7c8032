import Statistics
import Testing

@Suite struct QuantileTests {
    /// 1…1000 dealt out so that every one of five slices has every fifth value.
    private static let even = (0..<5).map { slice in
        Sample(values: stride(from: slice + 1, through: 1000, by: 5).map { Double($0) })
    }

    /// Above the median, 500, lie 100 of each slice's 200: no more than independence varies, √(1/4000);
    /// t(4) = 2.776445, so h = 0.043899 and the interval ends at ranks ⌈456.1⌉ and ⌈543.9⌉.
    @Test func anEvenSampleHasTheIntervalOfIndependentObservations() throws {
        let study = QuantileStudy(slices: Self.even, seconds: 60)
        let median = try #require(study.estimate(at: 0.5))
        #expect(median.value == 500)
        #expect(median.lower == 457)
        #expect(median.upper == 544)
        #expect(median.inflation == 1)
        #expect(median.effectiveEvents == 500)
        #expect(median.isResolved)
        #expect(median.relativeHalfWidth == 43.5 / 500)
    }

    /// h at p99 is 2.776445 · √(0.0099/1000) = 0.008736: ranks ⌈981.26⌉ and ⌈998.74⌉. At 99 %
    /// confidence t = 4.604095, h = 0.014486: nothing bounds it from above.
    @Test func aBoundBeyondTheLastObservationIsNone() throws {
        let study = QuantileStudy(slices: Self.even, seconds: 60)
        let tail = try #require(study.estimate(at: 0.99))
        #expect(tail.lower == 982)
        #expect(tail.upper == 999)
        let surer = try #require(study.estimate(at: 0.99, confidence: 0.99))
        #expect(surer.upper == nil)
        #expect(surer.relativeHalfWidth == nil)
        #expect(surer.isResolved)
    }

    /// One of 1000 lies above p99.9: 1 effective event in 60 s, five in 300 s.
    @Test func fewerThanFiveTailEventsAreNotResolved() throws {
        let study = QuantileStudy(slices: Self.even, seconds: 60)
        let tail = try #require(study.estimate(at: 0.999))
        #expect(abs(try #require(tail.effectiveEvents) - 1) < 0.01)
        guard case .unresolved(let needed) = tail.resolution else {
            Issue.record("resolved by one event")
            return
        }
        #expect(abs(needed - 300) < 3)
        #expect(tail.value == 999)
    }

    /// All slow payments in one slice of five: the exceedance of p90 is 40 in a slice of 40 and 0 in the
    /// others. Whatever the quantile, that is one event, and says so.
    @Test func aBurstIsOneEventHoweverManyPaymentsItHas() throws {
        let fast = Sample(values: (0..<40).map { 10 + Double($0) / 100 })
        let slow = Sample(values: (0..<40).map { 900 + Double($0) })
        let study = QuantileStudy(slices: [fast, fast, slow, fast, fast], seconds: 10)
        for quantile in [0.5, 0.9, 0.95] {
            let estimate = try #require(study.estimate(at: quantile))
            #expect(try #require(estimate.effectiveEvents) < 5)
            #expect(!estimate.isResolved)
        }
        #expect(try #require(study.estimate(at: 0.9)).upper == nil)
    }

    /// 2 % of 5000 time out alike, at 10 s. Nothing lies above p99, but they all come from one second.
    @Test func equalTimeOutsOfOneOutageAreOneEvent() throws {
        let usual = (1...250).map { Double($0) / 10 }
        var slices = [Sample](repeating: Sample(values: usual), count: 20)
        let outage = usual.dropLast(100) + [Double](repeating: 10_000, count: 100)
        slices[7] = Sample(values: Array(outage))
        let burst = try #require(QuantileStudy(slices: slices, seconds: 20).estimate(at: 0.99))
        #expect(burst.value == 10_000)
        #expect(!burst.isResolved)
        #expect(try #require(burst.lower) < 25.1)

        let spread = usual.dropLast(5) + [Double](repeating: 10_000, count: 5)
        let even = [Sample](repeating: Sample(values: Array(spread)), count: 20)
        let tail = try #require(QuantileStudy(slices: even, seconds: 20).estimate(at: 0.99))
        #expect(tail.isResolved)
        #expect(tail.lower == 10_000)
    }

    @Test func aConstantTimeHasAnIntervalOfOnePoint() throws {
        let same = [Sample](
            repeating: Sample(bins: [.init(low: 20_000, high: 20_015, count: 500)]), count: 20)
        let estimate = try #require(QuantileStudy(slices: same, seconds: 20).estimate(at: 0.99))
        #expect(estimate.inflation == 1)
        #expect(estimate.lower == 20_000)
        #expect(estimate.upper == 20_015)
    }

    @Test func aWindowOfFewerThanFiveSlicesIsNotResolved() throws {
        let study = QuantileStudy(slices: Array(Self.even.prefix(3)), seconds: 3)
        let median = try #require(study.estimate(at: 0.5))
        #expect(median.lower == nil)
        #expect(median.upper == nil)
        #expect(median.effectiveEvents == nil)
        #expect(median.resolution == .unresolved(secondsNeeded: 5))
        // 0.6 observations lie above p99.9: five do in 25 s, at the least.
        guard case .unresolved(let needed)? = study.estimate(at: 0.999)?.resolution else {
            Issue.record("resolved by three slices")
            return
        }
        #expect(abs(needed - 25) < 1e-6)
    }

    @Test func anEmptyWindowHasNoQuantiles() {
        let empty = [Sample](repeating: Sample(values: []), count: 20)
        #expect(QuantileStudy(slices: empty, seconds: 20).estimate(at: 0.5) == nil)
        #expect(QuantileStudy(slices: [], seconds: 20).estimate(at: 0.5) == nil)
    }

    @Test func neitherTheDirectionOfTimeNorTheUnitMatters() throws {
        for seed: UInt64 in 1...20 {
            var draws = Draws(seed: seed)
            let slices = (0..<20).map { _ in
                (0..<Int.random(in: 0...80, using: &draws)).map { _ in
                    Double(Int.random(in: 1...1000, using: &draws))
                }
            }
            func estimate(_ slices: [[Double]], _ quantile: Double) -> QuantileEstimate? {
                QuantileStudy(slices: slices.map(Sample.init(values:)), seconds: 20)
                    .estimate(at: quantile)
            }
            for quantile in [0.5, 0.9, 0.99] {
                let forward = try #require(estimate(slices, quantile))
                let backward = try #require(estimate(slices.reversed(), quantile))
                let scaled = try #require(estimate(slices.map { $0.map { 4 * $0 } }, quantile))
                #expect(forward.lower == backward.lower, "seed \(seed)")
                #expect(forward.upper == backward.upper, "seed \(seed)")
                #expect(scaled.lower == forward.lower.map { 4 * $0 }, "seed \(seed)")
                #expect(scaled.upper == forward.upper.map { 4 * $0 }, "seed \(seed)")
                #expect(scaled.inflation == forward.inflation, "seed \(seed)")
            }
        }
    }
}
