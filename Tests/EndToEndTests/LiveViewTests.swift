import Foundation
import Testing

extension EndToEnd {
    /// The live view at a real terminal: what it shows, and what it leaves behind.
    @Suite struct LiveViewTests {
        private static func text(_ load: String, simulator: String) -> String {
            scenario("simulator", load: [load], more: ["simulator: { \(simulator) }"])
        }

        private static let quick = text(
            "phase: steady, rate: 200/s, arrivals: uniform, for: 60s",
            simulator: "latency: { constant: 5ms }")
        private static let slow = text(
            "phase: steady, rate: 50/s, arrivals: uniform, for: 60s",
            simulator: "latency: { constant: 2s }")

        private func begin(
            _ text: String, in folder: Folder, _ arguments: [String] = [], columns: Int = 80,
            rows: Int = 24, environment: [String: String] = [:]
        ) throws -> PseudoTerminal {
            let file = try folder.write(text, as: "scenario.yaml")
            return try PseudoTerminal(
                ["run", file, "--results", folder.results, "--accept-invalid"] + arguments,
                in: folder, columns: columns, rows: rows, environment: environment)
        }

        private func isFrame(_ screen: VirtualScreen) -> Bool {
            screen.text.contains("steady") && screen.text.contains("200/s")
                && screen.text.contains("accepted")
        }

        /// As it was before: nothing that is typed is lost, nor the cursor.
        private func expectClean(_ terminal: PseudoTerminal) {
            let screen = terminal.screen
            #expect(screen.isCursorVisible)
            #expect(screen.isWrapping)
            #expect(screen.unknown == [])
            #expect(terminal.echoes)
            #expect(!screen.text.contains("━"))
        }

        @Test func framesFollowTheSizeAndTheSummaryFollowsThem() throws {
            let folder = try Folder()
            let terminal = try begin(Self.quick, in: folder)
            try terminal.waitUntil("a frame of 80 columns", isFrame)
            #expect(!terminal.screen.isCursorVisible)
            #expect(!terminal.echoes)
            // A line feed that showed would move the picture.
            terminal.type("\n\nqqq\n")
            for (columns, rows) in [(120, 40), (40, 15), (80, 24)] {
                let frames = terminal.screen.frames
                terminal.resize(columns: columns, rows: rows)
                try terminal.waitUntil("a frame of \(columns) columns") { screen in
                    screen.frames > frames + 1 && isFrame(screen)
                }
                let lines = terminal.screen.lines
                #expect(lines.count { $0.contains("steady") } == 1, "\(terminal.screen.text)")
                #expect(!terminal.screen.text.contains("qqq"))
                #expect(lines.contains { $0.contains("completed") || $0.contains("compl") })
            }
            #expect(terminal.screen.wrappings == 0)
            terminal.type("\u{3}")
            #expect(try terminal.wait() == 130)
            expectClean(terminal)
            #expect(terminal.screen.text.contains("verdict"))
            #expect(terminal.screen.coloured > 0)
        }

        @Test func theFirstSignalDrainsAndSaysSo() throws {
            let folder = try Folder()
            let terminal = try begin(Self.slow, in: folder)
            try terminal.waitUntil("it runs") { $0.text.contains("50/s") }
            terminal.type("\u{3}")
            try terminal.waitUntil("it says what it waits for") { screen in
                screen.text.contains("SIGINT: waiting for")
            }
            #expect(try terminal.wait() == 130)
            expectClean(terminal)
            let summary = try Results(folder).summary
            #expect(summary.totals["accepted"] > 0)
            // Answers take 2 s and are waited for.
            #expect(summary.totals["in_doubt"] == 0)
        }

        @Test func theSecondOneWaitsForNothing() throws {
            let folder = try Folder()
            let terminal = try begin(
                Self.text(
                    "phase: steady, rate: 50/s, arrivals: uniform, for: 60s",
                    simulator: "latency: { constant: 8s }"),
                in: folder)
            try terminal.waitUntil("it runs") { $0.text.contains("50/s") }
            terminal.type("\u{3}")
            try terminal.waitUntil("it drains") { $0.text.contains("SIGINT: waiting for") }
            terminal.type("\u{3}")
            #expect(try terminal.wait() == 130)
            expectClean(terminal)
            let totals = try Results(folder).summary.totals
            #expect(totals["in_doubt"] > 0)
            #expect(totals["in_doubt"] == totals.started - totals["accepted"])
        }

        @Test func itIsCleanAfterASignalFromElsewhere() throws {
            let folder = try Folder()
            let terminal = try begin(Self.quick, in: folder)
            try terminal.waitUntil("it runs", isFrame)
            terminal.signal(SIGTERM)
            #expect(try terminal.wait() == 143)
            expectClean(terminal)
        }

        @Test func aShellGetsTheTerminalBackWhileItIsStopped() throws {
            let folder = try Folder()
            let terminal = try begin(Self.quick, in: folder)
            try terminal.waitUntil("it runs", isFrame)
            terminal.type("\u{1a}")
            try eventually(within: 20, "it is stopped") { terminal.processState == "T" }
            try terminal.waitUntil("the cursor is back") { $0.isCursorVisible }
            #expect(terminal.echoes)
            let frames = terminal.screen.frames
            terminal.signal(SIGCONT)
            try terminal.waitUntil("it draws again") { $0.frames > frames }
            terminal.type("\u{3}")
            #expect(try terminal.wait() == 130)
            expectClean(terminal)
        }

        /// Control-S: the run goes on to its end, and its results are there.
        @Test func aTerminalThatTakesNothingHoldsNoRunUp() throws {
            let folder = try Folder()
            let terminal = try begin(
                Self.text(
                    "phase: steady, rate: 200/s, arrivals: uniform, for: 3s",
                    simulator: "latency: { constant: 5ms }"),
                in: folder)
            try terminal.waitUntil("it runs") { $0.frames > 0 }
            terminal.type("\u{13}")
            try eventually(within: 60, "the summary is written") {
                folder.resultFolders.first.map {
                    FileManager.default.fileExists(atPath: $0 + "/summary.json")
                } ?? false
            }
            terminal.type("\u{11}")
            #expect([0, 4].contains(try terminal.wait()))
            expectClean(terminal)
            #expect(try Results(folder).summary.totals.started > 500)
        }

        @Test func withoutColoursThereAreNone() throws {
            let folder = try Folder()
            let text = Self.text(
                "phase: steady, rate: 200/s, arrivals: uniform, for: 1s",
                simulator: "latency: { constant: 5ms }")
            for (arguments, environment) in [
                (["--no-color"], [:]), ([], ["NO_COLOR": "1"]),
            ] as [([String], [String: String])] {
                let terminal = try begin(
                    text, in: folder, arguments, environment: environment)
                _ = try terminal.wait()
                #expect(terminal.screen.coloured == 0)
                #expect(terminal.screen.frames > 0)
                expectClean(terminal)
            }
        }

        @Test func aDumbTerminalGetsLines() throws {
            let folder = try Folder()
            let terminal = try begin(
                Self.text(
                    "phase: steady, rate: 100/s, for: 2s", simulator: "latency: { constant: 5ms }"),
                in: folder, ["--json"], columns: 120, environment: ["TERM": "dumb"])
            var seen = false
            try terminal.waitUntil("a line of progress") { screen in
                seen = seen || screen.text.contains("/2 s steady")
                return seen
            }
            _ = try terminal.wait()
            #expect(terminal.screen.frames == 0)
            expectClean(terminal)
        }

        @Test func aComparisonShowsItsAdaptersAndRounds() throws {
            let folder = try Folder()
            let text = """
                version: 1
                name: test
                seed: 42
                target: { base_url: simulator }
                simulator: { latency: { constant: 5ms } }
                payments:
                  - { name: card, client_type: IOS, payment_method: { type: scheme } }
                adapters: { north: { reference: true }, south: {} }
                compare: { design: blocks, block: 300ms, settle: 50ms, rate: 50/s, for: 30s, metrics: [response_time.p50] }

                """
            let file = try folder.write(text, as: "scenario.yaml")
            let terminal = try PseudoTerminal(
                ["compare", file, "--results", folder.results], in: folder)
            try terminal.waitUntil("both are there") { screen in
                screen.text.contains("round ")
                    && screen.lines.contains { $0.hasPrefix("north") && $0.contains("ms") }
                    && screen.lines.contains { $0.hasPrefix("south") && $0.contains("ms") }
            }
            terminal.type("\u{3}")
            #expect(try terminal.wait() == 130)
            expectClean(terminal)
        }

        @Test func aSearchShowsWhatItTriesAndWhatIsKnown() throws {
            let folder = try Folder()
            let text = """
                version: 1
                name: test
                seed: 42
                target: { base_url: simulator }
                simulator: { latency: { constant: 5ms } }
                payments:
                  - { name: card, client_type: IOS, payment_method: { type: scheme } }
                capacity:
                  search: { from: 50/s, to: 400/s }
                  step: { settle: 0s, measure: 2s }
                  sustain: [response_time.p90 < 500ms, errors.rate < 5%]
                  for: 30s
                  proof: 5s

                """
            let file = try folder.write(text, as: "scenario.yaml")
            let terminal = try PseudoTerminal(
                ["capacity", file, "--results", folder.results], in: folder)
            // A machine that is too busy to drive the first rate tries it again.
            try terminal.waitUntil("a second step") { screen in
                let isKept =
                    screen.text.contains("bracket at 70/s") && screen.text.contains("holds 50/s")
                let isAgain =
                    screen.text.contains("bracket at 50/s") && screen.text.contains("not driven")
                return (isKept || isAgain) && screen.text.contains("step 2")
                    && screen.text.contains("left")
            }
            terminal.type("\u{3}")
            #expect(try terminal.wait() == 130)
            expectClean(terminal)
        }
    }
}
