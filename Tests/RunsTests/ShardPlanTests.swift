import Curl
import Foundation
import Rendezvous
import Scenarios
import Testing

@testable import Runs

/// What shards of one scenario share, and what each of them gets.
@Suite struct ShardPlanTests {
    init() { Libcurl.initialise() }

    private struct File {
        var seed = 42
        var load = ["phase: steady, rate: 100/s, arrivals: uniform, for: 2s"]
        var limits = "payments: 1000, in_flight: 17"
        var http = "connections: 10, warm_up: 7"
        var rows = 50
        var atEnd = "wrap"
        var payments = [
            "name: card, client_type: IOS, payment_method: { type: a, t: \"${data.cards.token}\" }",
            "name: cash, client_type: IOS, payment_method: { type: b }",
        ]
    }

    private func scenario(_ file: File = File()) throws -> Scenario {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("paybench-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let rows = (0..<file.rows).map { "t-\($0)\n" }.joined()
        try Data(("token\n" + rows).utf8).write(to: folder.appendingPathComponent("cards.csv"))
        let lines =
            [
                "version: 1", "name: test", "seed: \(file.seed)",
                "target: { base_url: \"http://127.0.0.1:9\", http: { \(file.http) } }",
                "limits: { \(file.limits) }",
                "data: { cards: { file: cards.csv, at_end: \(file.atEnd) } }", "payments:",
            ] + file.payments.map { "  - { \($0) }" } + ["load:"]
            + file.load.map { "  - { \($0) }" }
        let text = lines.joined(separator: "\n") + "\n"
        return try ScenarioReader.read(
            bytes: Array(text.utf8), name: "test.yaml", directory: folder.path, environment: [:]
        ).seeded
    }

    private func shards(
        _ count: Int, of scenario: Scenario, workers: Int = 2, version: String = "test"
    ) throws -> [Preparation] {
        try (0..<count).map { index in
            var options = RunOptions(workers: workers, runID: "r")
            options.shard = try ShardNumber(index, of: count)
            return try Preparation(
                scenario, options: options, toolVersion: version, simulator: nil)
        }
    }

    @Test(arguments: [1, 2, 3, 7]) func whatIsLimitedIsDealtOut(count: Int) throws {
        let shards = try shards(count, of: scenario())
        let plans = shards.map { $0.plan(origin: 0) }
        #expect(plans.reduce(0) { $0 + ($1.mostPayments ?? 0) } == 1000)
        // Connections are what there is least of.
        #expect(plans.reduce(0) { $0 + $1.slots } == 10)
        #expect(plans.reduce(0) { $0 + $1.arms[0].warmConnections } == 7)
        #expect(Set(shards.map(\.workers)).count == 1)
        #expect(shards.allSatisfy { $0.plannedArrivals == 200 })
    }

    @Test func theDigestIsThatOfThePlan() throws {
        let own = try shards(3, of: scenario()).map(\.planDigest)
        #expect(Set(own).count == 1)
        // The files are the same, wherever they lie.
        #expect(try shards(3, of: scenario()).map(\.planDigest) == own)
        #expect(try shards(3, of: scenario(), workers: 1).map(\.planDigest) == own)
        let others = [
            File(seed: 43), File(load: ["phase: steady, rate: 100/s, for: 2s"]),
            File(limits: "payments: 1001, in_flight: 17"), File(rows: 51),
        ]
        var all = try others.map { try shards(3, of: scenario($0))[0].planDigest } + [own[0]]
        all.append(try shards(2, of: scenario())[0].planDigest)
        all.append(try shards(3, of: scenario(), version: "other")[0].planDigest)
        #expect(Set(all).count == all.count)
    }

    /// It decides on users' numbers.
    @Test func withUsersTheNumberOfWorkersIsOfThePlan() throws {
        let scenario = try scenario(File(load: ["phase: users, users: 8, for: 1s"]))
        let digests = try [1, 2].map { try shards(2, of: scenario, workers: $0)[0].planDigest }
        #expect(Set(digests).count == 2)
        #expect(try shards(2, of: scenario)[0].plannedArrivals == nil)
    }

    private func problems(_ file: File, shards: Int = 3) throws -> [ShardingProblem] {
        let scenario = try scenario(file)
        return ShardingProblem.problems(of: scenario, Lineup(running: scenario), shards: shards)
    }

    @Test func whatComesToTheSameIsAllowed() throws {
        #expect(try problems(File()).isEmpty)
        let load = [
            "phase: a, users: 8, for: 1s", "phase: b, rate: 9/s, for: 1s",
            "phase: c, users: 8, payments: 50",
        ]
        let limits = "payments: 1000, in_flight: 17, stop_if: [\"errors.rate > 50% over 5s\"]"
        #expect(try problems(File(load: load, limits: limits)).isEmpty)
    }

    @Test func whatDoesNotIsNamed() throws {
        let counted = File(load: [
            "phase: a, users: 8, payments: 9", "phase: b, rate: 9/s, for: 1s",
        ])
        #expect(try problems(counted) == [.openEnd(phase: "a", next: "b")])
        let each = File(load: ["phase: a, users: 8, payments_per_user: 2, repeat: 3"])
        #expect(try problems(each) == [.openEnd(phase: "a", next: "a")])
        let until = File(load: ["phase: a, rate: 9/s, for: 9s, until: \"errors.rate > 1%\""])
        #expect(try problems(until) == [.until(phase: "a")])
        let few = File(limits: "payments: 1000, in_flight: 2")
        #expect(try problems(few).first == .tooFew(limit: "limits.in_flight", 2, least: 3))
        let sum = "in_flight: 17, stop_if: [\"in_doubt.count > 3\", \"errors.rate > 1%\"]"
        #expect(try problems(File(limits: sum)) == [.countedCondition("in_doubt.count > 3")])
    }

    /// The whole plan is one shard, and nothing stands against it.
    @Test func oneShardIsARun() throws {
        let until = File(load: ["phase: a, rate: 9/s, for: 9s, until: \"errors.rate > 1%\""])
        #expect(try problems(until, shards: 1).isEmpty)
    }
}
