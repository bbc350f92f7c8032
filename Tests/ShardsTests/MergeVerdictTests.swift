import Histograms
import Results
import Testing

@testable import Shards

@Suite struct MergeVerdictTests {
    private let stream = Stream(seed: 3, count: 400)

    /// Whole, and on one machine.
    private func found(_ count: Int = 4) throws -> [ShardSet.Found] { try stream.shards(count) }

    private func judged(
        _ found: [ShardSet.Found], expected: Int = 4, allowed: Int = 0
    ) throws -> (verdict: Verdict, merge: ShardMerge) {
        let merge = try ShardMerge(ShardSet(found, expected: expected))
        return (merge.verdict(on: try merge.add(), allowingMissing: allowed), merge)
    }

    private func check(
        _ name: String, _ validity: Verdict.Validity, _ change: (inout [ShardSet.Found]) -> Void
    ) throws {
        var found = try found()
        change(&found)
        let verdict = try judged(found).verdict
        let cause = verdict.causes.first { $0.check.hasPrefix("shards.") }
        #expect(cause?.check == name, "\(verdict)")
        if validity == .invalid { #expect(verdict.validity == .invalid) }
        #expect(verdict.validity >= validity)
    }

    @Test func aWholeRunIsOfTheWholePlan() throws {
        let (verdict, merge) = try judged(found())
        #expect(!verdict.causes.contains { $0.check.hasPrefix("shards.") }, "\(verdict.causes)")
        #expect(verdict.validity != .invalid)
        let coverage = merge.coverage()
        #expect(coverage.isWhole && coverage.coveredShare == 1 && coverage.isAligned)
        #expect(merge.shards().map(\.state) == [.whole, .whole, .whole, .whole])
    }

    /// 100 of 400 payments are those of one shard.
    @Test func aMissingShardIsInvalidUnlessAllowedAndNothingIsScaledUp() throws {
        let rest = try found().filter { $0.file.header.index != 2 }
        let (verdict, merge) = try judged(rest)
        #expect(verdict.validity == .invalid)
        let cause = try #require(verdict.causes.first)
        #expect(cause.check == "shards.missing" && cause.value == 1)
        #expect(
            cause.advice.hasPrefix("Shard 2 left no result: the target saw 75 % of the planned"))
        #expect(try merge.add().phases.reduce(0) { $0 + $1.planned } == 300)
        #expect(merge.coverage().coveredShare == 0.75)
        #expect(merge.shards()[2] == Summary.Shard(index: 2, state: .missing))
        #expect(try judged(rest, allowed: 1).verdict.validity == .suspect)
        #expect(try judged(Array(rest.dropLast()), allowed: 1).verdict.validity == .invalid)
    }

    @Test func aCutShardIsLikeAMissingOneAndItsPaymentsCount() throws {
        var found = try found()
        found[1] = try stream.shard(1, of: 4, ending: .interrupted(.terminate))
        let (verdict, merge) = try judged(found)
        #expect(verdict.validity == .invalid)
        #expect(verdict.causes[0].advice.hasPrefix("Shard 1 did not send to the end of the plan"))
        #expect(merge.end.ending == .interrupted(.terminate))
        #expect(try merge.add().phases.reduce(0) { $0 + $1.planned } == 400)
        #expect(merge.shards()[1].state == .cut)
        #expect(try judged(found, allowed: 1).verdict.validity == .suspect)
    }

    @Test(arguments: [250_000_001, -250_000_001] as [Int64])
    func aStartThatWasMissedIsInvalid(late: Int64) throws {
        try check("shards.start", .invalid) {
            $0[3].file.header.clock.startActual = $0[3].file.header.clock.startAsked + late
        }
    }

    @Test(arguments: [50_000_001, -50_000_001] as [Int64])
    func aWallClockThatWasSetIsInvalid(step: Int64) throws {
        try check("shards.clock", .invalid) { $0[0].file.header.clock.step = step }
    }

    @Test func bothAreFineUpToTheirBounds() throws {
        var found = try found()
        found[3].file.header.clock.startActual = found[3].file.header.clock.startAsked + 250_000_000
        found[0].file.header.clock.step = -50_000_000
        let verdict = try judged(found).verdict
        #expect(!verdict.causes.contains { $0.check.hasPrefix("shards.") })
    }

    @Test func shardsThatDidNotPlanThePlanAreInvalid() throws {
        try check("shards.plan", .invalid) {
            for index in $0.indices { $0[index].file.header.planned = 401 }
        }
    }

    @Test func clocksThatAreNotKnownToAgreeLeaveTotalsValid() throws {
        func alignment(_ change: (Int, inout ShardHeader) -> Void) throws -> Summary.Merge {
            var found = try found()
            for index in found.indices {
                found[index].file.header.hostHash = "host-\(index)"
                found[index].file.header.clock.offsetBound = nil
                change(index, &found[index].file.header)
            }
            let (verdict, merge) = try judged(found)
            let isTold = verdict.causes.contains { $0.check == "shards.aligned" }
            #expect(isTold != merge.coverage().isAligned)
            #expect(verdict.validity != .invalid)
            return merge.coverage()
        }
        #expect(try !alignment { _, _ in }.isAligned)
        #expect(try alignment { $1.clock.kernelBound = 250_000_000 }.isAligned)
        #expect(try !alignment { $1.clock.kernelBound = 250_000_001 }.isAligned)
        // Shard 0 is what the others are measured against.
        #expect(try alignment { if $0 > 0 { $1.clock.offsetBound = 90_000 } }.isAligned)
        #expect(try !alignment { if $0 > 1 { $1.clock.offsetBound = 90_000 } }.isAligned)
    }

    @Test func oneSlowShardIsNamed() throws {
        let stream = Stream(seed: 3, count: 3200)
        var found = try stream.shards(4)
        found[2].file.log = try log(
            stream.intervals(index: 2, of: 4).map { interval in
                var slow = interval
                for second in slow.seconds.keys {
                    for _ in 0..<300 {
                        slow.seconds[second]?.series[1, default: PhaseSeries()].times.lag
                            .record(9000)
                    }
                }
                return slow
            })
        let verdict = try judged(found).verdict
        let cause = try #require(verdict.causes.first { $0.check == "shards.lag" })
        #expect(cause.advice.hasPrefix("Shard 2 is slow: its p99 lag, 9"), "\(cause.advice)")
    }
}
