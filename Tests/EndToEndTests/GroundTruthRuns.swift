import Foundation
import Testing

/// A row of `--samples`: the columns that the cases need. Times are µs.
struct TruthSample {
    var id: String
    var outcome: String
    var code: String
    /// Seconds since 1970.
    var intended: Double
    var response: Int
    var service: Int
    var delay: Int
    var tls: Int?
    var opened: Bool

    init(_ line: Substring, _ columns: [String: Int]) throws {
        let cells = line.split(separator: ",", omittingEmptySubsequences: false)
        func cell(_ name: String) throws -> Substring { cells[try #require(columns[name])] }
        id = try cell("payment_id").filter { $0 != "-" }.lowercased()
        outcome = try String(cell("outcome"))
        code = try String(cell("code"))
        intended = try #require(try Self.instant(cell("intended")))
        response = try #require(try Int(cell("response_time_us")))
        service = try #require(try Int(cell("service_time_us")))
        delay = try #require(try Int(cell("send_delay_us")))
        tls = try Int(cell("tls_us"))
        opened = try cell("opened_connection") == "1"
    }

    /// `2026-08-01T12:01:02.000345Z`, of which the day is left out: what counts are differences.
    private static func instant(_ text: Substring) -> Double? {
        let clock = text.dropFirst(11).dropLast().split(separator: ":")
        guard clock.count == 3, let hours = Double(clock[0]), let minutes = Double(clock[1]),
            let seconds = Double(clock[2])
        else { return nil }
        return hours * 3600 + minutes * 60 + seconds
    }

    static func read(_ path: String) throws -> [TruthSample] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\n")
        let names = try #require(lines.first).split(separator: ",").enumerated()
        let columns = Dictionary(uniqueKeysWithValues: names.map { (String($1), $0) })
        return try lines.dropFirst().map { try TruthSample($0, columns) }
    }
}

/// A run that has ended, with all that it left.
struct TruthRun {
    let summary: Summary
    let results: Results
    /// In the order of the plan.
    let samples: [TruthSample]
    private let folder: Folder

    init(_ command: Command, in folder: Folder) throws {
        (results, summary) = try Self.end(command, in: folder)
        self.folder = folder
        samples = try TruthSample.read(Self.samplesFile(in: folder))
            .sorted { $0.intended < $1.intended }
        #expect(samples.count == summary.totals.started)
    }

    private static func end(
        _ command: Command, in folder: Folder
    ) throws -> (Results, Summary) {
        _ = try command.wait(seconds: 600)
        let results = try Results(folder)
        let summary = try results.summary
        expectTheCountsAddUp(summary)
        return (results, summary)
    }

    static func samplesFile(in folder: Folder) -> String { "\(folder.url.path)/samples.csv" }

    /// Starts it; by one worker, unless `workers` says otherwise.
    static func start(
        _ address: String, _ load: TruthLoad, workers: Int = 1, in folder: Folder
    ) throws -> Command {
        try EndToEndTests.start(
            scenario(address, load: load.phases, more: load.more, target: load.target), in: folder,
            ["--workers", "\(workers)", "--samples", samplesFile(in: folder)], .first)
    }

    static func of(_ address: String, _ load: TruthLoad, workers: Int = 1) throws -> TruthRun {
        let folder = try Folder()
        return try TruthRun(start(address, load, workers: workers, in: folder), in: folder)
    }

    /// At the same time a target that answers at once gets the same load: what that takes is the floor.
    static func withFloor(
        _ address: String, null: String? = nil, _ load: TruthLoad
    ) throws -> (run: TruthRun, floor: Summary.Times) {
        let target = try null == nil ? Target([], .first) : nil
        let folders = (try Folder(), try Folder())
        let commands = (
            try start(address, load, in: folders.0),
            try start(null ?? target?.address ?? "", load, in: folders.1)
        )
        let run = try TruthRun(commands.0, in: folders.0)
        let floor = try end(commands.1, in: folders.1).1
        return (run, floor.latency.responseTime)
    }

    func has(_ check: String) -> Bool {
        summary.verdict.causes.contains { $0.check == check }
    }

    var checks: String {
        let names = summary.verdict.causes.map(\.check)
        return names.isEmpty ? "none" : names.joined(separator: ", ")
    }
}

/// One phase on connections that are there before it begins.
struct TruthLoad {
    var rate: Int
    var seconds: Int
    var arrivals = "poisson"
    var more: [String] = []
    var target = "http: { warm_up: 50 }"

    var phases: [String] {
        ["phase: steady, rate: \(rate)/s, for: \(seconds)s, arrivals: \(arrivals)"]
    }

    var count: Int { rate * seconds }
}

/// `Benchmarks/stamps.c`: a server that shares no line with ours, in another language.
final class IndependentServer {
    private let command: Command
    private let folder: Folder
    let address: String

    /// Compiled once.
    private static let program = Result {
        let folder = try Folder()
        let build = Binary.package.appendingPathComponent(".build/ground-truth")
        try FileManager.default.createDirectory(at: build, withIntermediateDirectories: true)
        let program = build.appendingPathComponent("stamps").path
        let source = Binary.package.appendingPathComponent("Benchmarks/stamps.c").path
        let compiled = try Command(
            ["clang", "-O2", "-o", program, source], in: folder, executable: "/usr/bin/env"
        ).wait()
        try #require(compiled.status == 0, "\(compiled.talk)")
        return program
    }

    /// - Parameter delay: µs from the request to its answer.
    init(delay: Int) throws {
        folder = try Folder()
        let command = try Command(
            ["serve", "\(folder.url.path)/arrivals", "\(delay)"], in: folder,
            executable: Self.program.get(), .first)
        self.command = command
        try eventually(within: 10, "the server says its port") {
            command.outputSoFar.hasSuffix("\n")
        }
        address = "http://127.0.0.1:" + command.outputSoFar.split(separator: "\n")[0]
    }
}
