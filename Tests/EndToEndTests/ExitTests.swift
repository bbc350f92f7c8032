import Foundation
import Testing

extension Keeping {
    /// What is refused before anything is sent, and how a run says by its status how it ended.
    @Suite struct ExitTests {
        /// A scenario that can't be used.
        private struct Refusal {
            var what: String
            var text: String
            /// Where the mistake is: `:line:column`, or nothing where the file as a whole is wrong.
            var place: String
            var says: String
        }

        private static let phase = "phase: open, rate: 100/s, for: 1s"

        private static func refusals(_ address: String) -> [Refusal] {
            let outside = scenario("https://pay.example.test", load: [phase])
            return [
                Refusal(
                    what: "a rate without a unit",
                    text: scenario(address, load: ["phase: open, rate: 500, for: 1s"]),
                    place: ":8:26", says: "did you mean \"500/s\""),
                Refusal(
                    what: "a file for TLS that is not there",
                    text: scenario(
                        address, load: [phase], target: "tls: { ca_file: no/such/ca.pem }"),
                    place: ":4:", says: "no/such/ca.pem"),
                Refusal(
                    what: "port 0", text: scenario("http://127.0.0.1:0", load: [phase]),
                    place: ":4:", says: "port"),
                Refusal(
                    what: "a card number",
                    text: scenario(
                        address, load: [phase], payment: "number: \"4539 1488 0343 6467\""),
                    place: ":6:", says: "card"),
                Refusal(
                    what: "a payment provider",
                    text: scenario(
                        "https://api.stripe.com", load: [phase],
                        more: ["limits: { payments: 1000, duration: 1m }"],
                        target: "environment: sandbox, allow_hosts: [api.stripe.com]"),
                    place: ":4:", says: "stripe.com"),
                Refusal(
                    what: "another machine without consent", text: outside, place: ":4:",
                    says: "environment"),
                Refusal(
                    what: "an alias bomb", text: bomb, place: ":", says: "too many values"),
                Refusal(
                    what: "an unknown key", text: scenario(address, load: [phase]) + "buget: []\n",
                    place: ":9:1",
                    says: "buget"),
                Refusal(what: "nothing", text: "", place: "", says: "empty"),
                Refusal(
                    what: "a million lines",
                    text: String(repeating: "- line\n", count: 1_000_000), place: "",
                    says: "too"),
            ]
        }

        /// Ten values, each ten times the one before: 10⁹ of them.
        private static let bomb =
            "a0: &a0 x\n"
            + (1...9).map { level in
                let aliases = [String](repeating: "*a\(level - 1)", count: 10)
                return "a\(level): &a\(level) [\(aliases.joined(separator: ", "))]\n"
            }.joined()

        @Test func aScenarioThatCannotBeUsedIsRefusedInItsPlaceAndNothingIsSent() throws {
            let target = try Target()
            let folder = try Folder()
            for refusal in Self.refusals(target.address) {
                let file = try folder.write(refusal.text, as: "refused.yaml")
                for command in ["run", "validate", "plan"] {
                    let ended = try paybench([command, file], in: folder)
                    try expectRefusal(ended, refusal.what)
                    #expect(ended.talk.hasPrefix(file + refusal.place), "\(refusal.what)")
                    #expect(ended.talk.contains(refusal.says), "\(refusal.what)")
                }
            }
            #expect(folder.resultFolders.isEmpty)
            #expect(try target.ledger.requests == 0)
        }

        @Test func bytesThatAreNoTextAreRefused() throws {
            let folder = try Folder()
            let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
            for data in [Data(bytes), Data([0]), Data([0xFF, 0xFE, 0x61, 0])] {
                let file = try folder.write(data, as: "binary.yaml")
                try expectRefusal(try paybench(["run", file], in: folder), "binary")
            }
        }

        @Test(arguments: [
            ["rum", "x.yaml"], ["run"], ["run", "no-such-file.yaml"], ["run", "."],
            ["run", "x.yaml", "--wrokers", "2"], ["run", "x.yaml", "--workers", "0"],
            ["run", "x.yaml", "--run", "a/b"], ["--nope"], ["simulate", "--port", "70000"],
            ["simulate", "--host", "0.0.0.0"], ["simulate", "no-such-file.yaml"],
        ])
        func aCommandLineThatMeansNothingIsRefused(arguments: [String]) throws {
            try expectRefusal(try paybench(arguments, in: try Folder()), "\(arguments)")
        }

        @Test func productionNeedsConsent() throws {
            let target = try Target()
            let folder = try Folder()
            let text = scenario(
                target.address, load: ["phase: closed, users: 1, payments: 3"],
                target: "environment: production")
            let refused = try run(text, in: folder)
            try expectRefusal(refused, "production")
            #expect(refused.talk.contains("--yes"))
            #expect(try target.ledger.requests == 0)
            #expect(try run(text, in: folder, ["--yes"]).status == 0)
            #expect(try target.ledger.payments == 3)
        }

        @Test func aTargetThatIsNotThereIsUnreachable() throws {
            let folder = try Folder()
            let port = try Socket.unusedPort()
            let unknown = scenario(
                "https://nonexistent.invalid", load: [Self.phase],
                more: ["limits: { payments: 1000, duration: 1m }"],
                target: "environment: sandbox, allow_hosts: [nonexistent.invalid]")
            for text in [scenario("http://127.0.0.1:\(port)", load: [Self.phase]), unknown] {
                let ended = try run(text, in: folder)
                #expect(ended.status == 69)
                #expect(ended.output.isEmpty)
                #expect(ended.talk.contains("nothing was sent"))
                expectNoCrash(ended, "unreachable")
            }
            #expect(folder.resultFolders.isEmpty)
        }

        @Test func aTargetThatSpeaksNoTLSIsUnreachable() throws {
            let target = try Target()
            let folder = try Folder()
            let address = target.address.replacing("http://", with: "https://")
            let ended = try run(scenario(address, load: [Self.phase]), in: folder)
            #expect(ended.status == 69)
            #expect(folder.resultFolders.isEmpty)
            #expect(try target.ledger.payments == 0)
        }

        @Test func aGuardRailEndsARunWithSix() throws {
            let target = try Target()
            let folder = try Folder()
            let ended = try run(
                scenario(
                    target.address, load: ["phase: closed, users: 4, for: 60s"],
                    more: ["limits: { payments: 100 }"]), in: folder)
            #expect(ended.status == 6)
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            #expect(summary.totals.started == 100)
            #expect(try target.ledger.payments == 100)
        }

        /// Stopped for 1 s of 3, the generator sends a third of its payments late, by half a second in
        /// the mean: a response time of 2 ms can't be told from that.
        @Test func aGeneratorThatWasStoppedSaysThatItIsInvalid() throws {
            let target = try Target(["latency: { constant: 2ms }"])
            let folder = try Folder()
            let command = try start(
                scenario(
                    target.address, load: ["phase: open, rate: 200/s, for: 3s, arrivals: uniform"]),
                in: folder)
            try target.waitForPayments(100)
            command.signal(SIGSTOP)
            sleep(1)
            command.signal(SIGCONT)
            #expect(try command.wait().status == 5)
            let results = try Results(folder)
            let summary = try results.summary
            expectTheCountsAddUp(summary)
            #expect(summary.verdict.validity == "invalid")
            #expect(summary.verdict.causes.contains { $0.check == "schedule.lag" })
            // Late, but sent: 3 s × 200/s.
            #expect(summary.totals.started == 600)
            #expect(try #require(summary.latency.sendDelay.p90Us) > 500_000)
        }

        @Test func helpAndVersionAreNoMistakes() throws {
            let folder = try Folder()
            for arguments in [["--help"], ["help", "run"], ["run", "--help"], ["--version"]] {
                let ended = try paybench(arguments, in: folder)
                #expect(ended.status == 0)
                #expect(ended.output.contains("paybench"))
            }
        }

        private func expectRefusal(_ ended: Command.Ended, _ what: String) throws {
            #expect(ended.status == 64, "\(what)")
            #expect(ended.output.isEmpty, "\(what)")
            #expect(!ended.talk.isEmpty, "\(what)")
            expectNoCrash(ended, what)
        }

        private func expectNoCrash(_ ended: Command.Ended, _ what: String) {
            #expect(ended.status != nil, "\(what)")
            for word in ["Fatal error", "Stack dump", "Thread 0", ".swift:"] {
                #expect(!ended.talk.contains(word), "\(what)")
            }
            // Every mistake is a line or two, not a page.
            #expect(ended.talk.utf8.count < 4000, "\(what)")
        }
    }
}
