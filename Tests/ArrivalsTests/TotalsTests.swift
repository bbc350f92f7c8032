import Arrivals
import Testing

@Suite struct TotalsTests {
    private let files = RecordedFiles()

    private func check(
        _ schedule: ArrivalSchedule, length: Int64?, count: Int?, _ name: Comment
    ) throws {
        let totals = try #require(try schedule.totals(length: length, count: count))
        var stream = ArrivalStream(schedule, seed: 1, length: length, count: count)
        _ = stream.rest()
        #expect(totals.arrivals == stream.end.map { Double($0.number) }, name)
        #expect(totals.length == stream.end?.offset, name)
    }

    @Test(arguments: UInt64(1)...40)
    func uniformTotalsAreThoseOfTheStream(seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        let profile = RateProfile.random(using: &generator)
        let schedule = ArrivalSchedule.profile(profile, .uniform)
        for (length, count) in [(3 * second, nil), (2 * second, 500), (second / 7, 3)]
            as [(Int64?, Int?)]
        {
            try check(schedule, length: length, count: count, "seed \(seed)")
        }
        if profile.length != nil { try check(schedule, length: nil, count: nil, "seed \(seed)") }
    }

    @Test func recordedTotalsAreThoseOfTheStream() throws {
        let file = files.write((0..<1000).map { "\($0 / 10).\($0 % 10)\n" }.joined())
        let recorded = try RecordedArrivals.check(path: file)
        let schedule = ArrivalSchedule.recorded(recorded)
        for (length, count) in [
            (nil, nil), (50 * second, nil), (500 * second, nil), (nil, 10), (nil, 5000),
            (99_900_000_000, nil), (50 * second, 501), (50 * second, 499),
        ] as [(Int64?, Int?)] {
            let name: Comment = "\(length ?? 0) ns, \(count ?? 0)"
            try check(schedule, length: length, count: count, name)
        }
        let totals = try #require(try schedule.totals(length: nil, count: nil))
        #expect(abs(totals.meanRate - 1000 / 99.9) < 1e-9)
    }

    @Test func poissonTotalsAreMeans() throws {
        let schedule = ArrivalSchedule.profile(
            .ramp(from: 0, to: 100, over: 10 * second), .poisson)
        let whole = try #require(try schedule.totals(length: nil, count: nil))
        #expect(whole.arrivals == 500)
        #expect(whole.length == 10 * second)
        #expect(whole.meanRate == 50)
        // A quarter of the arrivals come in half the time.
        let counted = try #require(try schedule.totals(length: nil, count: 125))
        #expect(counted.length == 5 * second)
        let endless = ArrivalSchedule.profile(.constant(Rate(perSecond: 1)), .poisson)
        #expect(try endless.totals(length: nil, count: nil) == nil)
    }

    @Test(arguments: UInt64(1)...20)
    func aChartHoldsAllArrivals(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let profile = RateProfile.random(using: &generator)
        let schedule = ArrivalSchedule.profile(profile, .poisson)
        for samples in [1, 7, 60] {
            let rates = schedule.rates(over: 3 * second, samples: samples)
            #expect(rates.count == samples)
            let arrivals = rates.reduce(0, +) * 3 / Double(samples)
            let expected = ExactIntegral(profile).value(to: 3 * second)
            // Each edge of a sample is rounded to a nanosecond.
            #expect(abs(arrivals - expected) < 1e-4, "seed \(seed)")
        }
    }

    @Test func aChartOfRecordedArrivalsShowsWhereTheyAre() throws {
        // 100/s for 10 s, nothing for 20 s, 10/s for 10 s.
        let burst = (0..<1000).map { Double($0) / 100 } + (0..<100).map { 30 + Double($0) / 10 }
        let file = files.write(burst.map { "\($0)\n" }.joined() + "40\n")
        var options = RecordedArrivals.Options()
        options.speed = 2
        let recorded = try RecordedArrivals.check(path: file, options)
        let rates = ArrivalSchedule.recorded(recorded).rates(over: 20 * second, samples: 8)
        // Twice as fast: 200/s for 5 s, and a part of the check's counts lies over each edge.
        let expected = [200, 200, 0, 0, 0, 0, 20, 20.0]
        for (rate, wanted) in zip(rates, expected) { #expect(abs(rate - wanted) < 14) }
        let all = rates.reduce(0, +) * 2.5
        #expect(abs(all - 1101) < 1.5)
    }
}
