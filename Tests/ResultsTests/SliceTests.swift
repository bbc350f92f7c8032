import Histograms
import Payments
import Testing

@testable import Results

@Suite struct SliceTests {
    /// However many seconds there are, and in whatever order they come to be known.
    @Test(arguments: [1, 7, 40, 41, 100, 3601])
    func slicesHaveEverythingAndAreFew(seconds: Int) {
        var generator = Seeded(UInt64(seconds))
        var slices = PhaseSlices()
        var whole = PhaseSeries()
        let order = (0..<seconds).map { $0 + 5 }
        // A worker that is a second behind.
        for second in stride(from: 0, to: seconds, by: 2).flatMap({ [$0 + 1, $0] })
        where second < seconds {
            var series = PhaseSeries()
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                let time = UInt64.random(in: 1...100_000, using: &generator)
                series.record(
                    slot: Int.random(in: 0..<8, using: &generator), of: 8, response: time,
                    service: time / 2)
                series.times.sendDelay.record(time / 3)
            }
            whole.add(series)
            slices.add(series, second: order[second])
        }
        let sum = slices.slices.reduce(into: CompactSeries()) { $0.add($1) }
        for slot in 0..<8 {
            #expect(
                sum[.responseTime(slot: slot)]?.histogram ?? Histogram() ~= whole.responseTime[slot]
            )
            #expect(
                sum[.serviceTime(slot: slot)]?.histogram ?? Histogram() ~= whole.serviceTime[slot])
        }
        #expect(sum[.sendDelay]?.histogram ?? Histogram() ~= whole.times.sendDelay)
        #expect(slices.slices.count <= 40 && slices.slices.count >= min(seconds, 20))
        #expect(
            slices.first <= 5 && slices.first + slices.seconds * slices.slices.count >= seconds + 5)
        #expect(seconds > 40 || slices.seconds == 1)
    }

    @Test func aCompactHistogramIsTheSameHistogram() {
        var generator = Seeded(4)
        var plain = Histogram()
        var compact = CompactHistogram()
        for _ in 0..<20 {
            var part = Histogram()
            for _ in 0..<100 {
                part.record(
                    .random(
                        in: 0...UInt64.random(in: 1...4_000_000_000, using: &generator),
                        using: &generator))
            }
            plain.add(part)
            if Bool.random(using: &generator) {
                compact.add(part)
            } else {
                compact.add(CompactHistogram(part))
            }
        }
        #expect(compact.histogram == plain)
        #expect(compact.count == plain.count)
    }

    @Test func aCountMayBeLargerThanItsCell() {
        var compact = CompactHistogram()
        var one = Histogram()
        one.record(1000)
        for _ in 0..<34 {
            one.add(one)
            compact.add(one)
        }
        // 2 + 4 + … + 2³⁴.
        #expect(compact.count == (1 << 35) - 2)
        #expect(compact.bins.map(\.count) == [(1 << 35) - 2])
        let half = compact
        compact.add(half)
        #expect(compact.histogram.buckets.map(\.count) == [(1 << 36) - 4])
    }

    /// The log of every second, read by a reader of such logs, has what the record has.
    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func theHistogramLogAddsUpToTheRecord(seed: UInt64) throws {
        let run = RandomRun(seed: seed, intervals: 12, payments: 60)
        var builder = RecordBuilder(smallStart)
        var log = LatencyLog(smallStart)
        var bytes = log.header()
        for interval in run.intervals {
            for second in builder.add(interval) { bytes += log.lines(of: second) }
        }
        for second in builder.settleAll() { bytes += log.lines(of: second) }
        let record = builder.record(smallEnd)
        var sums: [String: Histogram] = [:]
        var untagged: [Double] = []
        var reader = HistogramLogReader()
        for interval in try reader.take(bytes) {
            if let tag = interval.tag {
                sums[tag.text, default: Histogram()].add(interval.histogram)
            } else {
                untagged.append(interval.start)
                sums["", default: Histogram()].add(interval.histogram)
            }
        }
        for phase in record.phases {
            for (payment, name) in zip(phase.payments, record.paymentNames) {
                for outcome in Outcome.allCases {
                    let name = phase.name.replacing("/", with: "%2F") + "/\(name)/\(outcome.name)"
                    let index = Int(outcome.rawValue)
                    #expect(
                        sums["response_time/" + name]?.count ?? 0
                            == payment.responseTime[index].count)
                    #expect(
                        sums["service_time/" + name]?.count ?? 0 == payment.serviceTime[index].count
                    )
                }
            }
        }
        #expect(sums[""]?.count == record.phases[1].responseTime.count)
        #expect(sums[""]?.value(at: 0.9) == record.phases[1].responseTime.value(at: 0.9))
        #expect(Set(untagged).count >= 10)
    }

    /// A steady minute of even times: bounds on both sides, and everything resolved up to p99.
    @Test func aRecordOfARunTellsHowWellItKnowsItsQuantiles() throws {
        var builder = RecordBuilder(smallStart)
        var generator = Seeded(9)
        for second in 0..<60 {
            var interval = Interval(of: smallStart)
            var series = PhaseSeries()
            for _ in 0..<200 {
                let time = UInt64.random(in: 1000...2000, using: &generator)
                series.record(slot: 0, of: 16, response: time, service: time)
            }
            interval.seconds[second, default: Interval.Second()].series[1] = series
            interval.spans = [1: PhaseRecord.Span(start: 0, end: 60)]
            interval.phases[1].started = 200
            interval.phases[1].planned = 200
            builder.add(interval)
        }
        let times = Summary(record: builder.record(smallEnd), verdict: valid).latency.responseTime
        let p90 = try #require(times.intervals?[.p90])
        let (lower, upper) = (try #require(p90.lower), try #require(p90.upper))
        // 12,000 even values: the true p90 is 1,900 µs, its standard error 2.7.
        #expect(lower < 1900 && upper > 1900 && upper - lower > 8 && upper - lower < 60)
        #expect(times.resolves(.p99) && p90.secondsNeeded == nil)
        // 12 beyond p99.9, fewer by what the slices vary by chance; 1.2 beyond p99.99.
        #expect(!times.resolves(.p99_99))
        #expect(times.intervals?[.p99_99]?.secondsNeeded ?? 0 > 200)
    }
}

/// Equal but for the order of sums of floating point numbers.
private func ~= (left: Histogram, right: Histogram) -> Bool {
    left.count == right.count && left.minimum == right.minimum && left.maximum == right.maximum
        && left.buckets.elementsEqual(right.buckets, by: ==)
}
