import Designs
import Testing

/// By second, not by formula: plays every block one after another and notes who has it.
private struct Walk {
    var blocks: [BlockTimetable.Block] = []

    init(_ order: ArmOrder, block: Int64, length: Int64) {
        var (round, start, left) = (0, Int64(0), length)
        while left > 0 {
            for place in 0..<order.arms {
                let end = start + min(block, left)
                let arm = order.arm(at: place, of: UInt64(round))
                blocks.append(
                    BlockTimetable.Block(round: round, arm: arm, start: start, end: end))
                start = end
            }
            left -= min(block, left)
            round += 1
        }
    }
}

@Suite struct BlockTimetableTests {
    @Test(arguments: [1, 2, 3, 8], [1 as UInt64, 2, 3])
    func theTimetableIsTheOneOfWhoeverWalksIt(arms: Int, seed: UInt64) {
        let order = ArmOrder(arms: arms, seed: seed)
        for length in [Int64(1), 19, 20, 21, 60, 137] {
            let timetable = BlockTimetable(order: order, block: 20, settle: 2, length: length)
            let walk = Walk(order, block: 20, length: length)
            #expect(timetable.end == walk.blocks.last?.end)
            var played = [Int64](repeating: 0, count: arms)
            for block in walk.blocks {
                for instant in block.start..<block.end {
                    #expect(timetable.block(at: instant) == block)
                    for arm in 0..<arms {
                        let (time, plays) = timetable.time(at: instant, for: arm)
                        #expect(plays == (arm == block.arm))
                        #expect(time == played[arm], "\(instant), \(arm)")
                    }
                    #expect(timetable.instant(of: played[block.arm], for: block.arm) == instant)
                    #expect(timetable.settles(at: played[block.arm]) == (instant - block.start < 2))
                    played[block.arm] += 1
                }
            }
            #expect(played.allSatisfy { $0 == length })
            let end = length * Int64(arms)
            #expect(timetable.block(at: end) == nil && timetable.block(at: -1) == nil)
            for arm in 0..<arms {
                #expect(timetable.instant(of: length, for: arm) == end)
                #expect(timetable.time(at: end, for: arm).time == length)
                let own = timetable.blocks(of: arm, before: .max)
                #expect(own == walk.blocks.filter { $0.arm == arm })
                #expect(timetable.blocks(of: arm, before: 30) == own.filter { $0.start < 30 })
            }
        }
    }

    @Test func withoutALengthRoundsGoOn() {
        let timetable = BlockTimetable(
            order: ArmOrder(arms: 3, seed: 9), block: 20, settle: 2, length: nil)
        #expect(timetable.end == nil)
        #expect(timetable.instant(of: .max, for: 1) == .max)
        // Time 41 is in the third round, which is over after 3 × 3 × 20.
        #expect(timetable.end(ofRoundAt: 41) == 180)
        #expect(timetable.block(at: 1_000_000)?.round == 16_666)
    }
}
