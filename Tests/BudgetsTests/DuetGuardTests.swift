import Results
import Testing

@testable import Budgets

/// A reference alone for 10 s, beside a candidate, and alone again.
@Suite struct DuetGuardTests {
    private static let alone = 10

    /// - Parameters:
    ///   - seconds: of the duet.
    ///   - effect: on the reference's times beside the candidate.
    private static func watched(
        seconds: Int, effect: Double, seed: UInt64 = 1
    ) throws -> (DuetGuard, early: Int?) {
        var run = SyntheticRun(seed: seed, adapters: ["old", "new", "old"])
        run.start.phases[2].measured = false
        run.start.design = RunDesign(
            adapters: ["old", "new"].map {
                RunDesign.Adapter(name: $0, target: "t", isReference: $0 == "old")
            },
            passes: [
                .init(kind: .alone, phases: [2], seed: 1),
                .init(kind: .duet, phases: [0, 1], seed: 1),
                .init(kind: .alone, phases: [2], seed: 1),
            ])
        var watch = try #require(DuetGuard(run.start))
        var early: Int?
        for number in 0..<seconds + 2 * Self.alone {
            let isDuet = (Self.alone..<Self.alone + seconds).contains(number)
            var interval = Interval(of: run.start)
            interval.elapsed = Double(number + 1)
            interval.spans = [0: .init(start: 0, end: Double(min(number + 1, Self.alone)))]
            if isDuet { interval.spans[1] = .init(start: 10, end: Double(number + 1)) }
            let second = run.payments(records: isDuet ? [0, 1] : [2]) { $0 == 0 ? effect : 1 }
            interval.seconds[number] = Interval.Second()
            interval.seconds[number]?.series = second
            watch.add(interval)
            watch.add(SyntheticRun.settled(number, second))
            if watch.early() != nil { early = number }
        }
        return (watch, early)
    }

    /// With 2 s of patience behind as long a stretch as alone.
    @Test func aTenthShowsAfterTheFirstStretch() throws {
        let (watch, early) = try Self.watched(seconds: 60, effect: 1.15)
        #expect(early == 21)
        #expect(watch.finding?.isPresent == true)
        let change = try #require(watch.finding?.difference.change)
        #expect(abs(change.value - 0.15) < 0.03 && change.lower > 0)
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func nothingIsFoundWhereNothingIs(seed: UInt64) throws {
        let (watch, early) = try Self.watched(seconds: 60, effect: 1, seed: seed)
        #expect(early == nil && watch.finding?.isPresent == false)
    }

    /// Seconds alone stay seconds, however long the duet is.
    @Test func aLongDuetIsWatchedToo() throws {
        let (watch, _) = try Self.watched(seconds: 600, effect: 1.15)
        #expect(watch.finding?.isPresent == true)
    }

    @Test func withoutADuetThereIsNothingToWatch() {
        #expect(DuetGuard(SyntheticRun(seed: 1).start) == nil)
    }
}
