import Foundation
import Testing

extension Keeping {
    /// One plan, sent by several processes: `paybench run --shard`.
    @Suite struct ShardRunTests {
        private struct Header: Decodable {
            struct Clock: Decodable {
                var startAskedNs: Int64
                var startActualNs: Int64
                var offsetNs: Int64?
                var offsetBoundNs: Int64?
            }

            var runId: String
            var planSha256: String
            var index: Int
            var count: Int
            var planned: Int?
            var complete: Bool
            var clock: Clock
        }

        private static let load = [
            "phase: steady, rate: 90/s, arrivals: uniform, for: 1s",
            "phase: random, rate: 60/s, for: 1s",
            "phase: users, users: 5, think_time: 20ms, for: 1s",
        ]
        /// Without users, whose number of payments answers decide.
        private static let planned = Array(load.prefix(2))

        private func shards(
            _ count: Int, of text: String, in folder: Folder, _ start: [String]
        ) throws -> [Command] {
            try (0..<count).map { index in
                try startRun(
                    text, in: folder,
                    ["--shard", "\(index)/\(count)", "--run", "together", "--workers", "1"] + start)
            }
        }

        private func header(_ folder: Folder, _ index: Int, of count: Int) throws -> Header {
            let path = "\(folder.results)/together/shard-\(index)-of-\(count).paybench"
            let bytes = try #require(FileManager.default.contents(atPath: path), "\(path)")
            let lines = bytes.split(
                separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Header.self, from: Data(lines[1]))
        }

        /// Ready by then, also on a machine that is busy.
        private var soon: String { String(format: "%.3f", Date().timeIntervalSince1970 + 4) }

        @Test func threeShardsSendWhatOneRunSends() throws {
            let alone = try Target()
            let folder = try Folder()
            let one = scenario(alone.address, load: Self.planned)
            _ = try run(one, in: folder, ["--run", "together", "--quiet"])
            let target = try Target()
            let text = scenario(target.address, load: Self.planned)
            let ends = try shards(3, of: text, in: folder, ["--start-at", soon]).map {
                try $0.wait()
            }
            for end in ends {
                #expect([0, 5].contains(end.status), "\(end.talk)")
                #expect(end.output.contains("paybench merge"))
            }
            let sent = try target.entries
            #expect(try Set(sent.keys) == Set(alone.entries.keys))
            #expect(sent.values.allSatisfy { $0.arrivals == 1 })
            let headers = try (0..<3).map { try header(folder, $0, of: 3) }
            #expect(headers.map(\.index) == [0, 1, 2])
            #expect(Set(headers.map(\.planSha256)).count == 1)
            #expect(Set(headers.map(\.clock.startAskedNs)).count == 1)
            #expect(headers.allSatisfy { $0.planned == sent.count && $0.complete })
            #expect(headers.allSatisfy { $0.clock.offsetNs == nil })
        }

        @Test func theBarrierStartsThemTogether() throws {
            let target = try Target()
            let folder = try Folder()
            let text = scenario(target.address, load: Self.load)
            let port = try freePort()
            let ends = try shards(3, of: text, in: folder, ["--barrier", "127.0.0.1:\(port)"]).map {
                try $0.wait()
            }
            for end in ends { #expect([0, 5].contains(end.status), "\(end.talk)") }
            let headers = try (0..<3).map { try header(folder, $0, of: 3) }
            #expect(Set(headers.map(\.clock.startAskedNs)).count == 1)
            for header in headers {
                let clock = header.clock
                #expect(abs(clock.startActualNs - clock.startAskedNs) <= 250_000_000)
                #expect(abs(try #require(clock.offsetNs)) <= (try #require(clock.offsetBoundNs)))
                #expect(header.planned == nil)
            }
            #expect(try target.entries.values.allSatisfy { $0.arrivals == 1 })
        }

        @Test func whoIsLateSendsNothing() throws {
            let target = try Target()
            let folder = try Folder()
            let past = "\(Int(Date().timeIntervalSince1970) - 5)"
            let text = scenario(target.address, load: Self.load)
            let command = try shards(2, of: text, in: folder, ["--start-at", past])[1]
            let end = try command.wait()
            #expect(end.status == 5)
            #expect(end.talk.contains("nothing was sent"))
            #expect(try target.ledger.requests == 0)
            #expect(folder.resultFolders.isEmpty)
        }

        @Test func whoWaitsInVainSendsNothing() throws {
            let target = try Target()
            let folder = try Folder()
            let text = scenario(target.address, load: Self.load)
            let start = ["--barrier", "127.0.0.1:\(try freePort())", "--barrier-timeout", "2s"]
            let commands = try shards(3, of: text, in: folder, start)
            commands[2].signal(SIGKILL)
            let ends = try commands.map { try $0.wait() }
            #expect(ends.map(\.status) == [5, 5, nil])
            #expect(ends[0].talk.contains("shard 2"), "\(ends[0].talk)")
            #expect(try target.ledger.requests == 0)
        }

        @Test func anInterruptedShardIsCut() throws {
            let target = try Target()
            let folder = try Folder()
            let text = scenario(
                target.address, load: ["phase: steady, rate: 50/s, for: 60s"])
            let command = try shards(1, of: text, in: folder, [])[0]
            try target.waitForPayments(5)
            command.signal(SIGTERM)
            #expect(try command.wait().status == 143)
            #expect(try header(folder, 0, of: 1).complete == false)
        }

        @Test func aSignalBeforeTheStartSendsNothing() throws {
            let target = try Target()
            let folder = try Folder()
            let later = "\(Int(Date().timeIntervalSince1970) + 600)"
            let text = scenario(target.address, load: Self.load)
            let command = try shards(2, of: text, in: folder, ["--start-at", later])[0]
            try eventually(within: 30, "it has connected") {
                (try? target.ledger) != nil && command.id > 0
            }
            usleep(500_000)
            command.signal(SIGINT)
            #expect(try command.wait().status == 130)
            #expect(try target.ledger.requests == 0)
        }

        @Test func standardOutputHasTheResultAndNothingElse() throws {
            let target = try Target()
            let folder = try Folder()
            let text = scenario(target.address, load: ["phase: s, rate: 50/s, for: 1s"])
            let end = try run(
                text, in: folder, ["--out", "-"],
                environment: ["SHARD_INDEX": "0", "SHARD_COUNT": "1", "SHARD_RUN_ID": "env"])
            #expect([0, 5].contains(end.status), "\(end.talk)")
            let lines = end.output.split(separator: "\n")
            #expect(lines.count >= 3)
            #expect(lines.allSatisfy { $0.hasPrefix("#paybench-shard/1 ") })
            #expect(end.talk.contains("No budget was judged"))
        }

        @Test(arguments: [
            (["phase: s, rate: 9/s, for: 1s, until: \"errors.rate > 1%\""], [], "until"),
            (
                ["phase: s, rate: 9/s, for: 1s"],
                ["limits: { stop_if: [\"in_doubt.count > 3\"] }"], "stop_if"
            ),
            (
                ["phase: a, users: 5, payments: 50", "phase: b, rate: 9/s, for: 1s"], [],
                "phase a ends when its payments are made"
            ),
            (["phase: s, rate: 9/s, for: 1s"], ["limits: { in_flight: 1 }"], "limits.in_flight"),
        ])
        func whatIsNotSoundIsRefused(load: [String], more: [String], words: String) throws {
            let target = try Target()
            let folder = try Folder()
            let text = scenario(target.address, load: load, more: more)
            let end = try shards(2, of: text, in: folder, ["--start-at", soon])[0].wait()
            #expect(end.status == 64)
            #expect(end.talk.contains(words), "\(end.talk)")
            #expect(try target.ledger.requests == 0)
        }

        @Test func aProviderOfItsOwnIsNoTargetOfShards() throws {
            let folder = try Folder()
            let text = scenario("simulator", load: Self.load)
            let end = try shards(2, of: text, in: folder, ["--start-at", soon])[0].wait()
            #expect(end.status == 64)
            #expect(end.talk.contains("base_url: simulator"))
        }

        @Test(arguments: [
            ["--write", "junit=j.xml"], ["--budgets", "b.yaml"], ["--stop-when-decided"],
            ["--json", "--out", "-"], ["--shard", "slurm-stp"], ["--shard", "k8s"],
            ["--start-at", "yesterday"], ["--barrier", "nowhere"],
        ])
        func whatIsNotForShardsIsRefused(arguments: [String]) throws {
            let folder = try Folder()
            let text = scenario("http://127.0.0.1:9", load: Self.load)
            let place = arguments.contains("--shard") ? [] : ["--shard", "0/2"]
            let start = arguments.contains { $0 == "--start-at" || $0 == "--barrier" }
            let end = try run(
                text, in: folder,
                place + ["--run", "x"] + (start ? [] : ["--start-at", soon]) + arguments)
            #expect(end.status == 64, "\(end.talk)")
        }

        @Test(arguments: ["capacity", "compare"])
        func searchesAndComparisonsAreNotSharded(command: String) throws {
            let folder = try Folder()
            let file = try folder.write(
                scenario("http://127.0.0.1:9", load: Self.load), as: "s.yaml")
            let end = try paybench([command, file, "--shard", "0/2"], in: folder)
            #expect(end.status == 64)
            #expect(end.talk.contains("--shard"), "\(end.talk)")
        }
    }
}

/// A port of the loopback that nobody listened at a moment ago.
func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
        }
    }
    try #require(isBound)
    return Int(UInt16(bigEndian: address.sin_port))
}

/// `start` by a name that no property hides.
private func startRun(
    _ text: String, in folder: Folder, _ arguments: [String]
) throws -> Command {
    try start(text, in: folder, arguments)
}
