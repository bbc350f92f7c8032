import Foundation
import Testing

/// `scripts/distributed`, and the throw-away engines that it is tried on.
enum Launchers {
    static func path(_ name: String) -> String {
        Binary.package.appendingPathComponent("scripts/distributed/\(name)").path
    }

    static func has(_ programs: String...) -> Bool {
        programs.allSatisfy { program in
            ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"].contains {
                FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
            }
        }
    }

    /// Seconds in which all shards are ready. A debug build is started beside what builds the next one.
    static let startIn = Binary.isOptimised ? 4 : 12

    /// A launcher with the program under test.
    static func start(
        _ name: String, _ arguments: [String], in folder: Folder, environment: [String: String]
    ) throws -> Command {
        try withNoSignalBlocked {
            try Command(
                arguments, in: folder,
                environment: ["PAYBENCH": Binary.path].merging(environment) { $1 },
                executable: path(name))
        }
    }
}

/// A process inherits what the thread that starts it blocks. Threads of Dispatch block SIGTERM, which
/// shells and daemons then never hear.
private func withNoSignalBlocked<Value>(_ body: () throws -> Value) rethrows -> Value {
    var none = sigset_t()
    var before = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    return try body()
}

/// What `scripts/distributed/NAME up` starts on the loopback: it ends with this.
final class LocalEngine {
    /// What a launcher has to know of it.
    let environment: [String: String]
    private let script: String
    private let folder: Folder

    /// - Parameter nodes: how many, where the script asks for that.
    init(_ name: String, nodes: Int? = nil) throws {
        let script = Launchers.path(name)
        self.script = script
        let folder = try Folder()
        self.folder = folder
        // The names of sockets in it must not be long.
        let place = ["TMPDIR": FileManager.default.temporaryDirectory.path]
        let ended = try withNoSignalBlocked {
            try Command(
                ["up"] + (nodes.map { ["\($0)"] } ?? []), in: folder, environment: place,
                executable: script)
        }.wait()
        try #require(ended.status == 0, "\(ended.talk)")
        // export NAME='VALUE'
        let words = ended.output.dropFirst("export ".count).split(separator: "=", maxSplits: 1)
        try #require(words.count == 2, "\(ended.output)")
        let value = words[1].trimmingCharacters(in: CharacterSet(charactersIn: "'\n"))
        environment = [String(words[0]): value]
    }

    deinit {
        _ = try? Command(["down"], in: folder, environment: environment, executable: script)
            .wait()
    }
}

/// A plan of even arrivals whose payment ids tell which request of it they are: request 0 has the first
/// row of a file. Each plan has a mark of its own, so that many can have one target.
struct NumberedPlan {
    let mark: Int
    let rate: Int
    let count: Int
    let shards: Int
    let file: String
    let results: String
    private let folder: Folder
    private let target: Target

    init(_ target: Target, mark: Int, rate: Int, seconds: Int, shards: Int = 4) throws {
        (self.mark, self.rate, self.shards) = (mark, rate, shards)
        (self.target, folder) = (target, try Folder())
        count = rate * seconds
        results = folder.results
        let rows = (0..<count).map { String(format: "%08x-0000-4000-8000-%012d", mark, $0) }
        _ = try folder.write("id\n" + rows.joined(separator: "\n") + "\n", as: "ids.csv")
        file = try folder.write(
            [
                "version: 1", "name: whole", "seed: 42",
                "target: { base_url: \"\(target.address)\", timeouts: { total: 2s } }",
                "data: { ids: { file: ids.csv, order: sequential, at_end: wrap } }", "payments:",
                "  - name: card", "    client_type: IOS", "    payment_method: { type: scheme }",
                "    payment_id: \"${data.ids.id}\"", "load:",
                "  - { phase: steady, rate: \(rate)/s, arrivals: uniform, for: \(seconds)s }",
                "",
            ].joined(separator: "\n"), as: "scenario.yaml")
    }

    /// How each request that came to the target did there, by its number.
    var arrivals: [Int: Target.Entry] {
        get throws {
            let prefix = String(format: "%08x", mark)
            return try target.entries.reduce(into: [:]) { found, entry in
                guard entry.key.hasPrefix(prefix) else { return }
                found[try #require(Int(entry.key.suffix(12)))] = entry.value
            }
        }
    }

    /// When each request came to the target, in ns of CLOCK_MONOTONIC, by its number.
    var firstArrivals: [Int: Int64] {
        get throws {
            let port = try #require(URL(string: target.entriesAddress)?.port)
            let prefix = String(format: "%08x", mark)
            return try Socket.get("/ledger/entries", port: port).split(separator: "\n")
                .reduce(into: [:]) { found, line in
                    let cells = line.split(separator: ",", omittingEmptySubsequences: false)
                    guard let id = cells.first, id.hasPrefix(prefix) else { return }
                    found[try #require(Int(id.suffix(12)))] = Int64(try #require(cells.last))
                }
        }
    }

    func numbers(of shard: Int) -> [Int] { Array(stride(from: shard, to: count, by: shards)) }

    /// Of a shard, on its way.
    func waitForPayments(_ count: Int, of shard: Int) throws {
        try eventually(within: 40, "shard \(shard) of plan \(mark) sends") {
            try arrivals.keys.count { $0 % shards == shard } >= count
        }
    }

    /// The names in the folder of results that begin so.
    func results(_ prefix: String, in run: String = ".") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(results)/\(run)")
            .filter { $0.hasPrefix(prefix) }.map { "\(results)/\(run)/\($0)" }.sorted()
    }

    /// The summary that merge wrote.
    var merged: MergedSummary {
        get throws {
            let folders = try results("whole-")
            try #require(folders.count == 1, "\(folders)")
            let text = try String(contentsOfFile: "\(folders[0])/summary.json", encoding: .utf8)
            return try MergedSummary(text)
        }
    }

    /// Sent once each, and counted by the merged summary: none twice, none lost.
    func expectTheBooksAgree(_ sent: [Int]) throws {
        let arrivals = try arrivals
        #expect(Set(arrivals.keys) == Set(sent), "plan \(mark)")
        #expect(arrivals.values.allSatisfy { $0.arrivals == 1 && $0.bookings == 1 })
    }
}

/// What `summary.json` has of a merge besides.
struct MergedSummary {
    struct Merge: Decodable {
        var expected: Int
        var whole: Int
        var coveredShare: Double
        var plannedByPlan: Int
    }

    private struct Part: Decodable { var merge: Merge }

    let summary: Summary
    let merge: Merge

    init(_ text: String) throws {
        summary = try Summary(text)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        merge = try decoder.decode(Part.self, from: Data(text.utf8)).merge
    }
}

/// A shard as the system sees it.
struct ShardProcess {
    let id: Int32

    /// The one whose environment has all of these, as `SLURM_PROCID=2`.
    init(program: String, variables: [String]) throws {
        let all = try FileManager.default.contentsOfDirectory(atPath: "/proc")
        let found = all.compactMap(Int32.init).filter { id in
            Self.words("/proc/\(id)/cmdline").first == program
                && Set(Self.words("/proc/\(id)/environ")).isSuperset(of: variables)
        }
        try #require(found.count == 1, "\(variables): \(found)")
        id = found[0]
    }

    /// The process that started it.
    var parent: Int32 {
        get throws {
            let text = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("PPid:") })
            return try #require(Int32(line.dropFirst(5).trimmingCharacters(in: .whitespaces)))
        }
    }

    /// Of its environment.
    func variable(_ name: String) throws -> String {
        let found = Self.words("/proc/\(id)/environ").first { $0.hasPrefix("\(name)=") }
        return String(try #require(found).dropFirst(name.count + 1))
    }

    private static func words(_ file: String) -> [String] {
        guard let bytes = FileManager.default.contents(atPath: file) else { return [] }
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}
