import Foundation
import Testing

extension Keeping {
    /// What is left of a run that was killed, or that had nowhere to write.
    @Suite struct CrashTests {
        private static let rate = number("PAYBENCH_KILL_RATE") ?? 400

        /// A provider that answers late, drops connections and books all the same.
        private static let provider = [
            "latency: { lognormal: { p50: 20ms, p99: 400ms } }", "drops:",
            "  - { share: 5%, point: after_booking }", "  - { share: 2%, point: before_booking }",
        ]

        private static func scenario(_ address: String) -> String {
            EndToEndTests.scenario(
                address, load: ["phase: steady, rate: \(rate)/s, for: 60s"],
                more: ["limits: { in_flight: \(rate * 2) }"])
        }

        private static let kills = number("PAYBENCH_KILLS") ?? 6

        private static func number(_ variable: String) -> Int? {
            ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }
        }

        /// kill -9, some time between the first payment and 2.5 s later: every payment that the ledger
        /// has booked is in the results, or in the list of those without an answer.
        @Test(arguments: 1...kills)
        func aKilledRunLosesNoPayment(seed: Int) throws {
            let delay = Moments.delay(seed: seed)
            let folder = try Folder()
            let target = try Target(Self.provider)
            let command = try start(Self.scenario(target.address), in: folder, ["--workers", "2"])
            try target.waitForPayments(1)
            usleep(delay)
            command.signal(SIGKILL)
            _ = try command.wait()
            try eventually(within: 10, "the ledger is quiet") { try target.isQuiet }
            let found = try KilledRun(folder, target)
            print("| \(seed) | \(delay / 1000) | \(found.row) |")
            #expect(found.lost == 0, "seed \(seed), killed after \(delay) µs")
            // What is missing was sent in the last interval, and in what gathering takes.
            #expect(found.missing <= Self.rate * 2, "seed \(seed)")
        }

        @Test func aRunThatEndsLeavesALogThatSaysTheSameToTheLastByte() throws {
            let folder = try Folder()
            let text = EndToEndTests.scenario(
                "simulator", load: ["phase: steady, rate: 200/s, for: 1s"],
                more: ["simulator: { drops: [ { share: 10%, point: after_booking } ] }"])
            let ended = try run(text, in: folder)
            let results = try Results(folder)
            expectItEndedByItself(ended, try results.summary)
            #expect(try !results.files.contains("inflight.journal"))
            let whole = try ["json", "csv", "text"].map { try report(results.folder, $0, folder) }
            try FileManager.default.removeItem(atPath: "\(results.folder)/summary.json")
            let made = try ["json", "csv", "text"].map { try report(results.folder, $0, folder) }
            #expect(whole.map(\.output) == made.map(\.output))
            #expect(whole[0].output == made[0].output)
            #expect(whole.map(\.status) + made.map(\.status) == [0, 0, 0, 0, 0, 0])
            #expect(made[0].talk.contains("nothing is missing"))
        }

        @Test func reportSaysWhatIsNoResult() throws {
            let folder = try Folder()
            let empty = try report(folder.url.path, "text", folder)
            #expect(empty.status == 64)
            #expect(empty.talk.contains("neither summary.json nor interval.log is in it"))
            _ = try folder.write("paybench-interval-log/9\n", as: "interval.log")
            let newer = try report(folder.url.path, "json", folder)
            #expect(newer.status == 64 && newer.talk.contains("paybench-interval-log/9"))
            let format = try report(folder.url.path, "pdf", folder)
            #expect(format.status == 64)
            #expect(format.talk.contains("text") && format.talk.contains("unanswered"))
        }

        /// No file may grow beyond 64 KiB: the log and the journal come to that first.
        @Test func aDiskThatFillsUpIsSaidOnceAndLosesNothingThatWasWritten() throws {
            let folder = try Folder()
            let text = EndToEndTests.scenario(
                "simulator",
                load: ["phase: steady, users: 40, think_time: 50ms, for: 4s"],
                more: ["simulator: { drops: [ { share: 50%, point: after_booking } ] }"])
            let file = try folder.write(text, as: "s.yaml")
            let command = try Command(
                ["-c", "ulimit -f 64; exec \"$0\" \"$@\"", Binary.path]
                    + ["run", file, "--results", folder.results, "--json"],
                in: folder, executable: "/bin/bash")
            let ended = try command.wait()
            #expect(ended.status == 1)
            expectTheCountsAddUp(try Summary(ended.output))
            #expect(ended.talk.components(separatedBy: "; the run goes on\n").count == 2)
            #expect(ended.talk.contains("inflight.journal"))
            let results = try Results(folder)
            let again = try report(results.folder, "json", folder)
            #expect(again.status == 0, "\(again.talk)")
            #expect(try Summary(again.output).totals.started > 0)
        }

        /// A disk of 256 KiB that something else fills up while the run lasts.
        @Test(.enabled(if: TinyDisk.isPossible))
        func aFullDiskStopsTheLogAndNotTheRun() throws {
            let disk = try TinyDisk()
            let folder = try Folder()
            let target = try Target()
            let text = EndToEndTests.scenario(
                target.address, load: ["phase: steady, rate: 100/s, for: 4s"],
                more: ["limits: { in_flight: 100 }"])
            let file = try folder.write(text, as: "s.yaml")
            let command = try Command(
                ["run", file, "--results", disk.path, "--json", "--workers", "1"], in: folder)
            try target.waitForPayments(150)
            disk.fill()
            let ended = try command.wait()
            #expect(ended.status == 1)
            let totals = try Summary(ended.output).totals
            #expect(totals["accepted"] == totals.planned, "\(totals)")
            #expect(ended.talk.contains("No space left on device; the run goes on"))
            #expect(ended.talk.components(separatedBy: "; the run goes on").count == 2)
            disk.makeRoom()
            let names = try FileManager.default.contentsOfDirectory(atPath: disk.path)
            let again = try report("\(disk.path)/\(try #require(names.first))", "json", folder)
            #expect(again.status == 0, "\(again.talk)")
            #expect(try Summary(again.output).totals.started > 0)
        }

        @Test(.enabled(if: TinyDisk.isPossible))
        func aReadOnlyDiskEndsARunBeforeItsFirstPayment() throws {
            let disk = try TinyDisk()
            let folder = try Folder()
            let target = try Target()
            disk.makeReadOnly()
            let file = try folder.write(
                EndToEndTests.scenario(
                    target.address, load: ["phase: steady, rate: 100/s, for: 4s"]), as: "s.yaml")
            let ended = try paybench(["run", file, "--results", disk.path], in: folder)
            #expect(ended.status == 1)
            #expect(ended.talk.contains("Read-only file system"))
            #expect(try target.ledger.requests == 0)
        }

        /// 16 times cut or changed somewhere, log and journal: a report or a complaint, never a crash, and
        /// never more than there was.
        @Test func aDamagedResultIsReportedAsFarAsItGoes() throws {
            let folder = try Folder()
            let target = try Target(Self.provider)
            let command = try start(Self.scenario(target.address), in: folder, ["--workers", "1"])
            try target.waitForPayments(Self.rate * 2)
            command.signal(SIGKILL)
            _ = try command.wait()
            let result = try Results(folder).folder
            let whole = try Summary(try report(result, "json", folder).output).totals.started
            #expect(whole > 0)
            for seed in 1...16 {
                let name = seed.isMultiple(of: 4) ? "inflight.journal" : "interval.log"
                let url = URL(fileURLWithPath: "\(result)/\(name)")
                let intact = try Data(contentsOf: url)
                try Moments.damaged(intact, seed: seed).write(to: url)
                let ended = try report(result, seed.isMultiple(of: 2) ? "json" : "text", folder)
                try intact.write(to: url)
                #expect(ended.status == 0 || ended.status == 64, "seed \(seed)")
                #expect(!ended.talk.isEmpty && !ended.talk.contains("Fatal"), "seed \(seed)")
                if ended.status == 0, seed.isMultiple(of: 2) {
                    #expect(try Summary(ended.output).totals.started <= whole, "seed \(seed)")
                }
            }
        }

        @Test func aFolderThatIsRemovedDoesNotStopTheRun() throws {
            let folder = try Folder()
            let target = try Target()
            let command = try start(
                EndToEndTests.scenario(
                    target.address, load: ["phase: steady, rate: 100/s, for: 3s"]),
                in: folder, ["--json"])
            try target.waitForPayments(1)
            try FileManager.default.removeItem(atPath: folder.results)
            let ended = try command.wait()
            #expect(ended.status == 1)
            let totals = try Summary(ended.output).totals
            #expect(totals["accepted"] == totals.planned && totals.planned > 200)
            #expect(ended.talk.components(separatedBy: "; the run goes on\n").count == 2)
        }

        @Test func aLedgerSettlesWhatIsInDoubt() throws {
            let folder = try Folder()
            let target = try Target([
                "drops:", "  - { share: 20%, point: after_booking }",
                "  - { share: 20%, point: before_booking }",
            ])
            let text = EndToEndTests.scenario(
                target.address, load: ["phase: steady, rate: 200/s, for: 1s"])
            expectItEndedByItself(try run(text, in: folder), try Results(folder).summary)
            let results = try Results(folder)
            let ended = try paybench(
                ["reconcile", results.folder, "--ledger", target.entriesAddress, "--json"],
                in: folder)
            #expect(ended.status == 0, "\(ended.talk)")
            let counts = try JSONDecoder().decode(
                [String: Count].self, from: Data(ended.output.utf8))
            let drops = try target.ledger.drops
            #expect(counts["booked"]?.value == drops["after_booking"])
            #expect(counts["not_booked"]?.value == drops["before_booking"])
            #expect(counts["double_bookings"]?.value == 0)
            let rows = try results.rows("reconciled.csv")
            let entries = try target.entries
            #expect(rows.count == counts["payments"]?.value)
            for row in rows {
                let id = row["payment_id"]?.replacingOccurrences(of: "-", with: "") ?? ""
                let isBooked = (entries[id]?.bookings ?? 0) > 0
                #expect(row["booking"] == (isBooked ? "booked" : "not_booked"))
            }
        }

        private func report(
            _ result: String, _ format: String, _ folder: Folder
        ) throws -> Command.Ended {
            try paybench(["report", result, "--format", format], in: folder)
        }
    }
}

/// A number, or something else.
private struct Count: Decodable {
    var value: Int?

    init(from decoder: any Decoder) throws {
        value = try? decoder.singleValueContainer().decode(Int.self)
    }
}

/// Random moments that a seed repeats.
private enum Moments {
    /// Microseconds up to 2.5 s.
    static func delay(seed: Int) -> UInt32 { UInt32(draw(seed) % 2_500_000) }

    /// Cut somewhere, or with one byte changed.
    static func damaged(_ data: Data, seed: Int) -> Data {
        let place = Int(draw(seed) % UInt64(data.count))
        if draw(seed + 1000).isMultiple(of: 2) { return data.prefix(place) }
        var changed = data
        changed[place] ^= UInt8(1 + draw(seed + 2000) % 255)
        return changed
    }

    /// SplitMix64.
    private static func draw(_ seed: Int) -> UInt64 {
        var z = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// What a run that was killed left, held against the ledger of its target.
private struct KilledRun {
    /// Payments that the ledger booked and of which the results know nothing. Accepted ones have no id in
    /// the results, so it is their number that has to agree: all of them are booked and none is listed.
    var lost: Int
    /// Payments that came to the target and are not in the counts of the results.
    var missing: Int
    var row: String

    init(_ folder: Folder, _ target: Target) throws {
        let results = try EndToEndTests.Results(folder)
        let json = try paybench(
            ["report", results.folder, "--format", "json"], in: folder)
        try #require(json.status == 0, "\(json.talk)")
        let summary = try Summary(json.output)
        #expect(summary.verdict.causes.contains { $0.check == "run.whole" })
        let listed = try paybench(
            ["report", results.folder, "--format", "unanswered"], in: folder)
        let unanswered = Self.ids(listed.output)
        let uncertain = Self.ids(try results.text("reconcile.csv.part"))
        let settled = try paybench(
            ["reconcile", results.folder, "--ledger", target.entriesAddress], in: folder)
        let entries = try target.entries
        // Of a payment that the provider is not done with its ledger can't tell whether it will be booked.
        let open = try results.rows("reconciled.csv").filter { $0["booking"] == "open" }
        #expect(settled.status == (open.isEmpty ? 0 : 4))
        #expect(open.allSatisfy { $0["outcome"] == "unanswered" })
        let booked = entries.filter { $0.value.bookings > 0 }.map(\.key)
        // Booked, and neither listed as uncertain nor as unanswered: these must be the accepted ones.
        let silent = booked.filter { !unanswered.contains($0) && !uncertain.contains($0) }
        let accepted = summary.totals["accepted"]
        lost = silent.count - accepted
        let dropped = silent.filter { entries[$0]?.answer != "200" }
        #expect(dropped.isEmpty, "booked without an answer, and not listed")
        missing = entries.count - summary.totals.started
        row =
            "\(entries.count) | \(booked.count) | \(summary.totals.started) | \(accepted) | "
            + "\(unanswered.count) | \(missing) | \(lost)"
    }

    private static func ids(_ csv: String) -> Set<String> {
        Set(
            csv.split(separator: "\n").dropFirst().map {
                $0.prefix { $0 != "," }.replacingOccurrences(of: "-", with: "").lowercased()
            })
    }
}
