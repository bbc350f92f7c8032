import FoundationEssentials
import Histograms
import Payments
import Results
import Testing

/// A run of two phases, small enough to add up by hand.
///
/// Warm-up, 1 s: 2 planned and started, both `card`, accepted. Steady, 2 s: 12 planned, 11 started,
/// 1 skipped: `card` 8 accepted at 1…8 ms, `wallet` 2 declined at 20 and 30 ms and 1 in doubt at 10 s.
func smallRecord() -> Record {
    var warmUp = PhaseRecord(
        name: "warm-up", measured: false, model: .closed(users: 3),
        spans: [PhaseRecord.Span(start: 0, end: 1)],
        payments: [payment([(.accepted, [500, 600])]), PaymentRecord()])
    warmUp.planned = 2
    warmUp.started = 2
    warmUp.bytesSent = 200
    var steady = PhaseRecord(
        name: "steady", measured: true, model: .open(ratePerSecond: 6, process: "uniform"),
        spans: [PhaseRecord.Span(start: 1, end: 3)],
        payments: [
            payment([(.accepted, (1...8).map { $0 * 1000 })]),
            payment([(.declined, [20_000, 30_000]), (.inDoubt, [10_000_000])]),
        ])
    steady.planned = 12
    steady.started = 11
    steady.skipped = 1
    steady.bytesSent = 1100
    steady.bytesReceived = 5000
    steady.times.sendDelay = histogram([10, 20, 30])
    return Record(
        identity: RunIdentity(
            runID: "5f1c9a", toolVersion: "0.1.0", libcurlVersion: "7.88.1", swiftVersion: "6.3",
            scenarioName: "make-payment", scenarioSHA256: "abc", seed: 42,
            startedAt: 1_785_585_662.000345, target: "http://127.0.0.1:8080/pay"),
        ending: .completed, wallSeconds: 11.5, phases: [warmUp, steady],
        paymentNames: ["card", "wallet"],
        codes: [
            CodeCount(
                outcome: .declined, code: "CardDeclined", httpStatus: 402, field: "token", count: 2),
            CodeCount(
                outcome: .inDoubt, code: "OPERATION_TIMEDOUT", httpStatus: nil, field: nil,
                count: 1),
        ],
        timeline: smallTimeline(),
        generator: GeneratorRecord(
            workers: 2, cores: 2, cpuSeconds: 0.0013, busiestWorker: 0.01, peakRSSBytes: 1 << 20,
            connectionsOpened: 4))
}

/// Completed: 2 in second 0, 5 in second 1, 4 in second 2, and 2 in second 3, after sending stopped.
private func smallTimeline() -> [TimelineRow] {
    [(2, 2, 0), (6, 5, 1), (6, 4, 2), (0, 2, 0)].map { planned, accepted, inFlight in
        var row = TimelineRow()
        row.planned = planned
        row.outcomes[0] = accepted
        row.inFlight = inFlight
        row.p50 = accepted > 2 ? 1000 : nil
        return row
    }
}

func histogram(_ values: [Int]) -> Histogram {
    values.reduce(into: Histogram()) { $0.record(UInt64($1)) }
}

/// Response times in µs by outcome; the service times are 100 µs shorter.
func payment(_ outcomes: [(Outcome, [Int])]) -> PaymentRecord {
    outcomes.reduce(into: PaymentRecord()) { record, row in
        record.responseTime[Int(row.0.rawValue)] = histogram(row.1)
        record.serviceTime[Int(row.0.rawValue)] = histogram(row.1.map { $0 - 100 })
    }
}

let valid = Verdict(validity: .valid, causes: [])

func withTemporaryFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
        path: "paybench-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
}

func text(of path: String) throws -> String {
    let data = try #require(FileManager.default.contents(atPath: path))
    return String(decoding: data, as: UTF8.self)
}

/// Any JSON, to look at what is really in a file.
indirect enum JSON: Decodable, Equatable {
    case null, bool(Bool), number(Double), string(String), array([JSON]), object([String: JSON])

    init(_ text: String) throws {
        self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    subscript(key: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    subscript(index: Int) -> JSON? {
        guard case .array(let elements) = self else { return nil }
        return elements[index]
    }

    var keys: Set<String> {
        guard case .object(let members) = self else { return [] }
        return Set(members.keys)
    }
}
