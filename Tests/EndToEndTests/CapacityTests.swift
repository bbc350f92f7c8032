import Foundation
import Testing

extension EndToEnd {
    /// The search for capacity from outside: what it finds, how it ends, what it leaves behind.
    @Suite struct CapacityTests {
        private struct Answer: Decodable {
            struct Step: Decodable {
                var step: Int
                var verdict: String
                var rate_per_s: Double
            }

            var format: String
            var ending: String
            var sentence: String
            var gave_way: String?
            var proven_per_s: Double?
            var steps: [Step]
        }

        private static func text(_ base: String, _ capacity: String, more: [String] = []) -> String
        {
            ([
                "version: 1", "name: test", "seed: 42",
                "target: { base_url: \"\(base)\", timeouts: { total: 2s } }",
                "payments:",
                "  - { name: card, client_type: IOS, payment_method: { type: scheme } }",
                "capacity: { \(capacity) }",
            ] + more).joined(separator: "\n") + "\n"
        }

        private func begin(
            _ file: String, in folder: Folder, _ arguments: [String] = []
        ) throws -> Command {
            try Command(
                ["capacity", file, "--results", folder.results] + arguments, in: folder,
                Precedence.isGranted ? .first : .usual)
        }

        private func search(
            _ text: String, in folder: Folder, _ arguments: [String] = []
        ) throws -> Command.Ended {
            let file = try folder.write(text, as: "capacity.yaml")
            return try begin(file, in: folder, arguments).wait(seconds: 240)
        }

        private func waitForStep(withResult word: String, in folder: Folder) throws {
            try eventually(within: 60, "a step is known") {
                guard let results = folder.resultFolders.first else { return false }
                let state = try? String(
                    contentsOfFile: results + "/capacity-state.json", encoding: .utf8)
                return state?.contains(word) ?? false
            }
        }

        private func answer(in folder: Folder) throws -> Answer {
            let path = try #require(folder.resultFolders.first) + "/capacity.json"
            return try JSONDecoder().decode(
                Answer.self, from: try Data(contentsOf: URL(fileURLWithPath: path)))
        }

        /// A machine that is too busy to drive a rate says so, and proves nothing: then once more, three
        /// times at most.
        private func searchUndisturbed(
            _ text: String, attempt: Int = 1
        ) throws -> (Folder, Command.Ended, Answer) {
            let folder = try Folder()
            let ended = try search(text, in: folder)
            let found = try answer(in: folder)
            let isDisturbed =
                found.ending != "proven" && found.steps.contains { $0.verdict == "not_driven" }
            return isDisturbed && attempt < 3
                ? try searchUndisturbed(text, attempt: attempt + 1) : (folder, ended, found)
        }

        /// Case 17 of the ground truth in its short form. Eight servers of 40 ms each and arrivals at equal
        /// distances: nobody waits up to 200/s, and above that by 3 % the wait grows by 30 ms a second, to
        /// twice the limit within a proof.
        @Test func aSearchFindsWhatAQueueCarries() throws {
            let (folder, ended, found) = try searchUndisturbed(
                Self.text(
                    "simulator",
                    "search: { from: 120/s, to: 400/s }, step: { settle: 0s, measure: 2s }, "
                        + "arrivals: uniform, proof: 5s, for: 5s, expect: 100/s, "
                        + "sustain: [response_time.p90 < 80ms, errors.rate < 2%]",
                    more: [
                        "simulator: { name: pool, latency: { queue: { servers: 8, "
                            + "service: { constant: 40ms } } } }"
                    ]))
            #expect(found.format == "paybench-capacity/1")
            #expect(ended.output.contains(found.sentence.prefix(20)))
            #expect(ended.talk.contains("holds 120/s"))
            let table = try String(
                contentsOfFile: try #require(folder.resultFolders.first) + "/capacity.csv",
                encoding: .utf8)
            let picture = try String(
                contentsOfFile: try #require(folder.resultFolders.first) + "/capacity.svg",
                encoding: .utf8)
            #expect(picture.hasPrefix("<svg"))
            let page = try String(
                contentsOfFile: try #require(folder.resultFolders.first) + "/report.html",
                encoding: .utf8)
            #expect(page.contains("<h1>test: capacity</h1>") && page.contains("Every step"))
            // A head, and a row a step.
            #expect(table.split(separator: "\n").count == 1 + found.steps.count)
            #expect(found.ending == "proven" && ended.status == 0, "\(ended.talk)")
            let proven = try #require(found.proven_per_s)
            GroundTruthCase(17, "D/D/8, 200/s").expect(
                "proven, /s", (proven * 10).rounded() / 10, in: 170...206)
        }

        /// One worker has a quarter of a core, and the target has another core. Each payment takes 200 ms,
        /// so that a rate that can be driven is driven in time.
        @Test func beyondTheGeneratorThereIsALowerBoundAndNoCapacity() throws {
            let target = try Target(["latency: { constant: 200ms }"])
            let folder = try Folder()
            let file = try folder.write(
                Self.text(
                    target.address,
                    "search: { from: 200/s, to: 100000/s }, step: { settle: 0s, measure: 1s }, "
                        + "sustain: [errors.rate < 10%], proof: 5s, for: 5s"),
                as: "capacity.yaml")
            let hogs = try (1...3).map { _ in
                try Self.onFirstCore(["sh", "-c", "while :; do :; done"], in: folder)
            }
            let command = try Self.onFirstCore(
                [
                    Binary.path, "capacity", file, "--results", folder.results, "--workers", "1",
                ], in: folder)
            let ended = try command.wait(seconds: 120)
            for hog in hogs { hog.signal(SIGKILL) }
            #expect(ended.status == 4, "\(ended.output) \(ended.talk)")
            let found = try answer(in: folder)
            #expect(found.ending == "generator_ceiling" && found.gave_way == "generator")
            #expect(found.steps.contains { $0.verdict == "not_driven" })
            if found.proven_per_s != nil {
                #expect(found.sentence.contains("a lower bound, not a capacity"))
            } else {
                #expect(found.sentence.contains("the generator could not drive"))
            }
        }

        private static func onFirstCore(
            _ words: [String], in folder: Folder
        ) throws -> Command {
            try Command(["-c", "0"] + words, in: folder, executable: "/usr/bin/taskset")
        }

        @Test func aTargetThatIsNotThereIsUnreachable() throws {
            let folder = try Folder()
            let ended = try search(
                Self.text(
                    "http://127.0.0.1:\(try Socket.unusedPort())",
                    "search: { from: 1/s, to: 2/s }, sustain: [errors.rate < 1%]"), in: folder)
            #expect(ended.status == 69)
            #expect(ended.talk.contains("nothing was sent"))
            #expect(folder.resultFolders.isEmpty)
        }

        /// 100 a second at most, and 150 are sent: the queue is 50 payments, half a second, longer after
        /// each.
        @Test func aRateThatFailsAtOnceIsNoCapacity() throws {
            let target = try Target([
                "latency: { queue: { servers: 1, service: { constant: 10ms } } }"
            ])
            let folder = try Folder()
            let ended = try search(
                Self.text(
                    target.address,
                    "search: { from: 150/s, to: 400/s }, step: { settle: 1s, measure: 2s }, "
                        + "sustain: [\"response_time.p90{payment=card} < 60ms\", in_doubt.rate < 1%, "
                        + "outcome.accepted.rate >= 90%, errors.count == 0]"),
                in: folder, ["--json"])
            #expect(ended.status == 4, "\(ended.talk)")
            let found = try JSONDecoder().decode(Answer.self, from: Data(ended.output.utf8))
            #expect(found.ending == "fails_at_start")
            #expect(found.steps.allSatisfy { $0.verdict == "broken" && $0.rate_per_s == 150 })
            #expect(found.proven_per_s == nil)
        }

        private static let easy =
            "search: { from: 40/s, to: 60/s }, step: { settle: 0s, measure: 2s }, "
            + "sustain: [response_time.p50 < 40ms, errors.rate < 5%], proof: 5s, for: 5s"

        @Test func anInterruptedSearchGoesOnAndPaysNothingTwice() throws {
            let target = try Target(["latency: { constant: 5ms }"])
            let folder = try Folder()
            let file = try folder.write(Self.text(target.address, Self.easy), as: "capacity.yaml")
            let first = try begin(file, in: folder)
            try waitForStep(withResult: "\"verdict\"", in: folder)
            first.signal(SIGINT)
            let interrupted = try first.wait()
            #expect(interrupted.status == 130)
            let results = try #require(folder.resultFolders.first)
            #expect(interrupted.output.contains("--resume"))
            let before = try answer(in: folder)
            #expect(before.ending == "unfinished")
            #expect(before.steps.count >= 1)
            let other = try folder.write(
                Self.text(target.address, Self.easy) + "\n", as: "other.yaml")
            #expect(try begin(other, in: folder, ["--resume", results]).wait().status == 64)
            let ended = try begin(file, in: folder, ["--resume", results]).wait()
            #expect(folder.resultFolders == [results])
            let after = try answer(in: folder)
            let again = after.steps.prefix(before.steps.count)
            #expect(again.map(\.rate_per_s) == before.steps.map(\.rate_per_s))
            #expect(after.steps.map(\.step) == Array(1...after.steps.count))
            if after.ending == "at_least" {
                #expect(ended.status == 0)
                #expect(after.proven_per_s == 60)
            } else {
                #expect(ended.status == 4, "\(ended.talk)")
            }
            let ledger = try target.ledger
            #expect(ledger.payments == ledger.distinctPaymentIds)
            #expect(ledger.bookedTwiceOrMore == 0)
        }

        @Test func aTargetThatDiesEndsTheSearch() throws {
            let target = try Target(["latency: { constant: 5ms }"])
            let folder = try Folder()
            let file = try folder.write(Self.text(target.address, Self.easy), as: "capacity.yaml")
            let command = try begin(file, in: folder)
            try waitForStep(withResult: "\"kept\"", in: folder)
            try target.die()
            let ended = try command.wait()
            #expect(ended.status == 4, "\(ended.talk)")
            let found = try answer(in: folder)
            #expect(["lost", "not_recovered"].contains(found.ending))
            #expect(found.steps.contains { $0.verdict == "kept" })
        }

        @Test func limitsHoldForTheSearchAsAWhole() throws {
            let target = try Target()
            let folder = try Folder()
            let ended = try search(
                Self.text(target.address, Self.easy, more: ["limits: { payments: 200 }"]),
                in: folder)
            #expect(ended.status == 6, "\(ended.talk)")
            #expect(ended.output.contains("limits.payments"))
            #expect(try answer(in: folder).ending == "unfinished")
            let sent = try target.ledger.payments
            #expect(sent > 0 && sent <= 200)
        }

        @Test func whatCannotBeSearchedForIsRefused() throws {
            let target = try Target()
            let folder = try Folder()
            let least = "search: { from: 1/s, to: 2/s }"
            let elsewhere = Self.text("https://pay.example.test", Self.easy)
                .replacing(
                    "timeouts:",
                    with: "environment: sandbox, allow_hosts: [pay.example.test], timeouts:")
            let refusals = [
                (scenario(target.address, load: ["phase: a, rate: 1/s, for: 1s"]), "capacity"),
                (Self.text(target.address, "\(least), sustain: [tls.p99 < 1s]"), "tls.p99"),
                (elsewhere + "limits: { payments: 9000, duration: 1h }\n", "--yes"),
            ]
            for (text, word) in refusals {
                let ended = try search(text, in: folder)
                #expect(ended.status == 64, "\(word)")
                #expect(ended.talk.contains(word), "\(ended.talk)")
            }
            #expect(folder.resultFolders.isEmpty)
            #expect(try target.ledger.requests == 0)
        }
    }
}
