import Testing

@testable import Arrivals

/// A day at up to 200,000/s: 1.7 ⋅ 10¹⁰ arrivals, of which single ones are reckoned.
@Suite struct DriftTests {
    private static let day = 86_400 * second

    private func check(_ profile: RateProfile, seed: UInt64, until length: Int64) {
        let exact = ExactIntegral(profile)
        let total = UInt64(profile.integral(to: length))
        var generator = SeededGenerator(state: seed)
        let numbers =
            Array(total - 100..<total)
            + (0..<2000).map { _ in UInt64.random(in: 0..<total, using: &generator) }
        for number in numbers {
            guard let instant = profile.instant(of: Double(number)) else {
                Issue.record("\(number) of \(total) is never due")
                continue
            }
            if !exact.isDue(number, at: instant) {
                Issue.record("seed \(seed): \(number) of \(total) at \(instant)")
            }
        }
    }

    @Test(arguments: [200_000, 199_999, 131_071, 7, 1])
    func aConstantRateHoldsForADay(rate: Double) {
        check(.constant(Rate(perSecond: rate)), seed: 5, until: Self.day)
    }

    @Test func theArrivalsOfADayAreCounted() {
        let profile = RateProfile.constant(Rate(perSecond: 200_000))
        #expect(profile.uniformArrivals(before: Self.day) == 17_280_000_000)
        #expect(profile.instant(of: 17_279_999_999) == Self.day - 5000)
        let minutely = RateProfile.constant(Rate(perSecond: 1.0 / 60))
        #expect(minutely.uniformArrivals(before: Self.day) == 1440)
        #expect(minutely.uniformArrivals(before: 365 * Self.day) == 525_600)
        #expect(minutely.instant(of: 525_599) == 365 * Self.day - 60 * second)
    }

    @Test func rampsHoldForADay() {
        check(.ramp(from: 0, to: 200_000, over: Self.day), seed: 1, until: Self.day)
        check(.ramp(from: 1, to: 199_999, over: Self.day - 1), seed: 2, until: Self.day - 1)
        // Towards the end there is one arrival in half a second: the root must not cancel.
        check(.ramp(from: 200_000, to: 0, over: Self.day), seed: 3, until: Self.day)
        check(.ramp(from: 199_999, to: 1, over: Self.day - 1), seed: 4, until: Self.day - 1)
    }

    @Test func aHundredStairsHoldForADay() {
        let stairs = RateProfile.stairs(
            from: Rate(perSecond: 2000), to: Rate(perSecond: 200_000), step: Rate(perSecond: 2000),
            every: Self.day / 100 + 1)
        check(stairs, seed: 6, until: stairs.length ?? 0)
    }

    @Test func aSumOfManyLosesNothing() {
        // Near 1.7 ⋅ 10¹⁰ a double has steps of 4 ⋅ 10⁻⁶: these would be lost or doubled.
        let start = TwoSum(17_000_000_000)
        var sum = start
        for _ in 0..<100_000 { sum = sum + 1e-6 }
        #expect(abs((sum - start) - 0.1) < 1e-12)
    }
}
