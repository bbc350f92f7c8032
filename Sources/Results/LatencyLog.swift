import Histograms
import Payments

/// `latency.hlog`: every duration of a run by the second in which it was due, as a histogram log that
/// HdrHistogram's tools read. Bytes only; what it holds does not grow with the run.
///
/// A line is a second of one series. Its tag: `response_time/PHASE/PAYMENT/OUTCOME`, likewise
/// `service_time`; `send_delay/PHASE`, likewise `first_byte`, `connect` and `tls`. The line without a tag
/// is the response time of all measured phases.
package struct LatencyLog: ~Copyable {
    package static let fileName = "latency.hlog"

    private let start: RunStart
    private var writer = HistogramLogWriter()

    package init(_ start: RunStart) {
        self.start = start
    }

    package func header() -> [UInt8] {
        let identity = start.identity
        return writer.header(
            tool: "paybench \(identity.toolVersion)", started: identity.startedAt,
            date: Timestamp(secondsSince1970: identity.startedAt).rfc3339)
    }

    package mutating func lines(of second: RecordBuilder.SettledSecond) -> [UInt8] {
        let time = start.identity.startedAt + Double(second.number)
        var lines: [UInt8] = []
        let measured = second.series.filter { start.phases[$0.key].measured }
        let whole = measured.values.reduce(into: CompactHistogram()) { sum, series in
            sum.add(series.merged { if case .responseTime = $0 { true } else { false } })
        }
        lines += writer.line(nil, start: time, length: 1, whole.histogram)
        for (phase, series) in second.series.sorted(by: { $0.key < $1.key }) {
            let named = series.compactMap { key, histogram in
                tag(of: key, phase: phase).map { ($0, histogram) }
            }
            for (tag, histogram) in named.sorted(by: { $0.0.text < $1.0.text }) {
                lines += writer.line(tag, start: time, length: 1, histogram.histogram)
            }
        }
        return lines
    }

    private func tag(of key: SeriesKey, phase: Int) -> HistogramTag? {
        let phase = start.phases[phase].name
        func parts(_ time: String, _ slot: Int) -> [String] {
            let (payment, outcome) = slot.quotientAndRemainder(dividingBy: Outcome.allCases.count)
            return [time, phase, start.paymentNames[payment], Outcome.allCases[outcome].name]
        }
        switch key {
        case .responseTime(let slot): return HistogramTag(parts("response_time", slot))
        case .serviceTime(let slot): return HistogramTag(parts("service_time", slot))
        case .sendDelay: return HistogramTag(["send_delay", phase])
        case .firstByte: return HistogramTag(["first_byte", phase])
        case .connect: return HistogramTag(["connect", phase])
        case .tls: return HistogramTag(["tls", phase])
        }
    }
}

extension LatencyLog {
    /// The log of a stored run, made again from its `interval.log`.
    ///
    /// - Parameter write: gets it piece by piece.
    package static func remake(
        from folder: String, write: ([UInt8]) throws(ResultError) -> Void
    ) throws(ResultError) {
        var log = LatencyLog(try IntervalLogReader(folder: folder).start)
        try write(log.header())
        _ = try LoggedRun.read(
            folder: folder,
            settled: { (seconds) throws(ResultError) in
                for second in seconds { try write(log.lines(of: second)) }
            })
    }
}

/// Writes `latency.hlog` as the run goes on. One thread at a time.
package struct LatencyLogWriter: ~Copyable {
    private var log: LatencyLog
    private let file: StagedFile

    package init(_ start: RunStart, in folder: ResultFolder) throws(ResultError) {
        let log = LatencyLog(start)
        let file = try StagedFile(LatencyLog.fileName, in: folder.path)
        try file.write(log.header())
        self.log = log
        self.file = file
    }

    package mutating func append(
        _ seconds: [RecordBuilder.SettledSecond]
    ) throws(ResultError) {
        for second in seconds { try file.write(log.lines(of: second)) }
    }

    /// Syncs the file and gives it its name.
    package consuming func finish() throws(ResultError) {
        try file.commit()
    }
}
