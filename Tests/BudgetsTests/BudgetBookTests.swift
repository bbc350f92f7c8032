import Glibc
import Metrics
import Payments
import Results
import Statistics
import Testing

@testable import Budgets

@Suite struct BudgetBookTests {
    private func judged(
        _ texts: [String], seconds: Int = 60, seed: UInt64 = 1,
        _ change: (inout SyntheticRun) -> Void = { _ in }
    ) throws -> [BudgetResult] {
        var run = SyntheticRun(seed: seed)
        change(&run)
        var book = BudgetBook(try texts.map { try Budget($0) }, of: run.start)
        for second in 0..<seconds { book.add([run.second(second)]) }
        return book.results(generator: nil)
    }

    /// 12,000 lognormal times: p50 20 ms, p99 57 ms, known to a few percent.
    @Test func anIntervalOnOneSideOfTheLimitDecides() throws {
        let results = try judged([
            "response_time.p50 < 25ms", "response_time.p50 < 15ms", "response_time.p50 < 20ms",
            "response_time.p99 <= 80ms", "service_time.p50 < 19ms", "response_time.mean < 30ms",
            "response_time.p99.99 < 1s", "response_time.max < 10s", "send_delay.p99 < 1ms",
            "response_time.p50 > 15ms",
        ])
        #expect(
            results.map(\.verdict) == [
                .pass, .fail, .inconclusive, .pass, .pass, .pass, .inconclusive, .pass, .pass,
                .pass,
            ])
        let median = results[0]
        let (lower, upper) = (try #require(median.lower), try #require(median.upper))
        #expect(lower < 20_000 && upper > 20_000 && upper - lower < 2000)
        #expect(median.count == 12_000 && median.limit == 25_000 && median.unit == .microseconds)
        #expect(median.reason.contains("n = 12,000; within 25.0 ms by"))
        #expect(results[1].reason.contains("beyond 15.0 ms by"))
        // One payment in 10,000: about one is beyond, and it takes five.
        #expect(results[6].reason.contains("would decide"))
    }

    @Test func labelsAndOutcomesAreToldApart() throws {
        let results = try judged(
            [
                "errors.rate < 10%", "errors.rate < 1%", "outcome.provider_error.rate > 3%",
                "errors.count == 0", "in_doubt.count == 0", "errors.rate{payment=card} < 10%",
                "response_time.p50{outcome=provider_error} < 25ms",
                "response_time.p50{payment=wallet, outcome=accepted} < 25ms",
            ]
        ) { $0.failing = 0.05 }
        #expect(
            results.map(\.verdict)
                == [.pass, .fail, .pass, .fail, .pass, .pass, .pass, .pass])
        #expect((5700..<6300).contains(results[5].count))
        #expect(abs(Double(results[6].count) - 600) < 120)
        #expect(results[4].value == 0)
    }

    @Test func withoutDataNothingPasses() throws {
        let results = try judged(
            ["response_time.p99 < 1s", "errors.rate < 1%", "rate.started > 1/s"], seconds: 0)
        #expect(results.map(\.verdict) == [.inconclusive, .inconclusive, .inconclusive])
        #expect(results.allSatisfy { $0.value == nil && $0.reason.contains("no data") })
        var labelled = SyntheticRun(seed: 2)
        let budget = try Budget("response_time.p99{outcome=declined} < 1s")
        var book = BudgetBook([budget], of: labelled.start)
        for second in 0..<20 { book.add([labelled.second(second)]) }
        #expect(book.results(generator: nil)[0].verdict == .inconclusive)
    }

    @Test func theFirstPartCanBeLeftOut() throws {
        var late = try Budget("response_time.p95 < 60ms")
        late.after = .seconds(20)
        let whole = try Budget("response_time.p95 < 60ms")
        var run = SyntheticRun(seed: 3)
        var book = BudgetBook([late, whole], of: run.start)
        for second in 0..<60 {
            book.add([run.second(second, scale: { _ in second < 20 ? 3 : 1 })])
        }
        let results = book.results(generator: nil)
        #expect(results[0].verdict == .pass && results[1].verdict != .pass)
        #expect(results[0].count == 8000 && results[1].count == 12_000)
    }

    @Test func phasesThatAreNotMeasuredCountOnlyWhenNamed() throws {
        var run = SyntheticRun(seed: 4, phases: ["warm-up", "steady"])
        let budgets = [
            try Budget("response_time.p50 < 25ms"),
            try Budget("errors.count{phase=warm-up} == 0"),
        ]
        var book = BudgetBook(budgets, of: run.start)
        for second in 0..<10 { book.add([run.second(second, records: [0], scale: { _ in 9 })]) }
        for second in 10..<40 { book.add([run.second(second, records: [1])]) }
        let results = book.results(generator: nil)
        #expect(results.map(\.verdict) == [.pass, .pass])
        #expect(results[0].count == 6000 && results[1].count == 2000)
    }

    /// Windows of 10 s: five good ones, one in which every second payment fails.
    @Test func everyWindowHasToKeepABudgetWithWindows() throws {
        var budget = try Budget("errors.rate < 5%")
        budget.window = .seconds(10)
        var lasting = budget
        lasting.lasting = .seconds(20)
        var aborting = budget
        aborting.abort = true
        var run = SyntheticRun(seed: 5)
        var book = BudgetBook([budget, lasting, aborting], of: run.start)
        for second in 0..<60 {
            #expect((book.aborting == nil) == (second <= 40))
            run.failing = (30..<40).contains(second) ? 0.5 : 0
            book.add([run.second(second)])
        }
        let results = book.results(generator: nil)
        // One window in a row is not the two that 20 s ask for.
        #expect(results.map(\.verdict) == [.fail, .pass, .fail])
        #expect(results[0].failedWindow == PhaseRecord.Span(start: 30, end: 40))
        #expect(results[0].reason.contains("in the window of 10 s from 30 s"))
    }

    @Test(arguments: [1.0, 1.2])
    func aBaselineBesideTellsAFifthFromNothing(factor: Double) throws {
        var run = SyntheticRun(seed: 6, adapters: ["baseline", "candidate"])
        run.perSecond = 100
        let budgets = [
            try Budget("response_time.p95 <= baseline + 10%"),
            try Budget("response_time.mean <= baseline + 10%"),
            try Budget("errors.rate <= baseline + 0.01"),
            try Budget("response_time.p50 < 22ms"),
        ]
        let pair = BudgetBook.Pair(
            reference: "baseline", candidate: "candidate", sliceSeconds: 4)
        var book = BudgetBook(budgets, of: run.start, pair: pair)
        var weather = Draws(7)
        for second in 0..<120 {
            // What both feel, such as a slow machine.
            let shared = exp(0.2 * weather.normal())
            book.add([
                run.second(
                    second, records: [0, 1], scale: { $0 == 1 ? shared * factor : shared })
            ])
        }
        let results = book.results(generator: nil)
        let wanted: [BudgetResult.Verdict] =
            factor > 1.1 ? [.fail, .fail, .pass, .fail] : [.pass, .pass, .pass, .pass]
        #expect(results.map(\.verdict) == wanted)
        let typical = try #require(results[0].comparison?.typical)
        #expect(typical.lower < factor - 1 && typical.upper > factor - 1)
        #expect(results[0].count == 12_000)
    }

    @Test func looksKeepWhatTheyDecided() throws {
        var run = SyntheticRun(seed: 8)
        var book = BudgetBook([try Budget("response_time.p50 < 25ms")], of: run.start)
        let looks = Looks(at: Looks.ofRuns, budgets: 1)
        for second in 0..<60 { book.add([run.second(second)]) }
        let first = book.results(generator: nil, looks: looks)
        let isDecided = book.settle(first)
        #expect(isDecided)
        for second in 60..<120 { book.add([run.second(second, scale: { _ in 9 })]) }
        #expect(book.results(generator: nil, looks: looks)[0].verdict == .pass)
    }

    /// An error that comes after a look counts all the same.
    @Test func aCountGoesOnAfterALook() throws {
        var run = SyntheticRun(seed: 11)
        var book = BudgetBook([try Budget("errors.count == 0")], of: run.start)
        let looks = Looks(at: Looks.ofRuns, budgets: 1)
        for second in 0..<60 { book.add([run.second(second)]) }
        let first = book.results(generator: nil, looks: looks)
        let isDecided = book.settle(first)
        #expect(isDecided && first[0].verdict == .pass)
        run.failing = 0.5
        book.add([run.second(60)])
        #expect(book.results(generator: nil, looks: looks)[0].verdict == .fail)
    }

    @Test func whatTheGeneratorCostIsJudgedAtTheEnd() throws {
        let budget = try Budget("generator.cpu_us_per_request < 100us")
        let run = SyntheticRun(seed: 9)
        let book = BudgetBook([budget], of: run.start)
        #expect(book.results(generator: nil)[0].verdict == .inconclusive)
    }

    @Test func codesSkipsAndCompletionsComeFromIntervals() throws {
        let budgets = try [
            "code.Late.count <= 3", "code.Other.count == 0", "skipped.count == 0",
            "rate.completed > 150/s", "rate.started > 150/s",
        ].map { try Budget($0) }
        var run = SyntheticRun(seed: 10)
        var book = BudgetBook(budgets, of: run.start)
        for second in 0..<30 {
            var interval = Interval(of: run.start)
            interval.elapsed = Double(second) + 1
            interval.phases[0].skipped = second == 9 ? 2 : 0
            let late = Interval.Code(
                outcome: .providerError, code: "Late", httpStatus: 500, field: nil)
            interval.phases[0].codes[late] = second % 10 == 0 ? 1 : 0
            var counts = Interval.Second()
            counts.outcomes[0] = second < 25 ? 200 : 0
            interval.seconds[second] = counts
            book.add(interval)
            book.add([run.second(second)])
        }
        let results = book.results(generator: nil)
        #expect(results.map(\.verdict) == [.pass, .pass, .fail, .inconclusive, .pass])
        #expect(results[0].value == 3 && results[2].value == 2)
        // 200 a second, none in the last five of 28 that are whole.
        #expect(abs((results[3].value ?? 0) - 171) < 2)
    }
}
