import Foundation
import Synchronization
import Testing

extension Sending {
    /// How a load goes and ends: flows, conditions, slots, connections, recorded arrivals.
    @Suite struct LoadTests {
        private static let accepted = RawTarget.answer("200 OK", body: "{}")

        private static func flows(_ lines: String...) -> (String) -> String {
            { $0.replacing("load:\n  - { none }\n", with: "flows:\n" + lines.joined() + "\n") }
        }

        @Test func flowsRunAtTheSameTime() throws {
            let target = try Target()
            let folder = try Folder()
            let withFlows = Self.flows(
                "  web: [{ phase: steady, rate: 100/s, for: 1s, arrivals: uniform }]\n",
                "  app: [{ phase: wait, pause: 300ms },",
                " { phase: burst, rate: 300/s, for: 500ms, arrivals: uniform }]\n")
            let ended = try run(withFlows(scenario(target.address, load: ["none"])), in: folder)
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            expectItEndedByItself(ended, summary)
            #expect(summary.phases.map(\.name) == ["web/steady", "app/wait", "app/burst"])
            #expect(summary.phases.map(\.flow) == ["web", "app", "app"])
            #expect(summary.phases.map(\.totals.started) == [100, 0, 150])
            #expect(summary.phases.map(\.latency.responseTime.count) == [100, 0, 150])
            let spans = try summary.phases.map { try #require($0.spans.first) }
            #expect(spans.map { ($0.start * 1000).rounded() } == [0, 0, 300])
            #expect(spans.map { ($0.end * 1000).rounded() } == [1000, 300, 800])
            #expect(try target.ledger.distinctPaymentIds == 250)
        }

        @Test(arguments: [
            "rate: 100/s, for: 60s, arrivals: uniform", "users: 2, think_time: 20ms, for: 60s",
            "users: 2, think_time: 20ms, payments: 100000",
        ])
        func aConditionEndsAPhase(load: String) throws {
            let target = try Target()
            let folder = try Folder()
            let ended = try run(
                scenario(
                    target.address,
                    load: [
                        "phase: one, \(load), until: outcome.accepted.count >= 50",
                        "phase: two, rate: 100/s, for: 300ms, arrivals: uniform",
                    ]), in: folder, ["--workers", "2"])
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            expectItEndedByItself(ended, summary)
            #expect(summary.ending.kind == "completed")
            // 50 are there after half a second; tallies are a quarter of a second old, and looked at four
            // times a second.
            #expect((50...200).contains(summary.phases[0].totals.started))
            #expect(summary.phases[1].totals.started == 30)
            let spans = try summary.phases.map { try #require($0.spans.first) }
            #expect(spans[0].end == spans[1].start)
            #expect((0.3...2).contains(spans[0].end))
        }

        @Test func everyPassHasItsOwnCondition() throws {
            let target = try Target()
            let folder = try Folder()
            let text = scenario(target.address, load: ["none"]).replacing(
                "- { none }",
                with: "- repeat: 2\n    load: [{ phase: one, rate: 200/s, for: 60s, "
                    + "until: outcome.accepted.count >= 60 }, { phase: rest, pause: 400ms }]")
            let ended = try run(text, in: folder)
            let summary = try Results(folder).summary
            expectItEndedByItself(ended, summary)
            #expect(summary.phases[0].spans.count == 2)
            #expect(summary.phases[0].spans.allSatisfy { $0.end - $0.start > 0.28 })
            #expect((120...500).contains(summary.phases[0].totals.started))
        }

        @Test func aConditionStopsTheRun() throws {
            let target = try Target([
                "answers:", "  - { share: 100%, status: 500, code: InternalError }",
            ])
            let folder = try Folder()
            let ended = try run(
                scenario(
                    target.address, load: ["phase: one, rate: 100/s, for: 60s"],
                    more: ["limits: { stop_if: [\"errors.rate > 50% over 500ms\"] }"]), in: folder)
            #expect(ended.status == 6, "\(ended.talk)")
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            #expect(summary.ending.kind == "guard_rail")
            #expect(summary.ending.limit?.contains("errors.rate > 50% over 500ms") == true)
            #expect((40...300).contains(summary.totals.started))
        }

        /// Each payment takes 300 ms, and two may be under way.
        @Test func arrivalsThatFindNoSlotAreSkippedAndCounted() throws {
            let target = try Target(["latency: { constant: 300ms }"])
            let folder = try Folder()
            let ended = try run(
                scenario(
                    target.address, load: ["phase: one, rate: 100/s, for: 1s, arrivals: uniform"],
                    more: ["limits: { in_flight: 2, on_full: skip }"]), in: folder)
            #expect(ended.status == 0 || ended.status == 5, "\(ended.talk)")
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            #expect(summary.totals.planned == 100)
            // Two at 0, 300, 600 and 900 ms at the most.
            #expect((4...8).contains(summary.totals.started))
            #expect(summary.totals["accepted"] == summary.totals.started)
            #expect(try target.ledger.payments == summary.totals.started)
            #expect(ended.output.contains("\(summary.totals.skipped)"))
            // Nobody waited for a slot.
            #expect(try #require(summary.latency.sendDelay.p50Us) < 250_000)
            #expect(summary.verdict.causes.contains { $0.check == "schedule.complete" })
        }

        @Test func connectionsAreOpenedBeforeTheFirstPayment() throws {
            let connections = Mutex<[Int]>([])
            let box = TargetBox()
            let target = try RawTarget { (_: RawTarget.Request) -> String in
                connections.withLock { $0.append(box.target?.connections ?? 0) }
                return Self.accepted
            }
            box.target = target
            let folder = try Folder()
            let ended = try run(
                scenario(
                    target.address, load: ["phase: one, rate: 200/s, for: 500ms"],
                    target: "http: { warm_up: 6, connections: 6 }"), in: folder, ["--workers", "2"])
            box.target = nil
            let summary = try Results(folder).summary
            expectItEndedByItself(ended, summary)
            // One more before the run: whether the target is there.
            #expect(connections.withLock { $0 }.allSatisfy { $0 == 7 })
            #expect(summary.generator.connectionsOpened == 6)
        }

        private final class TargetBox: Sendable {
            private let state = Mutex<RawTarget?>(nil)
            var target: RawTarget? {
                get { state.withLock { $0 } }
                set { state.withLock { $0 = newValue } }
            }
        }

        @Test func recordedArrivalsComeAtTheirTimes() throws {
            let came = Mutex<[Double]>([])
            let target = try RawTarget { (_: RawTarget.Request) -> String in
                came.withLock { $0.append(ProcessInfo.processInfo.systemUptime) }
                return Self.accepted
            }
            let folder = try Folder()
            let times = [0, 0.2, 0.2, 0.9, 1.0, 1.7]
            let rows = times.map { "\(1_767_225_600 + $0)\n" }.joined()
            _ = try folder.write("time\n" + rows, as: "arrivals.csv")
            let ended = try run(
                scenario(
                    target.address,
                    load: ["phase: replay, arrivals: { file: arrivals.csv, speed: 2x }"]),
                in: folder, ["--workers", "2"])
            let summary = try Results(folder).summary
            expectItEndedByItself(ended, summary)
            let seen = came.withLock { $0 }
            try #require(seen.count == times.count)
            for (instant, time) in zip(seen, times) {
                // Twice as fast; a busy host delays each of them by itself.
                #expect(abs(instant - seen[0] - time / 2) < 0.1)
            }
        }

        /// Rows of 1 KiB, so that 64 KiB read ahead are less than a second.
        @Test func aFileOfArrivalsThatChangesEndsTheRun() throws {
            let folder = try Folder()
            let padding = String(repeating: "x", count: 1000)
            let rows = (0..<400).map { "\(Double($0) / 100),\(padding)\n" }
            let file = try folder.write("time,pad\n" + rows.joined(), as: "arrivals.csv")
            let target = try RawTarget { (_: RawTarget.Request) -> String in Self.accepted }
            let command = try start(
                scenario(
                    target.address,
                    load: ["phase: replay, arrivals: { file: arrivals.csv, column: time }"]),
                in: folder)
            try eventually(within: 20, "a payment came") { !target.requests.isEmpty }
            truncate(file, 120_000)
            let ended = try command.wait(seconds: 20)
            #expect(ended.status == 1)
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            #expect((64..<200).contains(summary.totals.planned))
            #expect(summary.ending.kind == "failed")
            #expect(summary.ending.reason?.contains("arrivals.csv") == true)
            #expect(ended.output.contains("Stopped: "))
        }
    }
}
