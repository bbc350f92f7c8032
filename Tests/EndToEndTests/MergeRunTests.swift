import Foundation
import Testing

extension Keeping {
    /// A plan that three processes sent, added up by `paybench merge`.
    @Suite struct MergeRunTests {
        private static let load = [
            "phase: warm-up, rate: 40/s, for: 1s, measure: false",
            "phase: steady, rate: 90/s, for: 1s",
        ]

        private func shards(_ text: String, in folder: Folder) throws -> [Command] {
            let soon = String(format: "%.3f", Date().timeIntervalSince1970 + 4)
            return try (0..<3).map { index in
                try EndToEndTests.start(
                    text, in: folder,
                    ["--shard", "\(index)/3", "--run", "together", "--start-at", soon]
                        + ["--workers", "1"])
            }
        }

        private func merge(_ folder: Folder, _ more: [String] = []) throws -> Command.Ended {
            try paybench(
                ["merge", "\(folder.results)/together", "--expect", "3"] + more
                    + ["--run", "together", "--output", "\(folder.results)/merged"],
                in: folder)
        }

        private func merged(_ folder: Folder) throws -> (path: String, summary: Summary) {
            let parent = "\(folder.results)/merged"
            let names = try FileManager.default.contentsOfDirectory(atPath: parent)
            try #require(names.count == 1)
            let text = try String(
                contentsOfFile: "\(parent)/\(names[0])/summary.json", encoding: .utf8)
            return ("\(parent)/\(names[0])", try Summary(text))
        }

        @Test func theSumIsWhatTheTargetSaw() throws {
            let target = try Target()
            let folder = try Folder()
            let text = scenario(target.address, load: Self.load)
            for shard in try shards(text, in: folder) {
                let end = try shard.wait()
                #expect([0, 5].contains(end.status), "\(end.talk)")
            }
            let end = try merge(folder)
            #expect([0, 5].contains(end.status), "\(end.talk)")
            let (path, summary) = try merged(folder)
            expectTheCountsAddUp(summary)
            let ledger = try target.ledger
            #expect(summary.totals.planned == ledger.payments)
            #expect(summary.totals.started == ledger.payments)
            #expect(summary.totals["accepted"] == ledger.bookings)
            #expect(!end.output.contains("left no result"))
            #expect(try paybench(["report", path], in: folder).status == 0)
            // The first one to be found missing.
            try FileManager.default.removeItem(
                atPath: "\(folder.results)/together/shard-1-of-3.paybench")
            try FileManager.default.removeItem(atPath: "\(folder.results)/merged")
            let part = try merge(folder)
            #expect(part.status == 5)
            #expect(part.output.contains("2 of 3 shards: every figure is of"), "\(part.output)")
            #expect(try merged(folder).summary.totals.planned < ledger.payments)
        }

        @Test func aShardThatIsKilledOrCutLeavesTheOthersWhole() throws {
            let target = try Target()
            let folder = try Folder()
            let text = scenario(target.address, load: ["phase: steady, rate: 60/s, for: 3s"])
            let commands = try shards(text, in: folder)
            try target.waitForPayments(10)
            commands[1].signal(SIGKILL)
            commands[2].signal(SIGTERM)
            let ends = try commands.map { try $0.wait() }
            #expect(ends[1].status == nil && ends[2].status == 143)
            #expect([0, 5].contains(ends[0].status), "\(ends[0].talk)")
            let end = try merge(folder)
            #expect(end.status == 5)
            #expect(end.output.contains("Shard 1 left no result"), "\(end.output)")
            let entries = try target.entries
            #expect(entries.values.allSatisfy { $0.arrivals == 1 && $0.bookings <= 1 })
            #expect(try merged(folder).summary.totals.started < entries.count)
        }
    }
}
