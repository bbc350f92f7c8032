import Foundation
import Testing

extension Keeping {
    /// What a run leaves behind says the same everywhere.
    @Suite struct FileTests {
        private static let text = scenario(
            "simulator",
            load: [
                "phase: warm-up, rate: 100/s, for: 1s, measure: false",
                "phase: steady, rate: 300/s, for: 2s",
            ],
            more: [
                "simulator:", "  seed: 3", "  latency: { constant: 15ms }", "  answers:",
                "    - { share: 10%, status: 402, code: CardDeclined }",
                "    - { share: 10%, status: 500, code: InternalError }",
                "    - { share: 10%, status: 400, code: NotEmpty, field: PaymentId }",
                "  drops:", "    - { share: 10%, point: after_booking }",
            ])

        @Test func everyFileTellsTheSame() throws {
            let folder = try Folder()
            let ended = try run(Self.text, in: folder, ["--json"])
            let results = try Results(folder)
            let summary = try results.summary
            let totals = summary.totals
            expectItEndedByItself(ended, summary)
            expectTheCountsAddUp(summary)
            #expect(try results.text("summary.json") == ended.output)
            #expect(
                try results.files == [
                    "errors.csv", "interval.log", "latency.hlog", "reconcile.csv",
                    "report.html", "scenario.yaml",
                    "summary.csv", "summary.json", "timeline.csv",
                ])
            let uncertain = totals["in_doubt"] + totals["malformed"] + totals["provider_error"]
            #expect(uncertain > 0)
            #expect(try results.rows("reconcile.csv").count == uncertain)
            #expect(
                try sum("count", of: results.rows("errors.csv")) == totals.started
                    - totals["accepted"])
            let timeline = try results.rows("timeline.csv")
            #expect(try sum("planned", of: timeline) == totals.planned)
            #expect(try sum("started", of: timeline) == totals.started)
            #expect(try sum("completed", of: timeline) == totals.started)
            for (outcome, count) in totals.outcomes {
                #expect(try sum(outcome, of: timeline) == count)
            }
            #expect(timeline.last?["in_flight"] == "0")
            #expect(timeline.indices.map { String($0) } == timeline.map { $0["t_s"] ?? "" })
            try expectTheTableOfTimesAgrees(results, summary)
        }

        private func expectTheTableOfTimesAgrees(_ results: Results, _ summary: Summary) throws {
            let rows = try results.rows("summary.csv").filter { $0["time"] == "response_time" }
            // All that is measured is the steady phase.
            let steady = summary.phases[1].totals
            for phase in ["*", "steady", "warm-up"] {
                let totals = phase == "warm-up" ? summary.phases[0].totals : steady
                let own = rows.filter { $0["phase"] == phase }
                for payment in ["*", "card"] {
                    let ofPayment = own.filter { $0["payment"] == payment }
                    let all = ofPayment.filter { $0["outcome"] == "*" }
                    let each = ofPayment.filter { $0["outcome"] != "*" }
                    #expect(try sum("count", of: all) == totals.started)
                    #expect(try sum("count", of: each) == totals.started)
                    for row in each {
                        #expect(row["count"] == String(totals[row["outcome"] ?? ""]))
                    }
                }
            }
            #expect(summary.latency.responseTime.count == steady.started)
            #expect(summary.latency.sendDelay.count == steady.started)
        }

        @Test func theStoredScenarioIsOneThatRunsAgain() throws {
            let folder = try Folder()
            _ = try run(Self.text, in: folder)
            let results = try Results(folder)
            let ended = try paybench(["validate", "\(results.folder)/scenario.yaml"], in: folder)
            #expect(ended.status == 0, "\(ended.talk)")
        }

        @Test func quietMeansQuiet() throws {
            let folder = try Folder()
            let text = scenario("simulator", load: ["phase: closed, users: 1, for: 1500ms"])
            let quiet = try run(text, in: folder, ["--quiet"])
            #expect(quiet.status == 0)
            #expect(quiet.talk.isEmpty)
            let talking = try run(text, in: folder)
            #expect(!talking.talk.isEmpty)
            // Neither stream is a terminal here: no escape codes, no redrawing.
            for shown in [quiet.output, talking.output, talking.talk] {
                #expect(!shown.contains("\u{1b}") && !shown.contains("\r"))
            }
        }

        private func sum(_ column: String, of rows: [[String: String]]) throws -> Int {
            try rows.reduce(0) { $0 + (try #require(Int($1[column] ?? ""))) }
        }
    }
}
