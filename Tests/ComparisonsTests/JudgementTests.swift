import Glibc
import Metrics
import Payments
import Results
import Testing

@testable import Comparisons

private let metrics: [Metric] = [
    .time(.responseTime, .percentile(50)), .time(.responseTime, .percentile(99)),
    .outcome(.declined, .rate), .errors(.rate),
]

/// What was planted is found, and nothing else.
@Suite struct JudgementTests {
    private static let settings = ComparisonSettings(metrics: metrics, equivalentWithin: 0.1)

    @Test(arguments: [RunDesign.Kind.duet, .blocks])
    func whatWasPlantedIsFound(kind: RunDesign.Kind) throws {
        let slower = Conduct(median: 26_000)
        let declining = Conduct(declined: 0.06)
        let failing = Conduct(failing: 0.04)
        var duel = SyntheticDuel(
            seed: 3, kind, seconds: 400, [Conduct(), slower, declining, failing])
        let book = try duel.book(Self.settings)
        for (arm, metric) in [
            ("arm1", "response_time.p50"), ("arm1", "response_time.p99"),
            ("arm2", "outcome.declined.rate"), ("arm3", "errors.rate"),
        ] {
            let judged = try #require(book.verdict(arm, metric))
            #expect(judged.verdict == .worse, "\(kind) \(arm) \(metric)")
            #expect(judged.isMaterial || metric.hasPrefix("response_time.p99"))
        }
        let p50 = try #require(book.verdict("arm1", "response_time.p50"))
        let probably = try #require(p50.probably)
        let least = try #require(p50.atLeast)
        #expect(abs(probably - 0.3) < 0.05 && least < 0.3 && least > 0.15)
        #expect(book.verdict("arm2", "response_time.p50")?.verdict == .equivalent)
        #expect(book.verdict("arm3", "response_time.p50")?.verdict == .equivalent)
    }

    /// A family of verdicts at 95 %: of 16 comparisons of equals 1 may be wrong, and 5 would come once in
    /// a thousand times (binomial).
    @Test(arguments: [RunDesign.Kind.duet, .blocks])
    func equalAdaptersAreSeldomToldApart(kind: RunDesign.Kind) throws {
        var wrong = 0
        for seed in 0..<16 {
            var duel = SyntheticDuel(
                seed: UInt64(seed), kind, seconds: 60 * (kind == .blocks ? 2 : 1),
                [Conduct(declined: 0.03), Conduct(declined: 0.03)])
            duel.perSecond = 60
            duel.weather = { 1 + 0.3 * sin(Double($0) / 9) }
            let book = try duel.book(Self.settings)
            let judge = try #require(ComparisonJudge(book.material, book.settings))
            let told = judge.verdicts.contains { $0.verdict == .better || $0.verdict == .worse }
            if told { wrong += 1 }
        }
        #expect(wrong < 5, "\(wrong) of 16")
    }

    /// A median and a mean of slices do not see half a second in every thirty; the whole run does. How many
    /// stalls there are varies by the root of their number: 16 are enough for any interval of a family of
    /// eight, 8 are not.
    @Test func aRareStallIsFound() throws {
        var duel = SyntheticDuel(
            seed: 5, .duet, seconds: 480, [Conduct(), Conduct(stallEvery: 30)])
        duel.perSecond = 50
        let book = try duel.book(Self.settings)
        let p99 = try #require(book.verdict("arm1", "response_time.p99"))
        #expect(p99.verdict == .worse)
        #expect(book.verdict("arm1", "response_time.p50")?.verdict == .equivalent)
    }

    @Test func betterHereAndWorseThereShowsInTheShift() throws {
        var duel = SyntheticDuel(
            seed: 8, .duet, seconds: 240, [Conduct(), Conduct(median: 16_000, stretch: 1.5)])
        let book = try duel.book(Self.settings)
        #expect(book.verdict("arm1", "response_time.p50")?.verdict == .better)
        #expect(book.verdict("arm1", "response_time.p99")?.verdict == .worse)
        let judge = try #require(ComparisonJudge(book.material, book.settings))
        let points = try #require(judge.shifts.first?.points)
        #expect(points.first { $0.quantile == 0.2 }?.change.upper ?? 1 < 0)
        #expect(points.first { $0.quantile == 0.99 }?.change.lower ?? -1 > 0)
    }

    @Test func aChangedMixOfCodesIsFound() throws {
        var duel = SyntheticDuel(
            seed: 9, .duet, [Conduct(declined: 0.05), Conduct(declined: 0.05, code: "Refused")])
        let book = try duel.book(Self.settings)
        let judge = try #require(ComparisonJudge(book.material, book.settings))
        let codes = try #require(judge.codes.first?.entries)
        #expect(codes.filter(\.differs).map(\.code) == ["CardDeclined", "Refused"])
        #expect(abs(codes[0].reference - 0.05) < 0.01 && codes[0].value == 0)
    }

    @Test func tooFewSlicesDecideNothing() throws {
        var duel = SyntheticDuel(
            seed: 1, .blocks, seconds: 40, [Conduct(), Conduct(median: 60_000)])
        let book = try duel.book(Self.settings)
        let judged = try #require(book.verdict("arm1", "response_time.p50"))
        #expect(judged.verdict == .cannotTell)
        #expect(judged.reason == "10 slices, and it takes 15")
        #expect(judged.slicesToSettle == 5 && judged.secondsToSettle == 20)
    }

    @Test func slicesInWhichTheGeneratorWasLateAreLeftOut() throws {
        var duel = SyntheticDuel(seed: 1, .duet, seconds: 120, [Conduct(), Conduct()])
        duel.late = Set(40..<44)
        let book = try duel.book(Self.settings)
        let judge = try #require(ComparisonJudge(book.material, book.settings))
        #expect(judge.dropped.map(\.slice) == [10] && judge.dropped.map(\.start) == [40])
        #expect(judge.keys.count == 29)
    }

    @Test func anAdapterThatIsDownIsNotJudged() throws {
        var duel = SyntheticDuel(
            seed: 1, .duet, [Conduct(), Conduct(isDown: true), Conduct(failing: 0.9)])
        let book = try duel.book(Self.settings)
        let judge = try #require(ComparisonJudge(book.material, book.settings))
        let (down, failing) = (book.arms[1], book.arms[2])
        #expect(judge.isDown(down) && !judge.isDown(failing))
        let times = judge.verdicts.filter { $0.metric.hasPrefix("response_time") }
        #expect(times.allSatisfy { $0.verdict == .cannotTell && $0.reason != nil })
        #expect(book.verdict("arm2", "errors.rate")?.verdict == .worse)
    }

    /// One after the other under a trend: what the design is for.
    @Test func oneAfterTheOtherADriftIsTakenForADifference() throws {
        func verdict(_ kind: RunDesign.Kind) throws -> Comparisons.Comparison.Decision? {
            var duel = SyntheticDuel(seed: 4, kind, seconds: 240, [Conduct(), Conduct()])
            duel.weather = { 1 + 0.3 * Double($0) / 240 }
            return try duel.book(Self.settings).verdict("arm1", "response_time.p50")?.verdict
        }
        #expect(try verdict(.alone) == .worse)
        #expect(try verdict(.duet) == .equivalent)
        #expect(try verdict(.blocks) == .equivalent)
    }
}
