/// What `interval.log` tells of a run, read to its end.
package struct LoggedRun: Sendable {
    package var start: RunStart
    package var record: Record
    /// The log's last frame; nil where it has none.
    package var end: RunEnd?
    package var isWhole: Bool { end != nil }
    package var breakage: IntervalLogReader.Break?
    /// By worker, the number of its last tally that is in the record.
    package var tallies: [UInt32?]
    /// Until when it is known what the run did, in seconds from its start.
    package var elapsed: Double

    /// - Parameters:
    ///   - uncertain: gets the payments whose booking is uncertain, in the order in which they came to be
    ///     known.
    ///   - settled: gets every second with all its durations, in their order.
    ///   - each: gets each interval with the seconds that were settled with it; the last one is empty.
    package static func read(
        folder: String,
        uncertain: ([UncertainPayment]) -> Void = { _ in },
        settled: ([RecordBuilder.SettledSecond]) throws(ResultError) -> Void = {
            _ throws(ResultError) in
        },
        each: (Interval, [RecordBuilder.SettledSecond]) -> Void = { _, _ in }
    ) throws(ResultError) -> LoggedRun {
        try read(
            log: "\(folder)/\(IntervalLog.fileName)", uncertain: uncertain, settled: settled,
            each: each)
    }

    /// The same of a log that is kept elsewhere.
    package static func read(
        log: String, uncertain: ([UncertainPayment]) -> Void = { _ in },
        settled: ([RecordBuilder.SettledSecond]) throws(ResultError) -> Void = {
            _ throws(ResultError) in
        },
        each: (Interval, [RecordBuilder.SettledSecond]) -> Void = { _, _ in }
    ) throws(ResultError) -> LoggedRun {
        try read(
            IntervalLogReader(path: log), uncertain: uncertain, settled: settled, each: each)
    }

    /// The same of a log that was opened before, from its first interval on.
    package static func read(
        _ log: consuming IntervalLogReader, uncertain: ([UncertainPayment]) -> Void = { _ in },
        settled: ([RecordBuilder.SettledSecond]) throws(ResultError) -> Void = {
            _ throws(ResultError) in
        },
        each: (Interval, [RecordBuilder.SettledSecond]) -> Void = { _, _ in }
    ) throws(ResultError) -> LoggedRun {
        var reader = log
        var builder = RecordBuilder(reader.start)
        var end: RunEnd?
        while end == nil, let entry = try reader.next() {
            switch entry {
            case .interval(let interval):
                uncertain(interval.uncertain)
                let seconds = builder.add(interval)
                each(interval, seconds)
                try settled(seconds)
            case .end(let last): end = last
            }
        }
        let rest = builder.settleAll()
        each(Interval(of: reader.start), rest)
        try settled(rest)
        return LoggedRun(
            start: reader.start,
            record: end.map { builder.record($0) } ?? builder.unfinishedRecord(),
            end: end, breakage: end == nil ? reader.breakage : nil,
            tallies: builder.tallies, elapsed: builder.elapsed)
    }
}
