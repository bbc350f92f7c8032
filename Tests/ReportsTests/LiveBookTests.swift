import Histograms
import Payments
import Reports
import Results
import Testing

/// What the live view gathers, against counts and sorted times kept beside it.
@Suite struct LiveBookTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func countsAndQuantilesAreThoseOfTheTimes(seed: UInt64) {
        let start = LiveRuns.start()
        var book = LiveBook(start)
        var draws = LiveRuns.Draws(seed)
        var (all, recent): ([UInt64], [UInt64]) = ([], [])
        for number in 0..<40 {
            book.add(
                LiveRuns.interval(
                    number, of: start, phase: number < 4 ? 0 : 1, count: 125, draws: &draws
                ) { draws in
                    let time = 1_000 + draws.next() % 1_000_000
                    if number >= 4 { all.append(time) }
                    // 5 s are ten intervals.
                    if number >= 30 { recent.append(time) }
                    return time
                })
        }
        let state = book.snapshot(.running)
        #expect(state.started == 40 * 125)
        #expect(state.completed == 40 * 125)
        #expect(state.inFlight == 0)
        #expect(state.outcomes[Int(Outcome.declined.rawValue)] == 40 * 4)
        #expect(state.outcomes[Int(Outcome.inDoubt.rawValue)] == 40)
        #expect(state.errors == 40)
        #expect(state.whole.count == all.count)
        #expect(state.recent.count == recent.count)
        for (times, values) in [(state.whole, all), (state.recent, recent)] {
            expect(times.p50, isQuantile: 0.5, of: values)
            expect(times.p90, isQuantile: 0.9, of: values)
            expect(times.p99, isQuantile: 0.99, of: values)
            #expect(times.maximum == values.max())
        }
    }

    /// Buckets are a thousandth wide.
    private func expect(_ value: UInt64?, isQuantile quantile: Double, of values: [UInt64]) {
        let rank = Int((quantile * Double(values.count)).rounded(.up))
        let exact = Double(values.sorted()[rank - 1])
        #expect(abs(Double(value ?? 0) - exact) <= exact / 500, "\(quantile)")
    }

    @Test func ratesAreOfWholeSeconds() {
        let start = LiveRuns.start()
        var book = LiveBook(start)
        var draws = LiveRuns.Draws(1)
        for number in 0..<14 {
            // 100/s for 4 s, then 300/s.
            book.add(
                LiveRuns.interval(
                    number, of: start, phase: 1, count: number < 8 ? 50 : 150, draws: &draws,
                    response: LiveRuns.times(0)))
            let rates = book.snapshot(.running).rates
            // 0.6 s after its end a second is known.
            let known = Int(Double(number + 1) / 2 - 0.6)
            guard known > 0 else {
                #expect(rates == nil)
                continue
            }
            let seconds = (max(0, known - 5)..<known).map { $0 < 4 ? 100.0 : 300.0 }
            let mean = seconds.reduce(0, +) / Double(seconds.count)
            #expect(
                rates == LiveState.Rates(planned: mean, started: mean, completed: mean),
                "\(number)")
        }
    }

    @Test func adaptersAreKeptApartAndWarmUpIsLeftOut() {
        let state = LiveRuns.comparison
        // Of 36 intervals of 125 payments, four in turn for each.
        #expect(state.adapters.map(\.name) == ["north", "south", "west"])
        #expect(state.adapters.map(\.answered).reduce(0, +) == 36 * 125)
        #expect(state.whole.count == 36 * 125)
        let medians = state.adapters.compactMap(\.whole.p50)
        #expect(medians.count == 3)
        #expect(medians == medians.sorted())
        #expect(state.adapters.map(\.isReference) == [true, false, false])
    }

    @Test func aWarningIsThereAsLongAsItsCause() {
        let start = LiveRuns.start()
        var book = LiveBook(start)
        var draws = LiveRuns.Draws(1)
        func warns(_ isWanted: (LiveWarning) -> Bool) -> Bool {
            book.snapshot(.running).warnings.contains(where: isWanted)
        }
        func isStall(_ warning: LiveWarning) -> Bool {
            if case .stalled(120_000) = warning { true } else { false }
        }
        for number in 0..<24 {
            var interval = LiveRuns.interval(
                number, of: start, phase: 1, count: 20, draws: &draws,
                response: LiveRuns.times(0))
            if number == 5 {
                interval.phases[1].punctuality.longestStall = .init(
                    microseconds: 120_000, end: 2.8, worker: 1)
            }
            book.add(interval)
            // 5 s, ten intervals.
            #expect(warns(isStall) == (5..<15).contains(number), "\(number)")
        }
        var late = LiveRuns.interval(
            24, of: start, phase: 1, count: 0, draws: &draws, response: LiveRuns.times(0))
        late.phases[1].skipped = 3
        late.phases[1].planned = 3
        book.add(late)
        #expect(warns { $0 == .skipped(3) })
    }

    @Test func busyCoresAreCPUByTime() {
        // 0.2 s of CPU for each second.
        let busy = LiveRuns.usual.busyCores ?? 0
        #expect(abs(busy - 0.2) < 1e-9)
    }

    @Test func theTimelineLosesNoPaymentHoweverLongItGets() {
        var timeline = LiveTimeline()
        var draws = LiveRuns.Draws(3)
        for second in 0..<5000 {
            var part = LiveTimeline.Part()
            let low = 1 + draws.next() % 3_000_000
            part.add(bins: [(low: low, high: low + 1, count: 2 as UInt64)])
            timeline.add(part, at: Double(second))
        }
        #expect(timeline.whole.bands.reduce(0) { $0 + Int($1) } == 10_000)
    }
}
