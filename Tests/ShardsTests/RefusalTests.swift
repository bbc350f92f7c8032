import Results
import Testing

@testable import Shards

@Suite struct RefusalTests {
    private let stream = Stream(seed: 1, count: 60)

    private func refusal(
        _ found: [ShardSet.Found], expected: Int = 3, run: String? = nil
    ) -> MergeRefusal? {
        do throws(MergeRefusal) {
            _ = try ShardMerge(ShardSet(found, expected: expected, run: run))
            return nil
        } catch { return error }
    }

    /// The second of three shards, changed.
    private func changed(_ change: (inout ShardHeader) -> Void) throws -> String? {
        var found = try stream.shards(3)
        change(&found[1].file.header)
        return refusal(found)?.description
    }

    @Test func whatBelongsTogetherIsTaken() throws {
        #expect(refusal(try stream.shards(3)) == nil)
        #expect(refusal(try stream.shards(3), run: "nightly-7") == nil)
    }

    /// The digest of the plan is that of the files, not of where they lie.
    @Test func filesOfOnePlanMayLieElsewhere() throws {
        var found = try stream.shards(3)
        for (index, folder) in ["/srv/one", "/srv/two", "/home/three"].enumerated() {
            var start = Stream.start()
            start.scenario = "version: 1\ndata: { cards: { file: \(folder)/cards.csv } }\n"
            found[index].file.log = try log(stream.intervals(index: index, of: 3), start: start)
        }
        #expect(refusal(found) == nil)
        let merge = try ShardMerge(ShardSet(found, expected: 3))
        #expect(merge.start.scenario.contains("/srv/one/cards.csv"))
    }

    @Test func resultsOfTwoRunsPlansOrStartsAreRefusedWithWhatDiffers() throws {
        let name = "shard-1-of-3.paybench"
        #expect(
            try changed { $0.runID = "nightly-8" }
                == "\(name) is of run nightly-8, shard-0-of-3.paybench of run nightly-7: name the "
                + "results of one run")
        #expect(try changed { $0.planDigest = "b" }?.contains("is of another plan") == true)
        #expect(try changed { $0.planned = 61 }?.contains("is of another plan") == true)
        #expect(try changed { $0.count = 4 }?.contains("is of a run with 4 shards") == true)
        #expect(
            try changed { $0.clock.startAsked += 1 }?
                .contains("was to start at 2026-08-01T12:01:02.000000001Z") == true)
        #expect(
            try changed { $0.scenarioSHA256 = "c" }?.contains("is of another scenario") == true)
        #expect(try changed { $0.seed = 7 }?.contains("has the seed 7") == true)
    }

    @Test func whatWasNotAskedForIsRefused() throws {
        #expect(
            refusal(try stream.shards(3), run: "nightly-8")?.description
                == "shard-0-of-3.paybench is of run nightly-7, not of nightly-8: what an earlier run "
                + "left is not added up")
        #expect(
            refusal(try stream.shards(3), expected: 4)?.description
                == "shard-0-of-3.paybench is of a run with 3 shards; --expect says 4")
    }

    @Test func aShardThatIsThereTwiceIsRefusedTheSameOrNot() throws {
        let found = try stream.shards(3)
        var again = found[1]
        again.name = "copy"
        #expect(
            refusal(found + [again])?.description
                == "shard 1 is there twice, the same: copy and shard-1-of-3.paybench; name each "
                + "result once")
        again.file.header.clock.startActual += 1
        #expect(
            refusal(found + [again])
                == .twice(
                    index: 1, first: "copy", second: "shard-1-of-3.paybench", isSame: false))
    }

    @Test func pathsMayDifferFromMachineToMachine() throws {
        var found = try stream.shards(3)
        var start = Stream.start()
        start.scenario = "version: 1\ndata: { cards: { file: /elsewhere/cards.csv } }\n"
        found[1].file.log = try log(stream.intervals(index: 1, of: 3), start: start)
        #expect(refusal(found) == nil)
    }

    @Test func aLogThatIsNotWhatItsHeadSaysIsRefused() throws {
        var found = try stream.shards(3)
        let others = stream.intervals(index: 1, of: 3)
        found[1].file.log = try log(others, end: nil)
        #expect(
            refusal(found)?.description
                == "shard-1-of-3.paybench: its interval log has no end")
        var start = Stream.start()
        start.identity.runID = "nightly-8"
        found[1].file.log = try log(others, start: start)
        #expect(refusal(found)?.description.contains("of another run than its head says") == true)
        start = Stream.start()
        start.phases[0].name = "cold"
        found[1].file.log = try log(others, start: start)
        #expect(refusal(found)?.description.contains("other phases or payments") == true)
        found[1].file.log = Array("paybench-interval-log/1\n".utf8)
        #expect(refusal(found)?.description.contains("is not whole") == true)
    }
}
