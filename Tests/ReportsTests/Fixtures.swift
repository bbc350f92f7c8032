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
            name: name, measured: measured, model: model, seconds: seconds, payments: payments)
        phase.started = Outcome.allCases.reduce(0) { $0 + phase.count(of: $1) }
        phase.planned = phase.started
        phase.sendDelay = times(phase.started, from: 10, to: 52)
        phase.lag = phase.sendDelay
        return phase
    }

    static func record(
        _ phases: [PhaseRecord], payments: [String], codes: [CodeCount] = [],
        ending: Ending = .completed, wallSeconds: Double = 35.18, name: String = "make-payment"
    ) -> Record {
        Record(
            identity: identity(name: name), ending: ending, wallSeconds: wallSeconds,
            phases: phases, paymentNames: payments, codes: codes, timeline: [],
            generator: generator)
    }

    static let valid = Verdict(validity: .valid, causes: [])

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
}
