import Histograms
import Payments
import Results

@testable import Shards

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// A recorded stream of payments, which can be written down by one machine or by several.
struct Stream {
    struct Payment {
        /// From the start of the run.
        var intended: Double
        var skipped: Bool
        var response: UInt64
        var service: UInt64
        var lag: UInt64
        var payment: Int
        var outcome: Outcome
        var code: String

        var completed: Double { intended + Double(response) / 1e6 }
    }

    static let names = ["card", "wallet"]
    static let seconds = 4.0
    /// The second phase is measured.
    static let firstPhase = 1.0
    /// Not all there are: each has histograms of its own.
    private static let outcomes: [Outcome] = [.accepted, .declined, .rejected, .inDoubt]

    let payments: [Payment]

    init(seed: UInt64, count: Int) {
        var random = Seeded(seed)
        payments = (0..<count).map { number in
            let outcome = Self.outcomes.randomElement(using: &random) ?? .accepted
            let isLong = Int.random(in: 0..<20, using: &random) == 0
            // Sums of squares stay below 2^53: 2000 payments of 2 s are 8 · 10^15.
            let response = UInt64.random(in: 1000...(isLong ? 2_000_000 : 40_000), using: &random)
            let lag = UInt64.random(in: 3...40, using: &random)
            return Payment(
                intended: Self.seconds * Double(number) / Double(count),
                skipped: Int.random(in: 0..<50, using: &random) == 0, response: response,
                service: response - lag, lag: lag,
                payment: Int.random(in: 0..<Self.names.count, using: &random),
                outcome: outcome,
                code: outcome == .accepted ? "" : "E\(Int.random(in: 0..<3, using: &random))")
        }
    }

    static func start(workers: Int = 1) -> RunStart {
        RunStart(
            identity: RunIdentity(
                runID: "nightly-7", toolVersion: "0.1.0", libcurlVersion: "7.88.1",
                swiftVersion: "6.3", scenarioName: "make-payment",
                scenarioSHA256: String(repeating: "0f", count: 32), seed: .max,
                startedAt: 1_785_585_662, target: "http://127.0.0.1:8080/pay"),
            scenario: "version: 1\n",
            phases: [
                RunStart.Phase(
                    name: "warm-up", flow: nil, measured: false,
                    model: .open(ratePerSecond: 300, process: "uniform")),
                RunStart.Phase(
                    name: "steady", flow: nil, measured: true,
                    model: .open(ratePerSecond: 300, process: "uniform")),
            ],
            passes: [0, 1], paymentNames: names, workers: workers, cores: 2, signsIn: false)
    }

    static func end(_ ending: Ending = .completed, workers: Int = 1) -> RunEnd {
        RunEnd(
            ending: ending, wallSeconds: 8,
            generator: GeneratorRecord(
                workers: workers, cores: 2, cpuSeconds: 0.25, busiestWorker: 0.1,
                peakRSSBytes: 1 << 20, connectionsOpened: 4))
    }

    /// What shard `index` of `count` did, in intervals that begin at an instant of its own.
    func intervals(index: Int = 0, of count: Int = 1, workers: Int = 1) -> [Interval] {
        let own = payments.enumerated().filter { $0.offset % count == index }.map(\.element)
        let offset = Double(index + 1) / Double(count + 1)
        let last = Self.seconds + 3
        return (0..<Int(last) + 1).map { number in
            let from = number == 0 ? -1 : (Double(number - 1) + offset)
            let until = Double(number) + offset
            var interval = Interval(of: Self.start(workers: workers))
            for payment in own {
                if (from..<until).contains(payment.intended) { interval.begin(payment) }
                if (from..<until).contains(payment.completed), !payment.skipped {
                    interval.end(payment)
                }
            }
            interval.elapsed = until
            interval.settledBefore = max(0, Int(until) - 2)
            interval.tallies[0] = UInt32(number)
            interval.spans = [
                0: PhaseRecord.Span(start: 0, end: min(until, Self.firstPhase)),
                1: PhaseRecord.Span(
                    start: Self.firstPhase, end: max(Self.firstPhase, min(until, Self.seconds))),
            ]
            return interval
        }
    }
}

extension Stream.Payment {
    var phase: Int { intended < Stream.firstPhase ? 0 : 1 }

    var uncertain: UncertainPayment? {
        guard outcome == .inDoubt else { return nil }
        let start = Stream.start().identity.startedAt
        return UncertainPayment(
            paymentID: "id-\(intended)", payment: Stream.names[payment], phase: "steady",
            outcome: outcome, code: code, httpStatus: nil, intended: start + intended,
            sent: start + intended, completed: start + completed, stage: .allLeft)
    }
}

extension Interval {
    fileprivate mutating func begin(_ payment: Stream.Payment) {
        let second = Int(payment.intended)
        phases[payment.phase].planned += 1
        seconds[second, default: Second()].planned += 1
        if payment.skipped { return phases[payment.phase].skipped += 1 }
        phases[payment.phase].started += 1
        phases[payment.phase].bytesSent += 180
        seconds[second, default: Second()].started += 1
    }

    fileprivate mutating func end(_ payment: Stream.Payment) {
        let outcomes = Outcome.allCases.count
        seconds[Int(payment.intended), default: Second()]
            .series[payment.phase, default: PhaseSeries()]
            .record(
                slot: payment.payment * outcomes + Int(payment.outcome.rawValue),
                of: Stream.names.count * outcomes, response: payment.response,
                service: payment.service)
        seconds[Int(payment.intended)]?.series[payment.phase]?.times.add(payment)
        seconds[Int(payment.completed), default: Second()]
            .outcomes[Int(payment.outcome.rawValue)] += 1
        phases[payment.phase].bytesReceived += 60
        if let uncertain = payment.uncertain { self.uncertain.append(uncertain) }
        guard payment.outcome != .accepted else { return }
        let code = Code(
            outcome: payment.outcome, code: payment.code, httpStatus: nil, field: nil)
        phases[payment.phase].codes[code, default: 0] += 1
    }
}

extension PhaseTimes {
    fileprivate mutating func add(_ payment: Stream.Payment) {
        lag.record(payment.lag)
        sendDelay.record(payment.lag)
        firstByte.record(payment.service / 2)
    }
}

/// The bytes of the log that these intervals make.
func log(
    _ intervals: [Interval], start: RunStart = Stream.start(), end: RunEnd? = Stream.end()
) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try withTemporaryFolder { folder in
        let writer = try ResultFolder(path: folder).log()
        try writer.begin(start)
        for interval in intervals { try writer.append(interval) }
        if let end { try writer.finish(end) }
        bytes = try readAll("\(folder)/interval.log")
    }
    return bytes
}

extension Stream {
    /// The results of all shards.
    ///
    /// - Parameter budgets: of the scenario.
    func shards(_ count: Int, budgets: String? = nil) throws -> [ShardSet.Found] {
        try (0..<count).map { try shard($0, of: count, budgets: budgets) }
    }

    func shard(
        _ index: Int, of count: Int, budgets: String? = nil, ending: Ending = .completed
    ) throws -> ShardSet.Found {
        var header = shardHeader(index: index, of: count)
        header.planned = payments.count
        header.isComplete = ending == .completed
        var start = Self.start()
        if let budgets { start.options["budgets"] = budgets }
        let log = try log(
            intervals(index: index, of: count), start: start, end: Self.end(ending))
        return ShardSet.Found(
            name: ShardFile.name(index: index, of: count),
            file: ShardFile(header: header, log: log))
    }
}
