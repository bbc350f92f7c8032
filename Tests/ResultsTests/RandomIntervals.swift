import Histograms
import Payments

@testable import Results

/// Two phases in three passes, two payments, two workers.
let smallStart: RunStart = {
    var start = RunStart(
        identity: smallRecord().identity, scenario: "version: 1\nname: häppy\n",
        phases: [
            RunStart.Phase(
                name: "web/warm-up", flow: "web", measured: false, model: .closed(users: 3)),
            RunStart.Phase(
                name: "web/steady", flow: "web", measured: true,
                model: .open(ratePerSecond: 12.5, process: "poisson", shape: "ramp 5/s to 20/s")),
        ],
        passes: [0, 1, 0], paymentNames: ["card", "wallet"], workers: 2, cores: 2, signsIn: true)
    start.options = ["workers": "2"]
    start.expectations = [[.accepted, .declined], [.rejected]]
    start.environment = EnvironmentRecord(
        kernel: "Linux 6.1", hostHash: "0123456789ab", cores: 2, libcurl: "7.88.1", sameHost: true,
        effectiveSHA256: "00")
    return start
}()

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

/// Intervals whose counts add up, as a run makes them: payments are started in one, end in a later one.
struct RandomRun {
    private var generator: Seeded
    private var inFlight: [(phase: Int, second: Int)] = []
    private(set) var intervals: [Interval] = []

    init(seed: UInt64, intervals count: Int, payments: Int) {
        generator = Seeded(seed)
        for number in 0..<count {
            intervals.append(interval(number, payments: payments, isLast: number == count - 1))
        }
    }

    private mutating func interval(_ number: Int, payments: Int, isLast: Bool) -> Interval {
        var interval = Interval(of: smallStart)
        for _ in 0..<Int.random(in: 0...payments, using: &generator) {
            begin(&interval, number)
        }
        while !inFlight.isEmpty, isLast || Int.random(in: 0..<3, using: &generator) > 0 {
            end(&interval, number)
        }
        interval.tallies = [UInt32(number * 4), number > 1 ? UInt32(number) : nil]
        interval.settledBefore = max(0, number - 2)
        interval.elapsed = Double(number) + 1.0001
        interval.cpuSeconds = Double(number) * 0.25
        interval.peakRSSBytes = 1 << 20
        interval.signIns.failed = 1
        interval.signIns.time.record(.random(in: 1...5000, using: &generator))
        interval.spans = [
            number % 3: PhaseRecord.Span(start: Double(number), end: Double(number) + 1)
        ]
        return interval
    }

    private mutating func begin(_ interval: inout Interval, _ second: Int) {
        let phase = Int.random(in: 0...1, using: &generator)
        interval.phases[phase].planned += 2
        interval.phases[phase].started += 1
        interval.phases[phase].skipped += 1
        interval.phases[phase].retries += Int.random(in: 0...1, using: &generator)
        interval.phases[phase].repeats.same += 1
        interval.phases[phase].bytesSent += .random(in: 0...400, using: &generator)
        interval.phases[phase].punctuality.add(stall(at: second))
        interval.seconds[second, default: Interval.Second()].planned += 2
        interval.seconds[second, default: Interval.Second()].started += 1
        interval.seconds[second]?.series[phase, default: PhaseSeries()].times.sendDelay
            .record(.random(in: 0...90, using: &generator))
        inFlight.append((phase, second))
    }

    private mutating func stall(at second: Int) -> Punctuality {
        var punctuality = Punctuality()
        let length = Int.random(in: 10...400, using: &generator)
        punctuality.stalledNanoseconds = length * 1_000_000
        punctuality.longestStall = Punctuality.Stall(
            microseconds: UInt64(length) * 1000, end: Double(second) + 0.5, worker: 2)
        punctuality.sends = 3
        punctuality.plannedIn10ms = 3
        punctuality.plannedIn100ms = 5
        punctuality.sentIn10ms = 7
        punctuality.sentIn100ms = 9
        return punctuality
    }

    private mutating func end(_ interval: inout Interval, _ second: Int) {
        let (phase, intended) = inFlight.removeFirst()
        let outcome = Outcome.allCases.randomElement(using: &generator) ?? .accepted
        let payment = Int.random(in: 0...1, using: &generator)
        // Squares beyond 2^53: sums depend on their order.
        let time = UInt64.random(in: 1...4_000_000_000, using: &generator)
        let index = Int(outcome.rawValue)
        let outcomes = Outcome.allCases.count
        interval.seconds[intended, default: Interval.Second()]
            .series[phase, default: PhaseSeries()]
            .record(
                slot: payment * outcomes + index, of: 2 * outcomes, response: time,
                service: time / 2)
        interval.seconds[second, default: Interval.Second()].outcomes[index] += 1
        guard outcome != .accepted else { return }
        let code = Interval.Code(
            outcome: outcome, code: "E\(Int.random(in: 0...3, using: &generator))",
            httpStatus: payment == 0 ? nil : 400, field: payment == 0 ? nil : "token")
        interval.phases[phase].codes[code, default: 0] += 1
        interval.uncertain.append(
            UncertainPayment(
                paymentID: "=id-\(time)", payment: "card", phase: "web/steady", outcome: outcome,
                code: code.code, httpStatus: code.httpStatus, intended: 1_785_585_662.25,
                sent: payment == 0 ? nil : 1_785_585_662.5, completed: 1_785_585_663,
                stage: .partlyLeft))
    }
}

let smallEnd: RunEnd = {
    var end = RunEnd(
        ending: .guardRail("limits.payments: 7 were started"), wallSeconds: 3.25,
        generator: GeneratorRecord(
            workers: 2, cores: 2, cpuSeconds: 0.75, busiestWorker: 0.01, peakRSSBytes: 1 << 20,
            connectionsOpened: 4))
    end.host = HostRecord(
        clock: HostRecord.Clock(source: nil, readNanoseconds: 30.5, steps: 1, largestStep: -2.5),
        descriptors: HostRecord.Descriptors(used: 20, limit: 1000),
        ports: HostRecord.Ports(count: 28_232, quarantineSeconds: 60),
        connections: HostRecord.Connections(
            wanted: 100, ceiling: 64, scarcity: .descriptors, needed: 4, areRenewed: false))
    end.host?.stealShare = 0.25
    end.httpVersion = "1.1"
    return end
}()

/// What the run itself makes of its intervals.
func record(of intervals: some Sequence<Interval>, _ end: RunEnd?) -> Record {
    var builder = RecordBuilder(smallStart)
    for interval in intervals { builder.add(interval) }
    return end.map { builder.record($0) } ?? builder.unfinishedRecord()
}

/// All that is told of a record, letter for letter.
func everything(of record: Record) throws -> String {
    try Summary(record: record, verdict: valid).json() + record.timeline.csv
}
