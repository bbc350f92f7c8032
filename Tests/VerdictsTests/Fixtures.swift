import Histograms
import Payments
import Results

@testable import Verdicts

/// `count` times the same value, in µs.
func histogram(_ value: Int, _ count: Int) -> Histogram {
    (0..<count).reduce(into: Histogram()) { histogram, _ in histogram.record(UInt64(value)) }
}

func code(_ outcome: Outcome, _ code: String, _ count: Int) -> CodeCount {
    CodeCount(outcome: outcome, code: code, httpStatus: nil, field: nil, count: count)
}

/// One open phase `steady` of 10 s with two cores, where nothing is amiss but what `change` makes so.
/// Each entry: an outcome, its response time in µs, and how many of it.
func run(
    _ outcomes: [(Outcome, Int, Int)] = [(.accepted, 10_000, 1000)],
    change: (inout PhaseRecord) -> Void = { _ in }
) -> Record {
    let payment = outcomes.reduce(into: PaymentRecord()) { record, row in
        record.responseTime[Int(row.0.rawValue)] = histogram(row.1, row.2)
        record.serviceTime[Int(row.0.rawValue)] = histogram(row.1, row.2)
    }
    let started = outcomes.reduce(0) { $0 + $1.2 }
    var phase = PhaseRecord(
        name: "steady", measured: true, model: .open(ratePerSecond: 100, process: "poisson"),
        spans: [PhaseRecord.Span(start: 0, end: 10)], payments: [payment])
    phase.planned = started
    phase.started = started
    phase.times.lag = histogram(10, started)
    phase.times.slotWait = histogram(0, started)
    change(&phase)
    return Record(
        identity: RunIdentity(
            runID: "5f1c9a", toolVersion: "0.1.0", libcurlVersion: "7.88.1", swiftVersion: "6.3",
            scenarioName: "hand-made", scenarioSHA256: "", seed: 1, startedAt: 0, target: ""),
        ending: .completed, wallSeconds: 10, phases: [phase], paymentNames: ["card"], codes: [],
        timeline: [],
        generator: GeneratorRecord(
            workers: 2, cores: 2, cpuSeconds: 1, busiestWorker: 0.05, peakRSSBytes: 0,
            connectionsOpened: 1))
}

/// A machine on which nothing is amiss: 1 % busy, 20 files of 1000, 28,232 ports, one connection.
func quietHost() -> HostRecord {
    var host = HostRecord(
        clock: HostRecord.Clock(source: "tsc", readNanoseconds: 30),
        descriptors: HostRecord.Descriptors(used: 20, limit: 1000),
        ports: HostRecord.Ports(count: 28_232, quarantineSeconds: 60),
        connections: HostRecord.Connections(
            wanted: 100, ceiling: 100, scarcity: nil, needed: 1, areRenewed: false))
    host.busyShare = 0.01
    host.stealShare = 0
    host.throttling = HostRecord.Throttling(count: 0, share: 0)
    host.queuedShare = 0.001
    host.segments = HostRecord.Segments(sent: 10_000, retransmitted: 0)
    return host
}

/// A flawless run on a machine that `change` makes less so.
func run(on change: (inout HostRecord) -> Void) -> Record {
    var record = run()
    var host = quietHost()
    change(&host)
    record.host = host
    return record
}

/// What a check says of a record; nil where it has nothing against it.
func found(_ check: Check, in record: Record) -> Found? {
    let verdict = verdict(on: record)
    return verdict.causes.first { $0.check == check.rawValue }.map { cause in
        let alone = Doubt.all(of: record).first { $0.check == check }
        return Found(
            validity: alone?.validity ?? .valid, value: cause.value, threshold: cause.threshold,
            advice: cause.advice)
    }
}

struct Found: Equatable {
    var validity: Verdict.Validity
    var value: Double
    var threshold: Double
    var advice: String
}
