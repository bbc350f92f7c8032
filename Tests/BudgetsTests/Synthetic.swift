import Glibc
import Histograms
import Metrics
import Payments
import Results

/// SplitMix64 (Steele, Lea, Flood 2014), and normal draws of it (Box, Muller 1958).
struct Draws: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func normal() -> Double {
        let (u, v) = (
            Double.random(in: 0.0000001..<1, using: &self), Double.random(in: 0..<1, using: &self)
        )
        return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
    }
}

/// A run that never was: seconds of payments with lognormal response times.
struct SyntheticRun {
    var start: RunStart
    var draws: Draws
    /// Of the median, in µs.
    var median = 20_000.0
    /// Of the logarithm.
    var spread = 0.45
    var failing = 0.0
    var perSecond = 200

    /// - Parameter adapters: by record; nil: one target.
    init(seed: UInt64, adapters: [String]? = nil, phases: [String] = ["steady"]) {
        draws = Draws(seed)
        let records = phases.flatMap { phase in
            (adapters.map { $0.map(Optional.some) } ?? [nil]).map { adapter in
                RunStart.Phase(
                    name: phase, flow: nil, adapter: adapter, measured: phase != "warm-up",
                    model: .open(ratePerSecond: 200, process: "poisson"))
            }
        }
        start = RunStart(
            identity: RunIdentity(
                runID: "r", toolVersion: "0", libcurlVersion: "0", swiftVersion: "0",
                scenarioName: "s", scenarioSHA256: "00", seed: 1, startedAt: 0, target: "t"),
            scenario: "", phases: records, passes: Array(records.indices),
            paymentNames: ["card", "wallet"], workers: 1, cores: 1, signsIn: false)
        start.expectations = [[.accepted], [.accepted]]
    }

    /// - Parameter scale: of response times, by record.
    mutating func second(
        _ number: Int, records: [Int] = [0], scale: (Int) -> Double = { _ in 1 }
    ) -> RecordBuilder.SettledSecond {
        Self.settled(number, payments(records: records, scale: scale))
    }

    static func settled(
        _ number: Int, _ payments: [Int: PhaseSeries]
    ) -> RecordBuilder.SettledSecond {
        let series = payments.mapValues { payments in
            var series: CompactSeries = [:]
            series.add(payments)
            return series
        }
        return RecordBuilder.SettledSecond(number: number, series: series)
    }

    /// Of one second, by record.
    mutating func payments(
        records: [Int], scale: (Int) -> Double
    ) -> [Int: PhaseSeries] {
        var all: [Int: PhaseSeries] = [:]
        for record in records {
            var payments = PhaseSeries()
            for _ in 0..<perSecond {
                let isFailed = Double.random(in: 0..<1, using: &draws) < failing
                let outcome = isFailed ? Outcome.providerError : .accepted
                let payment = Int.random(in: 0...1, using: &draws)
                let time = median * exp(spread * draws.normal()) * scale(record)
                payments.record(
                    slot: payment * Outcome.allCases.count + Int(outcome.rawValue),
                    of: 2 * Outcome.allCases.count, response: UInt64(time),
                    service: UInt64(time * 0.9))
                payments.times.sendDelay.record(50)
            }
            all[record] = payments
        }
        return all
    }
}
