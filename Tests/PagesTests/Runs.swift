import Histograms
import Pages
import Payments
import Results

/// Runs that never were: one phase, a second for each entry.
enum Runs {
    /// - Parameters:
    ///   - seconds: how many, each with the same response times in µs.
    ///   - outcome: of all payments.
    static func material(
        seconds: Int, times: [UInt64], outcome: Outcome = .accepted, name: String = "made-up",
        errorBurstAt burst: Int? = nil
    ) -> RunMaterial {
        var payment = PaymentRecord()
        var slices = PhaseSlices()
        var rows: [TimelineRow] = []
        var each = Histogram()
        for time in times { each.record(time) }
        for second in 0..<seconds {
            payment.responseTime[Int(outcome.rawValue)].add(each)
            payment.serviceTime[Int(outcome.rawValue)].add(each)
            if !times.isEmpty {
                let key = SeriesKey.responseTime(slot: Int(outcome.rawValue))
                slices.add([key: CompactHistogram(each)], second: second)
            }
            var row = TimelineRow()
            row.planned = times.count
            row.started = times.count
            row.outcomes[Int(outcome.rawValue)] = times.count
            if second == burst { row.outcomes[Int(Outcome.providerError.rawValue)] = 777 }
            row.p50 = times.sorted().dropFirst(times.count / 2).first
            row.p99 = times.max()
            row.sendDelayP99 = times.isEmpty ? nil : 40
            rows.append(row)
        }
        var phase = PhaseRecord(
            name: name, measured: true, model: .open(ratePerSecond: 1, process: "uniform"),
            spans: [PhaseRecord.Span(start: 0, end: Double(seconds))], payments: [payment])
        phase.started = times.count * seconds
        phase.planned = phase.started
        phase.slices = slices
        let codes =
            outcome == .accepted || times.isEmpty
            ? []
            : [
                CodeCount(
                    outcome: outcome, code: name, httpStatus: 500, field: name,
                    count: phase.started)
            ]
        let record = Record(
            identity: identity(name), ending: .completed, wallSeconds: Double(seconds),
            phases: [phase], paymentNames: [name], codes: codes, timeline: rows,
            generator: GeneratorRecord(
                workers: 1, cores: 1, cpuSeconds: 0.1, busiestWorker: 0.1, peakRSSBytes: 1_000_000,
                connectionsOpened: 1))
        let verdict = Verdict(
            validity: .suspect,
            causes: [.init(check: name, value: 1, threshold: 0, advice: "Beware of \(name).")])
        return RunMaterial(
            Summary(record: record, verdict: verdict), record: record, scenario: "name: \(name)\n")
    }

    private static func identity(_ name: String) -> RunIdentity {
        RunIdentity(
            runID: "5f1c9a", toolVersion: "0.1.0", libcurlVersion: "7.88.1", swiftVersion: "6.3",
            scenarioName: name, scenarioSHA256: "00", seed: 42, startedAt: 1_785_585_662.000345,
            target: "target of \(name)")
    }

    /// By what is odd about them.
    static let odd: [(name: String, material: RunMaterial)] = [
        ("no request", material(seconds: 5, times: [])),
        ("no time", material(seconds: 0, times: [])),
        ("one request", material(seconds: 1, times: [350_000])),
        ("all errors", material(seconds: 9, times: [10, 20], outcome: .providerError)),
        ("all in doubt", material(seconds: 9, times: [10_000_000], outcome: .inDoubt)),
        (
            "all the same",
            material(seconds: 30, times: [UInt64](repeating: 1000, count: 50))
        ), ("1 µs to 1 h", material(seconds: 20, times: [1, 1000, 1_000_000, 3_600_000_000])),
    ]
}
