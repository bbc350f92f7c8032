import Histograms
import Pages
import Payments
import Results

/// Runs that never were: one phase, each second like the others.
enum Runs {
    /// A second that is unlike the others: many errors, and one payment that took long.
    struct Peak {
        var second: Int
        var errors: Int
        var microseconds: UInt64
    }

    /// - Parameters:
    ///   - seconds: how many, each with the same response times in µs.
    ///   - outcome: of all payments.
    static func material(
        seconds: Int, times: [UInt64], outcome: Outcome = .accepted, name: String = "made-up",
        peak: Peak? = nil
    ) -> RunMaterial {
        var payment = PaymentRecord()
        var slices = PhaseSlices()
        let slot = Int(outcome.rawValue)
        let each = times.reduce(into: Histogram()) { $0.record($1) }
        let part: CompactSeries =
            times.isEmpty ? [:] : [.responseTime(slot: slot): CompactHistogram(each)]
        let all = repeated(each, seconds)
        payment.responseTime[slot].add(all)
        payment.serviceTime[slot].add(all)
        // Of a day, every so many seconds are enough for a picture of 80 columns.
        for second in stride(from: 0, to: seconds, by: max(1, seconds / 1000)) {
            slices.add(part, second: second)
        }
        var timeline = [TimelineRow](repeating: row(times, outcome), count: seconds)
        if let peak {
            payment.responseTime[slot].record(peak.microseconds)
            payment.responseTime[Int(Outcome.providerError.rawValue)].add(
                repeated([1000].reduce(into: Histogram()) { $0.record($1) }, peak.errors))
            let slow = [peak.microseconds].reduce(into: Histogram()) { $0.record($1) }
            slices.add([.responseTime(slot: slot): CompactHistogram(slow)], second: peak.second)
            timeline[peak.second].outcomes[Int(Outcome.providerError.rawValue)] = peak.errors
            timeline[peak.second].p99 = peak.microseconds
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
            phases: [phase], paymentNames: [name], codes: codes, timeline: timeline,
            generator: GeneratorRecord(
                workers: 1, cores: 1, cpuSeconds: 0.1, busiestWorker: 0.1, peakRSSBytes: 1_000_000,
                connectionsOpened: 1))
        let verdict = Verdict(
            validity: .suspect,
            causes: [.init(check: name, value: 1, threshold: 0, advice: "Beware of \(name).")])
        return RunMaterial(
            Summary(record: record, verdict: verdict), record: record, scenario: "name: \(name)\n")
    }

    private static func repeated(_ histogram: Histogram, _ count: Int) -> Histogram {
        guard count > 0 else { return Histogram() }
        var half = repeated(histogram, count / 2)
        half.add(half)
        if !count.isMultiple(of: 2) { half.add(histogram) }
        return half
    }

    private static func row(_ times: [UInt64], _ outcome: Outcome) -> TimelineRow {
        var row = TimelineRow()
        row.planned = times.count
        row.started = times.count
        row.outcomes[Int(outcome.rawValue)] = times.count
        row.p50 = times.sorted().dropFirst(times.count / 2).first
        row.p99 = times.max()
        row.sendDelayP99 = times.isEmpty ? nil : 40
        return row
    }

    /// With a budget of each verdict and payments of each outcome to look up, all of that name.
    static func judged(name: String) -> RunMaterial {
        var material = material(
            seconds: 3, times: [1000, 5_000_000], outcome: .inDoubt, name: name)
        material.summary.budgets = BudgetResult.Verdict.allCases.map { verdict in
            BudgetResult(
                budget: name, metric: name, verdict: verdict, onInconclusive: .warn,
                unit: .microseconds, count: 6, reason: name)
        }
        material.uncertain = Outcome.allCases.map { outcome in
            UncertainPayment(
                paymentID: name, payment: name, phase: name, outcome: outcome, code: name,
                httpStatus: nil, intended: 1_785_585_662, sent: nil, completed: 1_785_585_663,
                stage: .allLeft)
        }
        material.notes = [name]
        return material
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
