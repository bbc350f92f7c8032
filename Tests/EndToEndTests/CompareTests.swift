import Foundation
import Testing

extension EndToEnd {
    /// `paybench compare` on the simulator. Rates are low: a busy machine may make a measurement invalid
    /// (5), and nothing worse.
    @Suite struct CompareTests {
        private struct Made: Decodable {
            struct Adapter: Decodable {
                var name: String
                var payments: Int
                var down: Bool
                var error_rate: Double
                var outcomes: [String: Int]
            }
            struct Judged: Decodable {
                var adapter: String
                var metric: String
                var verdict: String
                var reason: String?
            }
            struct Slices: Decodable {
                var judged: Int
            }
            struct Settings: Decodable {
                var order: [[String]]?
                var metrics: [String]
            }
            var format: String
            var design: String
            var adapters: [Adapter]
            var verdicts: [Judged]
            var slices: Slices
            var settings: Settings
            var notes: [String]

            func verdict(_ adapter: String, _ metric: String) -> String? {
                verdicts.first { $0.adapter == adapter && $0.metric == metric }?.verdict
            }
        }

        private static func text(_ compare: String, second: String, third: String) -> String {
            """
            version: 1
            name: test
            seed: 42
            target: { base_url: simulator, timeouts: { connect: 1s, total: 2s } }
            simulator:
              latency: { constant: 20ms }
              adapters:
                second: { \(second) }
                third: { \(third) }
            payments:
              - { name: card, client_type: IOS, payment_method: { type: scheme } }
            adapters:
              first: { reference: true }
              second: { path: /adapters/second/mobile/payments/makePayment }
              third: { path: /adapters/third/mobile/payments/makePayment }
            compare: { \(compare), metrics: [response_time.p50, errors.rate], equivalent_within: 25% }

            """
        }

        private func compare(
            _ text: String, in folder: Folder, _ arguments: [String] = []
        ) throws -> (Command.Ended, Made) {
            let file = try folder.write(text, as: "compare.yaml")
            let ended = try paybench(
                ["compare", file, "--results", folder.results] + arguments, in: folder)
            let path = try #require(folder.resultFolders.last, "\(ended.talk)")
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(path)/comparison.json"))
            return (ended, try JSONDecoder().decode(Made.self, from: data))
        }

        @Test func inBlocksASlowerAdapterIsFoundAndARefusingOneIsNotFast() throws {
            let folder = try Folder()
            let text = Self.text(
                "design: blocks, block: 300ms, settle: 50ms, rate: 50/s, for: 20s",
                second: "latency: { constant: 200ms }",
                third: "latency: { constant: 10ms }, answers: [{ share: 100%, status: 429, "
                    + "code: TooManyRequests }]")
            let markdown = folder.url.appendingPathComponent("c.md").path
            let (ended, made) = try compare(text, in: folder, ["--write", "markdown=\(markdown)"])
            #expect([4, 5].contains(ended.status), "\(ended.output) \(ended.talk)")
            #expect(made.format == "paybench-comparison/1" && made.design == "blocks")
            #expect(ended.talk.contains("round"))
            #expect(made.adapters.map(\.name) == ["first", "second", "third"])
            #expect(made.adapters.allSatisfy { !$0.down && $0.payments > 0 })
            if made.slices.judged >= 15 {
                #expect(made.verdict("second", "response_time.p50") == "worse")
                #expect(made.verdict("third", "errors.rate") == "worse")
            }
            #expect(made.verdict("third", "response_time.p50") == "cannot_tell")
            #expect(made.adapters[0].outcomes["accepted"] == made.adapters[0].payments)
            #expect(made.settings.order?.allSatisfy { Set($0).count == $0.count } == true)
            let written = try String(contentsOfFile: markdown, encoding: .utf8)
            #expect(written.contains("| `second` |"))
            try checkFiles(of: folder)
            try checkAgain(folder, made)
        }

        /// The adapter where there is one.
        private func checkFiles(of folder: Folder) throws {
            let path = try #require(folder.resultFolders.last)
            #expect(path.contains("/test-compare-"))
            func text(_ name: String) throws -> String {
                try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
            }
            let table = try text("summary.csv").split(separator: "\n")
            #expect(table[0].hasSuffix(",adapter"))
            #expect(table.contains { $0.hasPrefix("steady,") && $0.hasSuffix(",second") })
            #expect(try text("latency.hlog").contains("response_time/steady@second/card/accepted"))
            #expect(try text("comparison.csv").contains("\nsecond,first,response_time.p50,us,"))
            let page = try text("report.html")
            #expect(page.contains("<h1>test: comparison</h1>"))
            let again = try paybench(["report", path, "--format", "html"], in: folder)
            #expect(again.output == page)
            let charts = folder.url.appendingPathComponent("charts/of it").path
            let drawn = try paybench(
                ["report", path, "--format", "svg", "--out", charts], in: folder)
            #expect(drawn.status == 0)
            let names = try FileManager.default.contentsOfDirectory(atPath: charts)
            #expect(names.contains("outcomes-by-adapter.svg"))
            #expect(names.allSatisfy { $0.hasSuffix(".svg") })
        }

        /// From its log.
        private func checkAgain(_ folder: Folder, _ made: Made) throws {
            let path = try #require(folder.resultFolders.last)
            let ended = try paybench(["compare", path, "--json"], in: folder)
            let again = try JSONDecoder().decode(Made.self, from: Data(ended.output.utf8))
            #expect(again.verdicts.map(\.verdict) == made.verdicts.map(\.verdict))
            #expect(again.slices.judged == made.slices.judged)
        }

        @Test func aDuetIsMeasuredAtTheSameTimeAndOneThatGoesDownIsSaidToBe() throws {
            let folder = try Folder()
            let text = Self.text(
                "design: duet, rate: 30/s, for: 14s", second: "latency: { constant: 20ms }",
                third: "faults: [{ kind: reset, point: after_booking, share: 100% }]")
            let (ended, made) = try compare(text, in: folder)
            #expect(ended.status == 5, "\(ended.output) \(ended.talk)")
            #expect(made.adapters.map(\.down) == [false, false, true])
            #expect(made.verdict("third", "errors.rate") == "cannot_tell")
            #expect(made.notes.contains { $0.hasPrefix("third is down") })
            // Others are not harmed.
            #expect(made.adapters[1].error_rate == 0)
        }

        @Test func oneThatIsNotThereIsSaidBeforeAnythingIsSent() throws {
            let folder = try Folder()
            let text = Self.text("rate: 30/s, for: 14s", second: "", third: "")
                .replacing(
                    "third: { path: /adapters/third/mobile/payments/makePayment }",
                    with: "third: { base_url: \"http://127.0.0.1:1\" }"
                )
                .replacing("second: {  }", with: "second: {}").replacing(
                    "third: {  }", with: "third: {}")
            let file = try folder.write(text, as: "compare.yaml")
            let ended = try paybench(
                ["compare", file, "--results", folder.results], in: folder)
            #expect(ended.status == 69, "\(ended.talk)")
            #expect(folder.resultFolders.isEmpty)
        }

        @Test func storedRunsAreComparedAndSaidToBeMeasuredApart() throws {
            let folder = try Folder()
            let service = try Target(["latency: { constant: 5ms }"])
            let text = scenario(service.address, load: ["phase: steady, rate: 50/s, for: 2s"])
            let file = try folder.write(text, as: "run.yaml")
            for _ in 0..<2 {
                _ = try paybench(
                    ["run", file, "--results", folder.results, "--quiet"], in: folder)
            }
            let folders = folder.resultFolders
            #expect(folders.count == 2)
            let ended = try paybench(["compare"] + folders, in: folder)
            #expect([4, 5].contains(ended.status), "\(ended.output) \(ended.talk)")
            #expect(ended.output.contains("drift between them is not excluded"))

            let other = try folder.write(
                text.replacing("50/s", with: "40/s"), as: "other.yaml")
            _ = try paybench(["run", other, "--results", folder.results, "--quiet"], in: folder)
            let unlike = folder.resultFolders.filter { !folders.contains($0) } + [folders[0]]
            let refused = try paybench(["compare"] + unlike, in: folder)
            #expect(refused.status == 64 && refused.talk.contains("--allow-unlike"))
            let allowed = try paybench(["compare", "--allow-unlike"] + unlike, in: folder)
            #expect([4, 5].contains(allowed.status), "\(allowed.talk)")
        }
    }
}
