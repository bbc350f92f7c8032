import Curl
import Testing

@testable import Engine

@Suite struct VigilTests {
    private static let microsecond: Nanoseconds = 1_000

    @Test func itLearnsByHowMuchSleepsAreOverslept() {
        let seed: UInt64 = 11
        var random = SeededGenerator(seed: seed)
        for usual in [5, 20, 80] as [Nanoseconds] {
            var vigil = Vigil(begin: 0)
            var isInTime = 0
            for sleep in 0..<4_000 {
                let late =
                    usual * Self.microsecond * Nanoseconds.random(in: 50...150, using: &random)
                    / 100
                if sleep >= 2_000, late <= vigil.early { isInTime += 1 }
                vigil.overslept(by: late)
            }
            // Up by a quarter of the gap, down by a 64th: at rest near the highest of what is usual.
            #expect(isInTime > 1_600, "seed \(seed), \(usual) µs")
            #expect(vigil.early < 2 * usual * Self.microsecond, "seed \(seed), \(usual) µs")
        }
    }

    @Test func aLongFreezeDoesNotMakeItWakeLongBefore() {
        var vigil = Vigil(begin: 0)
        vigil.overslept(by: 300_000_000)
        #expect(vigil.early == 150 * Self.microsecond)
    }

    @Test func itIsAwakeAQuarterOfTheTimeAtMost() {
        var vigil = Vigil(begin: origin)
        var now = origin
        // Whatever it may spend, it spends: 90 of every 100 µs.
        for _ in 0..<100_000 {
            now += 100 * Self.microsecond
            if vigil.isAllowed(at: now) { vigil.spend(90 * Self.microsecond) }
        }
        let share = Double(vigil.spent) / Double(now - origin)
        #expect(share > 0.24 && share < 0.251)
    }
}
