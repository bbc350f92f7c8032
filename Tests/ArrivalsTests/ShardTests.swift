import Arrivals
import Testing

@Suite struct ShardTests {
    private func stream(
        _ process: ArrivalProcess, shard: Int = 0, of shards: Int = 1, length: Int64? = nil,
        count: Int? = nil
    ) -> ArrivalStream {
        ArrivalStream(
            rate: Rate(perSecond: 333), process: process, seed: 8, length: length, count: count,
            shard: shard, of: shards)
    }

    private func arrivals(_ stream: inout ArrivalStream) -> [ArrivalStream.Arrival] {
        var arrivals: [ArrivalStream.Arrival] = []
        while let arrival = stream.next() { arrivals.append(arrival) }
        return arrivals
    }

    @Test(arguments: ArrivalProcess.allCases, [1, 2, 3, 7])
    func shardsReuniteToOneSequence(process: ArrivalProcess, shards: Int) {
        var whole = stream(process, count: 5000)
        let expected = arrivals(&whole)
        #expect(expected.map(\.number) == Array(0..<5000))
        var parts: [ArrivalStream.Arrival] = []
        for shard in 0..<shards {
            var part = stream(process, shard: shard, of: shards, count: 5000)
            let own = arrivals(&part)
            #expect(own.allSatisfy { $0.number % UInt64(shards) == UInt64(shard) })
            parts += own
        }
        #expect(parts.sorted { $0.number < $1.number } == expected)
    }

    @Test(arguments: ArrivalProcess.allCases, [1, 2, 3, 7])
    func shardsAgreeOnTheEnd(process: ArrivalProcess, shards: Int) {
        for (length, count) in [
            (Int64(2_000_000_000), nil), (nil, 500), (2_000_000_000, 500), (20_000_000_000, 500),
        ] as [(Int64?, Int?)] {
            var whole = stream(process, length: length, count: count)
            let due = arrivals(&whole).count
            for shard in 0..<shards {
                var part = stream(process, shard: shard, of: shards, length: length, count: count)
                _ = arrivals(&part)
                #expect(part.end?.number == UInt64(due))
                #expect(part.end?.offset == whole.end?.offset)
            }
        }
    }

    @Test(arguments: ArrivalProcess.allCases, [1, 2, 3, 7])
    func shardsOfAnyProfileReunite(process: ArrivalProcess, shards: Int) {
        var generator = SeededGenerator(state: 11)
        let profiles =
            RateProfile.shapes.map(\.profile)
            + (0..<20).map { _ in RateProfile.random(using: &generator) }
        for (index, profile) in profiles.enumerated() {
            for (length, count) in [(2 * second, nil), (3 * second, 100)] as [(Int64, Int?)] {
                func stream(_ shard: Int, of shards: Int) -> ArrivalStream {
                    ArrivalStream(
                        .profile(profile, process), seed: 8, length: length, count: count,
                        shard: shard, of: shards)
                }
                var whole = stream(0, of: 1)
                let expected = whole.rest()
                var parts: [ArrivalStream.Arrival] = []
                for shard in 0..<shards {
                    var part = stream(shard, of: shards)
                    parts += part.rest()
                    #expect(part.end?.number == UInt64(expected.count), "seed 11, \(index)")
                    #expect(part.end?.offset == whole.end?.offset, "seed 11, \(index)")
                }
                #expect(parts.sorted { $0.number < $1.number } == expected, "seed 11, \(index)")
            }
        }
    }

    @Test func aShardWithoutArrivalsEndsWithTheOthers() {
        // Two arrivals over seven shards.
        for shard in 0..<7 {
            var part = stream(.uniform, shard: shard, of: 7, count: 2)
            #expect(arrivals(&part).count == (shard < 2 ? 1 : 0))
            #expect(part.end?.number == 2)
        }
    }
}
