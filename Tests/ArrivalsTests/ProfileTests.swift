import Testing

@testable import Arrivals

@Suite struct ProfileTests {
    private func uniform(
        _ profile: RateProfile, length: Int64? = nil, count: Int? = nil
    ) -> ArrivalStream {
        ArrivalStream(.profile(profile, .uniform), seed: 1, length: length, count: count)
    }

    /// Every arrival, and that none is missing at the end, against whole numbers.
    private func checkAll(_ profile: RateProfile, length: Int64, _ name: Comment) {
        let exact = ExactIntegral(profile)
        var stream = uniform(profile, length: length)
        let arrivals = stream.rest()
        let wrong = arrivals.filter { !exact.isDue($0.number, at: $0.offset) }
        #expect(wrong.isEmpty, name)
        #expect(arrivals.map(\.number) == Array(0..<UInt64(arrivals.count)), name)
        #expect(abs(Double(arrivals.count) - exact.value(to: length)) <= 1, name)
        #expect(stream.end?.number == UInt64(arrivals.count), name)
        #expect(stream.end?.offset == length, name)
    }

    @Test(arguments: RateProfile.shapes.map(\.name))
    func everyArrivalIsDueWhereTheIntegralReachesItsNumber(name: String) throws {
        let shape = try #require(RateProfile.shapes.first { $0.name == name })
        // Longer than its own length, too: the last rate goes on.
        for length in [1, second / 10, 2 * second, 3 * second + 7] {
            checkAll(shape.profile, length: length, "\(name)")
        }
    }

    @Test(arguments: UInt64(1)...60)
    func soItIsForAnyProfile(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let profile = RateProfile.random(using: &generator)
        checkAll(profile, length: 4 * second, "seed \(seed): \(profile.pieces)")
    }

    @Test(arguments: UInt64(1)...20)
    func countsFollowTheIntegralAtEveryInstant(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let profile = RateProfile.random(using: &generator)
        var stream = uniform(profile, length: 5 * second)
        let instants = stream.rest().map(\.offset)
        var counted = 0
        for sample in 0..<500 {
            let instant =
                Int64(sample) * second / 100 + Int64.random(in: 0..<1000, using: &generator)
            while counted < instants.count, instants[counted] < instant { counted += 1 }
            let expected = ExactIntegral(profile).value(to: instant)
            #expect(abs(Double(counted) - expected) <= 1, "seed \(seed) at \(instant)")
            // A double of 10⁴ has eleven digits after the point.
            #expect(abs(profile.integral(to: instant) - expected) < 1e-8, "seed \(seed)")
        }
    }

    @Test(arguments: UInt64(1)...40)
    func searchAndCursorAgree(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let profile = RateProfile.random(using: &generator)
        var stream = uniform(profile, length: 4 * second)
        while let arrival = stream.next() {
            let instant = profile.instant(of: Double(arrival.number))
            if instant != arrival.offset { Issue.record("seed \(seed): \(arrival)") }
        }
        let due = profile.uniformArrivals(before: 4 * second)
        #expect(stream.end?.number == due, "seed \(seed)")
    }

    @Test func aPauseOnlyDelaysWhatFollowsIt() {
        // 10/s for 1 s, 1 s of silence, 10/s: number 10 is due when it is over, not when it begins.
        let profile = RateProfile(
            [
                .init(length: second, from: 10, to: 10), .init(length: second, from: 0, to: 0),
            ], rateAfter: 10)
        var stream = uniform(profile, length: 3 * second)
        let instants = stream.rest().map(\.offset)
        #expect(instants == (0..<10).map { $0 * second / 10 } + (20..<30).map { $0 * second / 10 })
        #expect(profile.rate(at: second) == 0)
        #expect(profile.rate(at: 2 * second) == 10)
        #expect(profile.rate(at: second - 1) == 10)
    }

    @Test func decimalRatesFillTheirPiecesWhole() {
        // 0.1/s is not a binary fraction; ten seconds of it are one arrival all the same.
        let profile = RateProfile(
            [
                .init(length: 10 * second, from: 0.1, to: 0.1),
                .init(length: 5 * second, from: 0, to: 0),
            ], rateAfter: 200.0 / 60)
        var stream = uniform(profile, count: 4)
        #expect(stream.rest().map(\.offset) == [0, 15, 15.3, 15.6].map { Int64($0 * 1e9) })
    }

    @Test func nothingIsDueInSilence() {
        var silence = uniform(.pause, length: second)
        #expect(silence.next() == nil)
        #expect(silence.end?.number == 0)
        #expect(silence.end?.offset == second)
        // A count that is never reached does not wait for ever.
        let burst = RateProfile.spike(
            base: 0, peak: Rate(perSecond: 10), at: second, lasting: second)
        var never = uniform(burst, count: 100)
        #expect(never.rest().count == 10)
        #expect(never.end?.offset == 2 * second)
    }

    @Test func stairsClimbToTheirTop() {
        func rates(_ from: Double, _ to: Double, _ step: Double) -> [Double] {
            RateProfile.stairs(
                from: Rate(perSecond: from), to: Rate(perSecond: to), step: Rate(perSecond: step),
                every: second
            ).pieces.map(\.from)
        }
        #expect(rates(500, 2000, 500) == [500, 1000, 1500, 2000])
        #expect(rates(2000, 500, 500) == [2000, 1500, 1000, 500])
        #expect(rates(500, 2000, 600) == [500, 1100, 1700, 2000])
        #expect(rates(0.1, 0.4, 0.1).count == 4)
        #expect(rates(0.1, 0.4, 0.1).last == 0.4)
        #expect(rates(5, 5, 1) == [5])
        #expect(rates(5, 6, 10) == [5, 6])
    }

    @Test func onlyRampsAndStairsHaveALength() {
        let lengths = RateProfile.shapes.map(\.profile.length)
        let stairs = 5 * (second / 2)
        #expect(lengths == [nil, 2 * second, 2 * second, stairs, second / 3 * 3, nil, nil, nil])
        var stream = uniform(.ramp(from: 0, to: 2000, over: 2 * second))
        #expect(stream.rest().count == 2000)
        #expect(stream.end?.offset == 2 * second)
    }
}
