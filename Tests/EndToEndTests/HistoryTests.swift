import Foundation
import Testing

extension Keeping {
    /// `paybench history` over folders of which nothing but the contract of `summary.json` is known.
    struct HistoryTests {
        private let folder: Folder

        init() throws { folder = try Folder() }

        /// A run of the first days of a month, without a payment, with one judged budget.
        private func write(
            _ name: String, day: Int, p95: Double, scenario: String = "checkout",
            validity: String = "valid"
        ) throws {
            let times = [
                "response_time", "service_time", "send_delay", "first_byte", "connect", "tls",
            ]
            let outcomes = [
                "accepted", "declined", "rejected", "throttled", "provider_error", "malformed",
                "not_sent", "in_doubt",
            ]
            let summary: [String: Any] = [
                "format": "paybench-summary/1", "run_id": "r\(day)", "wall_s": 30.0,
                "tool": ["version": "0.1.0", "libcurl": "7.88.1", "swift": "6.3"],
                "scenario": ["name": scenario, "sha256": "ab", "seed": 1] as [String: Any],
                "target": "http://127.0.0.1:1/", "ending": ["kind": "completed"],
                "started_at": String(format: "2026-09-%02dT08:00:00.000000Z", day),
                "verdict": ["validity": validity, "causes": [] as [Any]] as [String: Any],
                "totals": [
                    "planned": 0, "started": 0, "skipped": 0, "retries": 0,
                    "outcomes": Dictionary(uniqueKeysWithValues: outcomes.map { ($0, 0) }),
                ] as [String: Any],
                "rate": [:] as [String: Any], "bytes": ["sent": 0, "received": 0],
                "latency": Dictionary(uniqueKeysWithValues: times.map { ($0, ["count": 0]) }),
                "latency_by_outcome": [:] as [String: Any], "phases": [] as [Any],
                "payments": [] as [Any], "errors": [] as [Any],
                "generator": [
                    "workers": 1, "cores": 2, "cpu_s": 0.5, "busiest_worker": 0.1,
                    "peak_rss_bytes": 1, "connections_opened": 1,
                ],
                "budgets": [
                    [
                        "budget": "response_time.p95 < 1s", "metric": "response_time.p95",
                        "verdict": "pass", "on_inconclusive": "warn", "unit": "us", "value": p95,
                        "lower": p95 * 0.9, "upper": p95 * 1.1, "count": 100, "reason": "",
                    ] as [String: Any]
                ],
            ]
            try write(JSONSerialization.data(withJSONObject: summary), in: name)
        }

        private func write(_ data: Data, in name: String, as file: String = "summary.json") throws {
            let path = URL(fileURLWithPath: "\(folder.results)/\(name)")
            try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
            try data.write(to: path.appendingPathComponent(file))
        }

        /// 10 runs at 100 ms, 10 at 130 ms, and what can't be counted.
        private func writeAll() throws {
            for day in 1...20 {
                let noise = day.isMultiple(of: 2) ? 1.01 : 0.99
                try write("c-\(day)", day: day, p95: (day <= 10 ? 100_000 : 130_000) * noise)
            }
            try write("bad", day: 21, p95: 900_000, validity: "invalid")
            try write("other", day: 22, p95: 5_000, scenario: "refund")
            try write(Data("{\"format\": \"paybench-summary/0\"}".utf8), in: "old")
            try write(Data("{\"format\": \"paybench-summary/1\", \"run".utf8), in: "cut")
            try write(Data([0, 255, 10]), in: "noise")
            try write(Data(), in: "killed", as: "interval.log")
            try write(Data(), in: "baselines", as: "main.json")
        }

        @Test func theChangeIsMarkedInAllThatIsWritten() throws {
            try writeAll()
            let ended = try paybench(
                ["history", "--csv", "table.csv", "--svg", "trend.svg"], in: folder)
            #expect(ended.status == 0)
            #expect(ended.output.contains("▲ +30 % at 2026-09-11 08:00:00 UTC, run r11"))
            #expect(ended.output.contains("left out   1 of 21 runs: 1 invalid"))
            #expect(ended.output.contains("refund"))
            #expect(ended.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
            let skipped = ended.talk.split(separator: "\n")
            for name in ["old", "cut", "noise", "killed"] {
                #expect(skipped.contains { $0.contains("results/\(name)") }, "\(name)")
            }
            #expect(skipped.count == 4, "\(ended.talk)")
            let table = try String(
                contentsOf: folder.url.appendingPathComponent("table.csv"), encoding: .utf8)
            #expect(table.split(separator: "\n").count == 1 + 21)
            let picture = try String(
                contentsOf: folder.url.appendingPathComponent("trend.svg"), encoding: .utf8)
            #expect(picture.contains("▲ +30 %"))
        }

        @Test func aFolderGetsAChartForEachMetric() throws {
            try writeAll()
            try write(Data(), in: "charts", as: "note")
            let charts = "\(folder.results)/charts"
            let ended = try paybench(
                ["history", folder.results, "--svg", charts, "--scenario", "checkout", "--json"],
                in: folder)
            #expect(ended.status == 0)
            #expect(
                try JSONSerialization.jsonObject(with: Data(ended.output.utf8)) is [String: Any])
            let names = try FileManager.default.contentsOfDirectory(atPath: charts).sorted()
            #expect(names == ["checkout-response_time.p95.svg", "note"])
        }

        @Test func whatCannotBeShownIsSaidAndEndsWith64() throws {
            let nothing = try paybench(["history"], in: folder)
            #expect(nothing.status == 64)
            #expect(nothing.talk.contains("cannot read results: No such file or directory"))
            try write(Data(), in: "empty", as: "note")
            let empty = try paybench(["history"], in: folder)
            #expect(empty.status == 64)
            #expect(empty.talk.contains("results: no results in it"))
            try writeAll()
            let cases = [
                (["--scenario", "chekout"], "did you mean \"checkout\"?"),
                (["--metric", "response_time.p96"], "did you mean \"response_time.p95\"?"),
                (["--last", "0"], "1 or more is expected"),
                (["results/c-1"], "this is one result"),
            ]
            for (arguments, words) in cases {
                let ended = try paybench(["history"] + arguments, in: folder)
                #expect(ended.status == 64, "\(arguments)")
                #expect(ended.talk.contains(words), "\(ended.talk)")
                #expect(ended.output.isEmpty)
            }
        }

        @Test func aFileThatCannotBeWrittenIsOurFailure() throws {
            try writeAll()
            let ended = try paybench(["history", "--csv", "nowhere/table.csv"], in: folder)
            #expect(ended.status == 1)
            #expect(ended.talk.contains("cannot create nowhere/table.csv"))
            #expect(ended.output.contains("checkout"))
        }
    }
}
