import Curl
import Foundation
import Histograms
import Payments
import Results
import Scenarios
import Testing

@testable import Runs

private let quiet = Run.Listener(
    progress: { _ in }, uncertain: { _ in }, started: { _ in }, interval: { _ in },
    settled: { _ in nil }, ended: { _ in })

/// Runs over two targets of our own, one of 10 ms and one of 20 ms.
@Suite(.serialized) struct ArmRunTests {
    private let fast = RawTarget(latency: 10_000)
    private let slow = RawTarget(latency: 20_000)

    init() { Libcurl.initialise() }

    private static func scenario(_ base: String, load: [String]) throws -> Scenario {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("paybench-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let rows = (0..<50).map { "t-\($0)\n" }.joined()
        try Data(("token\n" + rows).utf8).write(to: folder.appendingPathComponent("cards.csv"))
        let lines = [
            "version: 1", "name: test", "seed: 42", "target: { base_url: \"\(base)\" }",
            "data: { cards: { file: cards.csv, order: shuffle } }", "payments:",
            "  - name: card", "    weight: 2", "    client_type: IOS",
            "    payment_method: { type: scheme, token: \"${data.cards.token}\", "
                + "draw: \"${int(1,999999)}\", seq: \"${seq}\" }",
            "  - { name: wallet, client_type: IOS, payment_method: { type: wallet, seq: \"${seq}\" } }",
            "load:",
        ]
        let text = (lines + load.map { "  - { \($0) }" }).joined(separator: "\n") + "\n"
        return try ScenarioReader.read(
            bytes: Array(text.utf8), name: "test.yaml", directory: folder.path, environment: [:])
    }

    private func lineup(_ scenario: Scenario, _ design: Scenario.Design, slow: String) throws
        -> Lineup
    {
        var target = scenario.target
        target.base = .url(try Scenario.BaseURL(parsing: slow))
        var lineup = Lineup(scenario)
        lineup.arms = [
            Lineup.Arm(
                name: "fast", target: scenario.target, payments: scenario.payments,
                isReference: true),
            Lineup.Arm(
                name: "slow", target: target, payments: scenario.payments, isReference: false),
        ]
        lineup.design = design
        lineup.block = .milliseconds(500)
        lineup.settle = .milliseconds(100)
        return lineup
    }

    /// - Parameter isEnough: ends measuring after the first second.
    private func record(
        _ load: [String], _ design: Scenario.Design, workers: Int = 2, guarded: Bool = false,
        isEnough: Bool = false
    ) throws -> Record {
        let scenario = try Self.scenario(fast.address, load: load)
        var lineup = try lineup(scenario, design, slow: slow.address)
        if guarded { lineup.guardTime = .milliseconds(500) }
        var preparation = try Preparation(
            scenario, lineup: lineup, options: RunOptions(workers: workers, runID: "r"),
            toolVersion: "test", simulator: nil)
        try preparation.checkTarget()
        let run = Run(preparation, toolVersion: "test")
        _ = try run.makeReady()
        var listener = quiet
        if isEnough { listener.settled = { _ in .endMeasuring } }
        return run.perform(listener)
    }

    /// The bodies without their payment ids, in alphabetical order.
    private func contents(_ target: RawTarget) -> [String] {
        target.bodies.map { body in
            let id = body.firstRange(of: "\"paymentId\":\"")?.upperBound ?? body.startIndex
            return String(body[id...].dropFirst(32))
        }.sorted()
    }

    private func expectArmsToBeApart(_ record: Record) {
        for phase in record.phases where phase.started > 0 {
            let times = phase.payments.map { $0.serviceTime[Int(Outcome.accepted.rawValue)] }
            let least = times.compactMap { $0.value(at: 0) }.min() ?? 0
            // 1 % is what a histogram rounds at the most.
            let isFast = phase.adapter == "fast"
            #expect(least >= (isFast ? 9_900 : 19_800), "\(phase.name)")
            if isFast { #expect(least < 19_800, "\(phase.name)") }
        }
        for (name, target) in [("fast", fast), ("slow", slow)] {
            let own = record.phases.filter { $0.adapter == name }
            #expect(own.reduce(0) { $0 + $1.started } == target.bodies.count)
            for phase in own {
                #expect(phase.planned == phase.started + phase.skipped)
                let ended = phase.payments.reduce(0) { sum, payment in
                    sum + Outcome.allCases.reduce(0) { $0 + payment.count(of: $1) }
                }
                #expect(ended == phase.started)
            }
        }
        let ids = (fast.bodies + slow.bodies).map { body in
            body.firstRange(of: "\"paymentId\":\"").map {
                String(body[$0.upperBound...].prefix(32))
            }
        }
        #expect(Set(ids).count == ids.count)
    }

    @Test(arguments: [1, 2, 3]) func aDuetMeasuresBothAtTheSameTime(workers: Int) throws {
        let record = try record(
            ["phase: steady, rate: 60/s, payments: 90"], .duet, workers: workers)
        expectArmsToBeApart(record)
        #expect(record.phases.map(\.started) == [90, 90])
        #expect(record.phases.map(\.name) == ["steady", "steady"])
        #expect(record.phases.map(\.adapter) == ["fast", "slow"])
        #expect(record.phases[0].spans == record.phases[1].spans)
        #expect(contents(fast) == contents(slow))
        let targets = record.design?.adapters.map(\.target) ?? []
        #expect(targets.count == 2 && targets.allSatisfy { $0.contains("/mobile/") })
    }

    @Test func blocksTakeTurns() throws {
        let record = try record(["phase: steady, rate: 80/s, for: 1s"], .blocks)
        expectArmsToBeApart(record)
        #expect(contents(fast) == contents(slow))
        #expect(
            record.phases.map(\.name) == [
                "steady", "steady (settling)", "steady", "steady (settling)",
            ])
        #expect(record.phases.map(\.measured) == [true, false, true, false])
        // Two blocks of half a second, each with a tenth that settles.
        for phase in record.phases {
            #expect(phase.spans.count == 2)
            let expected = phase.measured ? 0.8 : 0.2
            #expect(abs(phase.seconds - expected) < 1e-6, "\(phase.name): \(phase.seconds)")
        }
        let spans = record.phases.flatMap(\.spans).sorted { $0.start < $1.start }
        #expect(zip(spans, spans.dropFirst()).allSatisfy { abs($0.end - $1.start) < 1e-6 })
    }

    @Test(arguments: [Scenario.Design.duet, .blocks])
    func whoHasSeenEnoughEndsTheRun(design: Scenario.Design) throws {
        let record = try record(
            ["phase: steady, rate: 60/s, for: 1h"], design, isEnough: true)
        expectArmsToBeApart(record)
        #expect(record.wallSeconds < 60)
        let own = record.phases.filter(\.measured)
        #expect(own[0].spans.count == own[1].spans.count)
        #expect(abs(own[0].seconds - own[1].seconds) < 1e-6)
        if design == .blocks { #expect(contents(fast) == contents(slow)) }
    }

    @Test func usersPayInBlocksAlsoInADuet() throws {
        let record = try record(["phase: steady, users: 4, for: 1s"], .duet)
        expectArmsToBeApart(record)
        #expect(record.phases.map(\.started).allSatisfy { $0 > 0 })
        #expect(record.design?.passes.map(\.kind) == [.blocks])
    }

    @Test func oneAfterAnother() throws {
        let record = try record(["phase: steady, rate: 80/s, for: 1s"], .sequential)
        expectArmsToBeApart(record)
        #expect(contents(fast) == contents(slow))
        #expect(record.phases.map(\.spans.count) == [1, 1])
        #expect(record.phases[0].spans[0].end == record.phases[1].spans[0].start)
    }

    @Test func theReferenceIsAloneBeforeAndAfter() throws {
        let record = try record(
            ["phase: steady, rate: 60/s, for: 1s"], .duet, guarded: true)
        expectArmsToBeApart(record)
        #expect(record.phases.map(\.name) == ["steady", "steady", "alone"])
        #expect(record.phases.map(\.adapter) == ["fast", "slow", "fast"])
        #expect(record.phases[2].spans.count == 2 && !record.phases[2].measured)
        #expect(abs(record.phases[2].seconds - 1) < 1e-6)
        #expect(record.phases[2].spans[0].end == record.phases[0].spans[0].start)
        #expect(record.design?.passes.map(\.kind) == [.alone, .duet, .alone])
    }

    @Test func oneThatIsNotThereKeepsTheRunFromBeginning() throws {
        let port = RawTarget(latency: 0).port
        let scenario = try Self.scenario(
            fast.address, load: ["phase: steady, rate: 60/s, for: 1s"])
        let lineup = try lineup(scenario, .duet, slow: "http://127.0.0.1:\(port)")
        var preparation = try Preparation(
            scenario, lineup: lineup, options: RunOptions(), toolVersion: "test", simulator: nil)
        let failure = #expect(throws: RunFailure.self) { try preparation.checkTarget() }
        guard case .unreachable(let target, _)? = failure else {
            Issue.record("nobody listens there")
            return
        }
        #expect(target.hasPrefix("slow (http://127.0.0.1:\(port)/"))
        #expect(fast.bodies.isEmpty)
    }

    /// Three adapters of one simulator, and 70 s.
    private static func comparison(_ compare: String) throws -> Scenario {
        let text = """
            version: 1
            name: test
            seed: 42
            target: { base_url: simulator }
            payments:
              - { name: card, client_type: IOS, payment_method: { type: scheme } }
            adapters:
              one: { path: /adapters/one/mobile/payments/makePayment }
              two: { path: /adapters/two/mobile/payments/makePayment, reference: true }
              three: { payment_method: { type: wallet } }
            compare: { \(compare) }

            """
        return try ScenarioReader.read(
            bytes: Array(text.utf8), name: "test.yaml", directory: "/", environment: [:])
    }

    @Test func aComparisonHasALineup() throws {
        let scenario = try Self.comparison("design: duet, rate: 20/s, for: 70s")
        let lineup = try #require(Lineup(comparing: scenario))
        let preparation = try Preparation(
            scenario, lineup: lineup, options: RunOptions(), toolVersion: "test",
            simulator: try Scenario.BaseURL(parsing: fast.address))
        #expect(
            preparation.targets.map(\.url) == [
                "\(fast.address)/adapters/one/mobile/payments/makePayment",
                "\(fast.address)/adapters/two/mobile/payments/makePayment",
                "\(fast.address)/mobile/payments/makePayment",
            ])
        #expect(preparation.targetURL == preparation.targets[1].url)
        let plan = preparation.plan(origin: 0)
        // 5 s of warm-up, the guard, 45 s, the guard.
        #expect(
            plan.passes.indices.map { plan.length(ofPass: $0) }
                == [5, 10, 45, 10].map { $0 * 1_000_000_000 })
        #expect(preparation.plannedDuration == .seconds(70))
        #expect(plan.arms[0].requests == plan.arms[1].requests)
        #expect(plan.arms[0].requests != plan.arms[2].requests)
        let names = preparation.layout.lines.map { "\($0.name) \($0.adapter ?? "")" }
        #expect(
            names == [
                "warm-up one", "warm-up two", "warm-up three", "steady one", "steady two",
                "steady three", "alone two",
            ])
    }

    @Test(arguments: ["design: blocks, rate: 20/s", "users: 3", "design: sequential, users: 3"])
    func aComparisonTakesItsTime(load: String) throws {
        let scenario = try Self.comparison("\(load), for: 72s")
        let lineup = try #require(Lineup(comparing: scenario))
        let preparation = try Preparation(
            scenario, lineup: lineup, options: RunOptions(), toolVersion: "test",
            simulator: try Scenario.BaseURL(parsing: fast.address))
        #expect(preparation.plannedDuration == .seconds(72))
        #expect(preparation.layout.lines.allSatisfy { $0.kind != .alone })
    }

    /// What one target was sent before there were several of them.
    @Test func aPlainRunHasNoDesign() throws {
        let scenario = try Self.scenario(
            fast.address, load: ["phase: steady, rate: 60/s, payments: 20"])
        let preparation = try Preparation(
            scenario, options: RunOptions(runID: "r"), toolVersion: "test", simulator: nil)
        let run = Run(preparation, toolVersion: "test")
        _ = try run.makeReady()
        let record = run.perform(quiet)
        #expect(record.design == nil && record.phases.map(\.adapter) == [nil])
        #expect(record.phases.map(\.started) == [20] && fast.bodies.count == 20)
    }
}
