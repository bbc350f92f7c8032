import Foundation
import Testing

extension EndToEnd {
    /// Budgets on a target whose law is known: 20 ms, and one payment in ten is an error.
    @Suite struct BudgetRunTests {
        private static let provider = [
            "latency: { constant: 20ms }",
            "answers: [ { share: 10%, status: 500, code: InternalError } ]",
        ]

        private func text(
            _ target: Target, _ budgets: [String], load: String = "rate: 100/s, for: 6s",
            more: [String] = []
        ) -> String {
            scenario(
                target.address, load: ["phase: steady, \(load)"],
                more: ["budgets:"] + budgets.map { "  - \($0)" } + more)
        }

        private func judged(
            _ budgets: [String], _ arguments: [String] = []
        ) throws -> (status: Int32?, budgets: [Budget], folder: Folder, ended: Command.Ended) {
            let folder = try Folder()
            let target = try Target(Self.provider)
            let ended = try run(
                text(target, budgets), in: folder, ["--json", "--accept-invalid"] + arguments)
            return (ended.status, try Budget.all(in: ended.output), folder, ended)
        }

        @Test func aBudgetThatHoldsIsFineAndOneThatDoesNotFails() throws {
            let kept = try judged(["response_time.p50 < 1s", "in_doubt.count == 0"])
            #expect(kept.status == 0 && kept.budgets.map(\.verdict) == ["pass", "pass"])
            let broken = try judged([
                "response_time.p50 < 1s", "response_time.p50 < 10ms", "errors.rate < 0.1%",
            ])
            #expect(broken.status == 3)
            #expect(broken.budgets.map(\.verdict) == ["pass", "fail", "fail"])
            #expect((broken.budgets[1].value ?? 0) >= 20_000)
            #expect((broken.budgets[2].lower ?? 0) > 0.05)
        }

        @Test func whatCannotBeToldIsFourOrAWarning() throws {
            // 6 of 600 payments are beyond p99, and six seconds are few.
            let open = try judged(["response_time.p99.9 < 1s"])
            #expect(open.status == 4 && open.budgets.map(\.verdict) == ["inconclusive"])
            let warned = try judged([
                "{ check: response_time.p99.9 < 1s, on_inconclusive: warn }"
            ])
            #expect(warned.status == 0 && warned.budgets.map(\.verdict) == ["inconclusive"])
        }

        @Test func aStoredResultIsJudgedAlike() throws {
            let ran = try judged(["response_time.p50 < 15ms", "errors.rate < 30%"])
            let result = try #require(ran.folder.resultFolders.first)
            let again = try paybench(["budget", result, "--json"], in: ran.folder)
            #expect(again.status == 3)
            #expect(try Budget.all(in: again.output) == ran.budgets)
            let other = try ran.folder.write("- errors.rate < 50%\n", as: "other.yaml")
            let changed = try paybench(
                ["budget", result, "--budgets", other, "--json"], in: ran.folder)
            #expect(changed.status == 0)
            #expect(try Budget.all(in: changed.output).map(\.budget) == ["errors.rate < 50%"])
        }

        @Test func aStoredBaselineIsComparedWithUnlessItIsUnlike() throws {
            let ran = try judged(["errors.rate < 50%"])
            let result = try #require(ran.folder.resultFolders.first)
            let kept = try paybench(["baseline", "set", "main", result], in: ran.folder)
            #expect(kept.status == 0 && kept.output == "results/baselines/main.json\n")
            let relative = try ran.folder.write(
                "- response_time.p50 <= baseline + 50%\n- response_time.p50 <= baseline - 50%\n",
                as: "relative.yaml")
            let judged = try paybench(
                ["budget", result, "--budgets", relative, "--baseline", "main", "--json"],
                in: ran.folder)
            #expect(judged.status == 3)
            let budgets = try Budget.all(in: judged.output)
            #expect(budgets.map(\.verdict) == ["pass", "fail"])
            #expect(budgets.allSatisfy { $0.reason.contains("measured apart") })

            let target = try Target(["latency: { constant: 5ms }"])
            let unlike = try run(
                text(target, ["response_time.p50 <= baseline + 10%"]), in: ran.folder,
                ["--baseline", "main"])
            #expect(unlike.status == 64 && unlike.talk.contains("another scenario"))
            #expect(try target.ledger.payments == 0)
            let missing = try paybench(
                ["budget", result, "--budgets", relative, "--baseline", "nobody"], in: ran.folder)
            #expect(missing.status == 64 && missing.talk.contains("nobody"))
            _ = try ran.folder.write("{\"format\": \"x\"}", as: "broken.json")
            let broken = try paybench(
                ["budget", result, "--budgets", relative, "--baseline", "broken.json"],
                in: ran.folder)
            #expect(broken.status == 64 && broken.talk.contains("broken.json"))
        }

        @Test func aWindowThatFailsEndsTheRun() throws {
            let folder = try Folder()
            let target = try Target(Self.provider)
            let ended = try run(
                text(
                    target, ["{ check: errors.rate < 1%, window: 2s, abort: true }"],
                    load: "rate: 100/s, for: 60s"), in: folder, ["--json", "--accept-invalid"])
            #expect(ended.status == 3)
            let summary = try Summary(ended.output)
            #expect(summary.ending.kind == "judged")
            #expect(summary.totals.started < 3000)
            expectTheCountsAddUp(summary)
            #expect(try Budget.all(in: ended.output).map(\.verdict) == ["fail"])
        }

        @Test func whatIsUnknownIsSaidBeforeAnythingIsSent() throws {
            let folder = try Folder()
            let target = try Target(Self.provider)
            let file = try folder.write("- response_tme.p99 < 1s\n", as: "budgets.yaml")
            let ended = try run(
                scenario(target.address, load: ["phase: steady, rate: 10/s, for: 1s"]),
                in: folder, ["--budgets", file])
            #expect(ended.status == 64)
            #expect(ended.talk.contains("response_time") && ended.talk.contains("budgets.yaml"))
            #expect(try target.ledger.payments == 0 && folder.resultFolders.isEmpty)
        }

        private struct Budget: Decodable, Equatable {
            var budget: String
            var verdict: String
            var value: Double?
            var lower: Double?
            var reason: String

            static func all(in json: String) throws -> [Budget] {
                struct Holder: Decodable { var budgets: [Budget] }
                return try JSONDecoder().decode(Holder.self, from: Data(json.utf8)).budgets
            }
        }
    }
}
