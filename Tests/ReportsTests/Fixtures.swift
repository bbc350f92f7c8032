import Histograms
import Payments
import Results

/// Hand-made runs, small enough to check every figure of their reports.
enum Runs {
    static func identity(name: String = "make-payment") -> RunIdentity {
        RunIdentity(
            runID: "5f1c9a", toolVersion: "0.1.0", libcurlVersion: "7.88.1", swiftVersion: "6.3",
            scenarioName: name, scenarioSHA256: "00", seed: 42, startedAt: 1_785_585_662.000345,
            target: "http://127.0.0.1:40123/mobile/payments/makePayment")
    }

    static let generator = GeneratorRecord(
        workers: 2, cores: 2, cpuSeconds: 0.5727, busiestWorker: 0.02, peakRSSBytes: 22_439_526,
        connectionsOpened: 64)

    /// `count` values, evenly from `first` to `last` µs.
    static func times(_ count: Int, from first: Int, to last: Int) -> Histogram {
        (0..<count).reduce(into: Histogram()) { histogram, index in
            let step = count > 1 ? (last - first) * index / (count - 1) : 0
            histogram.record(UInt64(first + step))
        }
    }

    /// Response times of each outcome; the service takes 10 µs less.
    static func payment(_ outcomes: [(Outcome, count: Int, from: Int, to: Int)]) -> PaymentRecord {
        outcomes.reduce(into: PaymentRecord()) { record, row in
            let index = Int(row.0.rawValue)
            record.responseTime[index] = times(row.count, from: row.from, to: row.to)
            record.serviceTime[index] = times(row.count, from: row.from - 10, to: row.to - 10)
        }
    }

    /// Planned what was started.
    static func phase(
        _ name: String, measured: Bool = true, model: PhaseRecord.Model, seconds: Double,
        payments: [PaymentRecord]
    ) -> PhaseRecord {
        var phase = PhaseRecord(
            name: name, measured: measured, model: model,
            spans: [PhaseRecord.Span(start: 0, end: seconds)], payments: payments)
        phase.started = Outcome.allCases.reduce(0) { $0 + phase.count(of: $1) }
        phase.planned = phase.started
        phase.times.sendDelay = times(phase.started, from: 10, to: 52)
        phase.times.lag = phase.times.sendDelay
        return phase
    }

    static func record(
        _ phases: [PhaseRecord], payments: [String], codes: [CodeCount] = [],
        ending: Ending = .completed, wallSeconds: Double = 35.18, name: String = "make-payment"
    ) -> Record {
        var start = 0.0
        let phases = phases.map { phase in
            var phase = phase
            phase.spans = [PhaseRecord.Span(start: start, end: start + phase.seconds)]
            start = phase.spans[0].end
            return phase
        }
        return Record(
            identity: identity(name: name), ending: ending, wallSeconds: wallSeconds,
            phases: phases, paymentNames: payments, codes: codes, timeline: timeline(of: phases),
            generator: generator)
    }

    /// As many completions in each second of a phase as it started a second.
    private static func timeline(of phases: [PhaseRecord]) -> [TimelineRow] {
        phases.flatMap { phase in
            var row = TimelineRow()
            row.outcomes[0] = Int(Double(phase.started) / max(1, phase.seconds))
            return [TimelineRow](repeating: row, count: Int(phase.seconds))
        }
    }

    static let valid = Verdict(validity: .valid, causes: [])

    static let suspect = Verdict(
        validity: .suspect,
        causes: [
            Verdict.Cause(
                check: "run.complete", value: 0.0005, threshold: 0.0001,
                advice: "0.05 % of the payments (3 of 6,003) were cut off unfinished; the highest "
                    + "percentiles are lower bounds. Let the run end by itself.")
        ])

    static let invalid = Verdict(
        validity: .invalid,
        causes: [
            Verdict.Cause(
                check: "schedule.lag", value: 0.56, threshold: 0.2,
                advice: "The generator sent late: p99 lag 9.80 ms is 56 % of the p99 response time "
                    + "in phase steady. Lower the rate, add workers or use another machine."),
            Verdict.Cause(
                check: "generator.cpu", value: 0.94, threshold: 0.9,
                advice: "The generator used 94 % of its CPU. Lower the rate or use a machine with "
                    + "more cores."),
        ])

    /// 250 + 14,983 payments: 14,682 + 150 accepted, 301 declined, 100 with 503 and 41 without an answer.
    static var normal: Record {
        let warmUp = phase(
            "warm-up", measured: false, model: .open(ratePerSecond: 50, process: "poisson"),
            seconds: 5,
            payments: [
                payment([(.accepted, 150, 40_000, 60_000)]),
                payment([(.providerError, 100, 900, 1_100)]),
            ])
        let steady = phase(
            "steady", model: .open(ratePerSecond: 500, process: "poisson"), seconds: 30,
            payments: [
                payment([
                    (.accepted, 10_000, 40_000, 60_000), (.declined, 301, 20_000, 30_000),
                    (.inDoubt, 41, 10_000_000, 10_000_100),
                ]),
                payment([(.accepted, 4_641, 80_000, 1_500_000)]),
            ])
        return record(
            [warmUp, steady], payments: ["card", "wallet"],
            codes: [
                CodeCount(
                    outcome: .declined, code: "CardDeclined", httpStatus: 402, field: nil,
                    count: 301),
                CodeCount(
                    outcome: .providerError, code: "HTTP 503", httpStatus: 503, field: nil,
                    count: 100),
                CodeCount(
                    outcome: .inDoubt, code: "OPERATION_TIMEDOUT", httpStatus: nil, field: nil,
                    count: 41),
            ])
    }

    /// Nothing was started in either phase.
    static var nothing: Record {
        let model = PhaseRecord.Model.open(ratePerSecond: 0.5, process: "uniform")
        var record = record(
            [phase("steady", model: model, seconds: 1, payments: [PaymentRecord()])],
            payments: ["card"], wallSeconds: 1.002)
        record.generator.connectionsOpened = 0
        return record
    }

    /// 10 of 1,000 arrivals were skipped.
    static var late: Record {
        var steady = phase(
            "steady", model: .open(ratePerSecond: 100, process: "uniform"), seconds: 10,
            payments: [payment([(.accepted, 990, 10_000, 17_500)])])
        steady.planned = 1000
        steady.skipped = 10
        return record([steady], payments: ["card"], wallSeconds: 10.02)
    }

    /// 50 users, stopped after 12.3 of 30 s; three payments were cut.
    static var interrupted: Record {
        record(
            [
                phase(
                    "shoppers", model: .closed(users: 50), seconds: 12.3,
                    payments: [
                        payment([
                            (.accepted, 6_000, 90_000, 110_000),
                            (.inDoubt, 3, 5_000_000, 5_000_000),
                        ])
                    ]),
                phase(
                    "later", model: .closed(users: 1), seconds: 0, payments: [PaymentRecord()]),
            ],
            payments: ["card"],
            codes: [
                CodeCount(
                    outcome: .inDoubt, code: "ABANDONED", httpStatus: nil, field: nil, count: 3)
            ], ending: .interrupted(.interrupt), wallSeconds: 17.31)
    }

    /// Everything that a scenario and a server can make long or hostile.
    static var hostile: Record {
        let long = String(repeating: "very-long-", count: 20)
        let phases = (1...8).map { number in
            phase(
                "\(number)-\(long)", model: .open(ratePerSecond: 12_345, process: "poisson"),
                seconds: 10,
                payments: (1...7).map { _ in payment([(.rejected, 5, 1_000, 2_000)]) })
        }
        let codes = (1...14).map { number in
            CodeCount(
                outcome: .rejected, code: "\u{1b}[31m\(number)\r\n\(long)支付", httpStatus: 400,
                field: "\u{202e}\(long)", count: 20)
        }
        var record = record(
            phases, payments: (1...7).map { "\($0)-\(long)" }, codes: codes,
            ending: .guardRail("limits.\u{7}\(long)"), name: "name-\(long)")
        record.identity.target = "https://\(long).example.test/"
        record.identity.runID = long
        record.generator.workers = 1
        record.generator.connectionsOpened = 1
        return record
    }
}
