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
                var ended_early: Bool
            }
            struct Settings: Decodable {
                var order: [[String]]?
                var metrics: [String]
                var looks: Int
            }
            struct Guard: Decodable {
                var interferes: Bool
            }
            var format: String
            var design: String
            var adapters: [Adapter]
            var verdicts: [Judged]
            var slices: Slices
            var settings: Settings
            var interference: Guard?
            var notes: [String]

            func verdict(_ adapter: String, _ metric: String) -> String? {
                verdicts.first { $0.adapter == adapter && $0.metric == metric }?.verdict
            }
        }

        private static let names = ["first", "second", "third", "fourth"]
        private static let usual =
            "metrics: [response_time.p50, errors.rate], equivalent_within: 25%"

        /// - Parameter others: what the adapters behind the first do in place of its 20 ms.
        private static func text(
            _ compare: String, _ others: [String], metrics: String = usual
        ) -> String {
            let others = zip(names.dropFirst(), others)
            return """
                version: 1
                name: test
                seed: 42
                target: { base_url: simulator, timeouts: { connect: 1s, total: 2s } }
                simulator:
                  latency: { constant: 20ms }
                  adapters:
                \(others.map { "    \($0): { \($1) }" }.joined(separator: "\n"))
                payments:
                  - { name: card, client_type: IOS, payment_method: { type: scheme } }
                adapters:
                  first: { reference: true }
                \(others.map { "  \($0.0): { path: /adapters/\($0.0)/mobile/payments/makePayment }" }
                    .joined(separator: "\n"))
                compare: { \(compare), \(metrics) }

                """
        }

        private func compare(
            _ text: String, in folder: Folder, _ arguments: [String] = []
        ) throws -> (Command.Ended, Made) {
            let file = try folder.write(text, as: "compare.yaml")
            let ended = try Command(
                ["compare", file, "--results", folder.results] + arguments, in: folder
            ).wait(seconds: 120)
            return (ended, try made(in: folder, "\(ended.talk)"))
        }

        private func made(in folder: Folder, _ talk: String) throws -> Made {
            let path = try #require(folder.resultFolders.last, "\(talk)")
            let data = try Data(contentsOf: URL(fileURLWithPath: "\(path)/comparison.json"))
            return try JSONDecoder().decode(Made.self, from: data)
        }

        /// One is ten times as slow, one answers 429 only, one resets every connection half of the time:
        /// each is told as what it is, and harms nobody.
        @Test func inBlocksWhatEachAdapterDoesIsToldApart() throws {
            let folder = try Folder()
            let text = Self.text(
                "design: blocks, block: 250ms, settle: 50ms, rate: 50/s, for: 18s",
                [
                    "latency: { constant: 200ms }",
                    "latency: { constant: 10ms }, answers: [{ share: 100%, status: 429, "
                        + "code: TooManyRequests }]",
                    "latency: { constant: 20ms }, faults: [{ kind: reset, "
                        + "point: before_booking, share: 100%, after: 5s, for: 9s }]",
                ])
            let markdown = folder.url.appendingPathComponent("c.md").path
            let (ended, made) = try compare(text, in: folder, ["--write", "markdown=\(markdown)"])
            #expect([4, 5].contains(ended.status), "\(ended.output) \(ended.talk)")
            #expect(made.format == "paybench-comparison/1" && made.design == "blocks")
            #expect(ended.talk.contains("round"))
            #expect(made.adapters.map(\.name) == Self.names)
            #expect(made.adapters.allSatisfy { !$0.down && $0.payments > 0 })
            if made.slices.judged >= 15 {
                #expect(made.verdict("second", "response_time.p50") == "worse")
                #expect(made.verdict("third", "errors.rate") == "worse")
            }
            #expect(made.verdict("third", "response_time.p50") == "cannot_tell")
            #expect(made.adapters[2].outcomes["throttled"] == made.adapters[2].payments)
            #expect((0.2...0.8).contains(made.adapters[3].error_rate))
            let halfway = try #require(made.verdict("fourth", "errors.rate"))
            #expect(["worse", "cannot_tell"].contains(halfway))
            for other in made.adapters[0...1] {
                #expect(other.error_rate < 0.2, "\(other.name)")
            }
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

        /// It may end as soon as all is decided; with an adapter that is down that never comes.
        @Test func aDuetIsMeasuredAtTheSameTimeAndOneThatGoesDownIsSaidToBe() throws {
            let folder = try Folder()
            let text = Self.text(
                "design: duet, rate: 30/s, for: 12s, until: decided",
                [
                    "latency: { constant: 20ms }",
                    "faults: [{ kind: reset, point: after_booking, share: 100% }]",
                ])
            let (ended, made) = try compare(text, in: folder)
            #expect(ended.status == 5, "\(ended.output) \(ended.talk)")
            #expect(made.adapters.map(\.down) == [false, false, true])
            #expect(made.verdict("third", "errors.rate") == "cannot_tell")
            #expect(made.notes.contains { $0.hasPrefix("third is down") })
            #expect(!made.slices.ended_early)
            // Others are not harmed, but by a machine that stands still for two seconds.
            #expect(made.adapters[1].error_rate < 0.2)
        }

        /// 60 ms are more than 20, which is plain after a quarter of the time.
        @Test func usersAreMeasuredInBlocksUntilAllIsDecided() throws {
            let folder = try Folder()
            let text = Self.text(
                "users: 4, block: 250ms, settle: 50ms, for: 62s, until: decided",
                ["latency: { constant: 60ms }"],
                metrics: "metrics: [response_time.p50], equivalent_within: 25%")
            let (ended, made) = try compare(text, in: folder)
            #expect([0, 5].contains(ended.status), "\(ended.output) \(ended.talk)")
            #expect(made.design == "blocks" && made.settings.looks > 1)
            #expect(made.verdict("second", "response_time.p50") == "worse")
            #expect(made.slices.ended_early && made.slices.judged < 40)
            // Each user waits for its answer: a third as many.
            let payments = made.adapters.map { Double($0.payments) }
            #expect(payments[1] < 0.7 * payments[0])
        }

        @Test func oneAfterTheOtherIsSaidToLetDriftIn() throws {
            let folder = try Folder()
            let text = Self.text(
                "design: sequential, block: 300ms, settle: 50ms, rate: 40/s, for: 4s, "
                    + "until: decided", ["latency: { constant: 20ms }"])
            let (ended, made) = try compare(text, in: folder)
            #expect([4, 5].contains(ended.status), "\(ended.output) \(ended.talk)")
            #expect(made.design == "sequential" && !made.slices.ended_early)
            #expect(made.notes.contains { $0.hasPrefix("Measured one after another: drift") })
            #expect(made.verdicts.allSatisfy { $0.reason?.contains("it takes 15") == true })
        }

        /// One queue behind both: at 95/s it is idle for more than half of the time, at 190/s it hardly ever
        /// is, and most wait for several times as long as they are served.
        @Test func adaptersThatShareAQueueAreMeasuredInBlocks() throws {
            let folder = try Folder()
            let text = """
                version: 1
                name: test
                seed: 42
                target: { base_url: simulator, timeouts: { connect: 1s, total: 2s } }
                simulator: { latency: { queue: { servers: 1, service: { constant: 5ms } } } }
                payments:
                  - { name: card, client_type: IOS, payment_method: { type: scheme } }
                adapters: { first: { reference: true }, second: {} }
                compare: { rate: 95/s, for: 36s, block: 250ms, settle: 50ms, \(Self.usual) }

                """
            let file = try folder.write(text, as: "compare.yaml")
            let command = try Command(
                ["compare", file, "--results", folder.results], in: folder,
                Precedence.isGranted ? .first : .usual)
            try eventually(within: 60, "blocks are measured") {
                command.talkSoFar.contains("round")
            }
            command.signal(SIGINT)
            let ended = try command.wait()
            #expect(ended.status == 130, "\(ended.output) \(ended.talk)")
            #expect(ended.talk.contains("the adapters interfere"))
            #expect(folder.resultFolders.count == 1)
            let path = try #require(folder.resultFolders.first)
            for file in ["summary.json", "duet/summary.json", "duet/interval.log"] {
                #expect(FileManager.default.fileExists(atPath: "\(path)/\(file)"), "\(file)")
            }
            let made = try made(in: folder, ended.talk)
            #expect(made.design == "blocks" && made.interference?.interferes == true)
            #expect(made.notes.contains { $0.contains("what the duet sent is in duet/") })
            let again = try paybench(["compare", path, "--json"], in: folder)
            let judged = try JSONDecoder().decode(Made.self, from: Data(again.output.utf8))
            #expect(judged.notes == made.notes)
        }

        @Test func oneThatIsNotThereIsSaidBeforeAnythingIsSent() throws {
            let folder = try Folder()
            let text = Self.text("rate: 30/s, for: 14s", ["latency: { constant: 20ms }"])
                .replacing(
                    "second: { path: /adapters/second/mobile/payments/makePayment }",
                    with: "second: { base_url: \"http://127.0.0.1:1\" }")
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
