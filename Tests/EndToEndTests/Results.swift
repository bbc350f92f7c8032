import Foundation
import Testing

/// `summary.json` as its contract says, read by nothing of ours.
struct Summary: Decodable {
    struct Totals: Decodable {
        var planned: Int
        var started: Int
        var skipped: Int
        var outcomes: [String: Int]
        var retries: Int
        var repeats: Repeats?

        subscript(outcome: String) -> Int { outcomes[outcome] ?? -1 }
    }

    struct Repeats: Decodable, Equatable {
        var same = 0
        var refused = 0
        var different = 0
        var settled = 0
        var unanswered = 0

        var sent: Int { same + refused + different + settled + unanswered }
    }

    struct SignIns: Decodable {
        var count: Int
        var failed: Int
    }

    struct Ending: Decodable {
        var kind: String
        var reason: String?
        var limit: String?
    }

    struct Span: Decodable {
        var start: Double
        var end: Double
    }

    struct Times: Decodable {
        var count: Int
        var p50Us: Int?
        var p90Us: Int?
        var p95Us: Int?
        var p99Us: Int?
        /// `p99_9_us`
        var p999Us: Int?
        var maxUs: Int?
    }

    struct Latency: Decodable {
        var responseTime: Times
        var serviceTime: Times
        var sendDelay: Times
        var firstByte: Times?
    }

    struct Phase: Decodable {
        var name: String
        var flow: String?
        var spans: [Span]
        var measured: Bool
        var totals: Totals
        var latency: Latency
    }

    struct Code: Decodable {
        var outcome: String
        var code: String
        var count: Int
    }

    struct Verdict: Decodable {
        struct Cause: Decodable { var check: String }

        var validity: String
        var causes: [Cause]
        var accepted: Bool
    }

    struct Environment: Decodable { var tlsVersion: String? }

    struct Generator: Decodable { var connectionsOpened: Int }

    var format: String
    var runId: String
    var target: String
    var ending: Ending
    var signIns: SignIns?
    var verdict: Verdict
    var totals: Totals
    var latency: Latency
    var phases: [Phase]
    var errors: [Code]
    var generator: Generator
    var environment: Environment?

    init(_ text: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(Summary.self, from: Data(text.utf8))
    }

    func count(_ outcome: String, _ code: String) -> Int {
        errors.filter { ($0.outcome, $0.code) == (outcome, code) }.reduce(0) { $0 + $1.count }
    }
}

/// What a run left behind.
struct Results {
    let folder: String

    init(_ folder: Folder) throws {
        let folders = folder.resultFolders
        try #require(folders.count == 1)
        self.folder = folders[0]
    }

    /// What is no text in it, as in the interval log, becomes U+FFFD.
    func text(_ file: String) throws -> String {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))
        return String(decoding: bytes, as: UTF8.self)
    }

    var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }
    }

    var summary: Summary { get throws { try Summary(text("summary.json")) } }

    /// The rows of a CSV file by the names of its columns; no cell of these tests has a comma.
    func rows(_ file: String) throws -> [[String: String]] {
        let lines = try text(file).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let names = try #require(lines.first)
        return try lines.dropFirst().map { line in
            try #require(line.count == names.count)
            return Dictionary(uniqueKeysWithValues: zip(names, line))
        }
    }
}

/// What every run promises about its counts, however it ended.
func expectTheCountsAddUp(_ summary: Summary) {
    #expect(summary.format == "paybench-summary/1")
    for totals in [summary.totals] + summary.phases.map(\.totals) {
        #expect(totals.planned == totals.started + totals.skipped)
        #expect(totals.started == totals.outcomes.values.reduce(0, +))
        #expect(totals.outcomes.count == 8)
    }
    for count in [\Summary.Totals.planned, \.started, \.skipped] {
        let sum = summary.phases.reduce(0) { $0 + $1.totals[keyPath: count] }
        #expect(summary.totals[keyPath: count] == sum)
    }
}

/// A run that ended by itself ends with 0; where the host disturbed it too much, with 5, and says so.
func expectItEndedByItself(_ ended: Command.Ended, _ summary: Summary) {
    guard summary.verdict.validity == "invalid" else {
        #expect(ended.status == 0, "\(ended.talk)")
        return
    }
    #expect(ended.status == 5)
    let disturbances = ["schedule.lag", "arrivals.burst", "loop.stall", "generator.cpu"]
    #expect(summary.verdict.causes.first.map { disturbances.contains($0.check) } == true)
}
