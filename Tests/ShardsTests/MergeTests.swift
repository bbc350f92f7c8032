import Glibc
import Histograms
import Payments
import Results
import Testing

@testable import Shards

/// All that is told of a record but who made it, letter for letter.
private func everything(of record: Record) throws -> String {
    var record = record
    record.generator = Stream.end().generator
    let summary = Summary(record: record, verdict: Verdict(validity: .valid, causes: []))
    return try summary.json() + record.timeline.csv
}

/// Each second's histograms, however often it was settled.
private struct Seconds: Equatable {
    var series: [Int: [Int: CompactSeries]] = [:]

    mutating func add(_ settled: [RecordBuilder.SettledSecond]) {
        for second in settled {
            for (phase, series) in second.series {
                self.series[second.number, default: [:]][phase, default: [:]].add(series)
            }
        }
    }
}

@Suite struct MergeTests {
    private func single(_ stream: Stream) -> (Record, Seconds) {
        var builder = RecordBuilder(Stream.start())
        var seconds = Seconds()
        for interval in stream.intervals() { seconds.add(builder.add(interval)) }
        seconds.add(builder.settleAll())
        return (builder.record(Stream.end()), seconds)
    }

    private func merged(
        _ found: [ShardSet.Found], expected: Int
    ) throws -> (record: Record, seconds: Seconds, intervals: [Interval]) {
        let merge = try ShardMerge(ShardSet(found, expected: expected))
        var seconds = Seconds()
        var intervals: [Interval] = []
        let record = try merge.add { interval, settled in
            if let interval { intervals.append(interval) }
            seconds.add(settled)
        }
        return (record, seconds, intervals)
    }

    /// One stream, written down by one machine and by N: equal to the last bit.
    @Test(arguments: [1, 2, 3, 7], 1...2)
    func aStreamThatWasSplitIsTheSameWhenItIsAddedUp(shards: Int, seed: UInt64) throws {
        let stream = Stream(seed: seed, count: 400)
        let (record, seconds) = single(stream)
        let (sum, sumOfSeconds, intervals) = try merged(stream.shards(shards), expected: shards)
        for (phase, merged) in zip(record.phases, sum.phases) {
            #expect(phase.payments == merged.payments)
            #expect(phase.times == merged.times)
            #expect(phase.slices == merged.slices)
        }
        #expect(sum.timeline == record.timeline)
        #expect(try everything(of: sum) == everything(of: record))
        #expect(sumOfSeconds == seconds)
        #expect(sum.generator.workers == shards)
        let uncertain = intervals.flatMap(\.uncertain).map(\.paymentID)
        #expect(
            uncertain.sorted()
                == stream.payments.filter { !$0.skipped }.compactMap(\.uncertain?.paymentID)
                .sorted())
    }

    /// Against the payments themselves.
    @Test(arguments: 1...2) func countsAreThoseOfTheStream(seed: UInt64) throws {
        let stream = Stream(seed: seed, count: 400)
        let (record, _, _) = try merged(stream.shards(3), expected: 3)
        let sent = stream.payments.filter { !$0.skipped }
        #expect(record.phases.reduce(0) { $0 + $1.planned } == 400)
        #expect(record.phases.reduce(0) { $0 + $1.started } == sent.count)
        for outcome in Outcome.allCases {
            let count = record.phases.reduce(0) { $0 + $1.count(of: outcome) }
            #expect(count == sent.count { $0.outcome == outcome })
        }
        let steady = sent.filter { $0.phase == 1 }
        let times = record.phases[1].responseTime
        #expect(times.minimum == steady.map(\.response).min())
        #expect(times.maximum == steady.map(\.response).max())
        #expect(times.exact.sum == Double(steady.reduce(0) { $0 + $1.response }))
        #expect(record.brokenLaw() == nil)
    }

    @Test(arguments: 1...2) func theOrderOfResultsDoesNotMatter(seed: UInt64) throws {
        var random = Seeded(seed)
        let found = try Stream(seed: seed, count: 200).shards(5)
        let first = try merged(found, expected: 5)
        for _ in 0..<2 {
            let other = try merged(found.shuffled(using: &random), expected: 5)
            #expect(other.intervals == first.intervals)
            #expect(try everything(of: other.record) == everything(of: first.record))
        }
    }

    /// Tallies are of other workers in each, as in a merge.
    @Test(arguments: 1...5) func addingIntervalsIsCommutativeAndAssociative(seed: UInt64) {
        let parts = (0..<3).map { index in
            var sum = Interval(of: Stream.start(workers: 3))
            for interval in Stream(seed: seed, count: 150).intervals(index: index, of: 3) {
                sum.add(countsOf: interval, firstWorker: index)
            }
            return sum
        }
        func sum(_ left: Interval, _ right: Interval) -> Interval {
            var sum = left
            sum.add(countsOf: right, firstWorker: 0)
            sum.uncertain.sort { $0.paymentID < $1.paymentID }
            return sum
        }
        let (a, b, c) = (parts[0], parts[1], parts[2])
        #expect(sum(a, b) == sum(b, a))
        #expect(sum(sum(a, b), c) == sum(a, sum(b, c)))
        #expect(sum(sum(c, a), b) == sum(sum(a, b), c))
    }

    /// What is added up is a log like any other, and is read back as what it is.
    @Test func theMergedLogIsReadBackAsTheMergedRun() throws {
        let found = try Stream(seed: 5, count: 200).shards(3)
        let merge = try ShardMerge(ShardSet(found, expected: 3))
        var intervals: [Interval] = []
        let record = try merge.add { interval, _ in if let interval { intervals.append(interval) } }
        let read = try LoggedRun.read(
            IntervalLogReader(
                bytes: try log(intervals, start: merge.start, end: merge.end), name: "merged"))
        #expect(read.isWhole)
        #expect(try everything(of: read.record) == everything(of: record))
        #expect(read.start.workers == 3)
    }

    /// A sixtieth of ten minutes takes less than a sixtieth of 10 MiB: 50 series at 1,000/s.
    @Test func aShardOfTenMinutesFitsTheLogOfANode() throws {
        var start = Stream.start()
        let outcomes = Outcome.allCases.count
        start.paymentNames = ["a", "b", "c", "d"]
        let slots = start.paymentNames.count * outcomes
        var random = Seeded(9)
        let seconds = 10
        let intervals = (0..<2 * seconds).map { number in
            var interval = Interval(of: start)
            interval.elapsed = Double(number + 1) / 2
            var series = PhaseSeries()
            for _ in 0..<500 {
                let time = UInt64(exp(Double.random(in: 9...12.5, using: &random)))
                series.record(
                    slot: .random(in: 0..<25, using: &random), of: slots, response: time,
                    service: time - .random(in: 0...90, using: &random))
                series.times.sendDelay.record(.random(in: 0...90, using: &random))
            }
            interval.seconds[number / 2, default: Interval.Second()].series[1] = series
            return interval
        }
        let file = ShardFile(header: shardHeader(), log: try log(intervals, start: start))
        let text = try ShardText.text(of: file)
        print("10 s of 50 series at 1,000/s: \(text.utf8.count) bytes on stdout")
        #expect(text.utf8.count < (10 << 20) / 60)
    }
}
