import Designs
import Testing

@testable import Results

/// What the log says of a run over several adapters.
@Suite struct RunDesignTests {
    private static let start: RunStart = {
        var start = smallStart
        start.phases = ["a", "b", "a", "b"].enumerated().map { index, adapter in
            RunStart.Phase(
                name: index < 2 ? "steady" : "steady (settling)", flow: nil, adapter: adapter,
                measured: index < 2, model: .closed(users: 3))
        }
        start.passes = [0, 0]
        start.design = RunDesign(
            adapters: ["a", "b"].map {
                RunDesign.Adapter(
                    name: $0, target: "http://127.0.0.1/\($0)", isReference: $0 == "a")
            },
            passes: [
                RunDesign.Pass(kind: .duet, phases: [0, 1], seed: .max),
                RunDesign.Pass(
                    kind: .blocks, phases: [0, 1], settling: [2, 3], seed: 77,
                    block: 2_000_000_000, settle: 200_000_000, length: 7_000_000_000),
            ])
        return start
    }()

    private func span(_ start: Double, _ end: Double) -> PhaseRecord.Span {
        PhaseRecord.Span(start: start, end: end)
    }

    @Test func theLogKeepsIt() throws {
        #expect(try RunStart(payload: Self.start.payload) == Self.start)
        #expect(try RunStart(payload: smallStart.payload) == smallStart)
    }

    @Test func aLogFromBeforeThereWereAdaptersIsRead() throws {
        // The last bytes are: no design, and no adapter for either of the two phases.
        let payload = smallStart.payload
        #expect(payload.suffix(3) == [0, 0, 0])
        #expect(try RunStart(payload: Array(payload.dropLast(3))) == smallStart)
    }

    @Test func spansAreThoseOfTheBlocks() throws {
        let passes = [0: span(0, 3), 1: span(3, 17)]
        let all = Self.start.phases.indices.map {
            Self.start.spans(ofPhase: $0, passes: passes)
        }
        // The duet of both, then 4 blocks each: three of 2 s and one of 1 s, 0.2 s of each settle.
        #expect(all.map(\.count) == [5, 5, 4, 4])
        #expect(all[0][0] == span(0, 3) && all[1][0] == span(0, 3))
        for (own, settling) in [(all[0], all[2]), (all[1], all[3])] {
            let blocks = zip(own.dropFirst(), settling)
            #expect(blocks.allSatisfy { abs($0.start - $1.start - 0.2) < 1e-9 })
            #expect(blocks.allSatisfy { $1.end == $0.start })
        }
        let order = ArmOrder(arms: 2, seed: 77)
        for round in 0..<3 {
            let begin = 3 + 4 * Double(round) + 2 * Double(order.place(of: 0, in: UInt64(round)))
            #expect(abs(all[2][round].start - begin) < 1e-9)
            #expect(abs(all[0][round + 1].end - begin - 2) < 1e-9)
        }
        #expect(abs(all[0][4].end - all[2][3].start - 1) < 1e-9)
    }

    @Test func aPassThatWasCutHasTheBlocksThatBegan() {
        let all = (0..<4).map { Self.start.spans(ofPhase: $0, passes: [1: span(3, 8.1)]) }
        // Rounds of 4 s: one whole round, and 1.1 s of the block after it.
        let first = ArmOrder(arms: 2, seed: 77).arm(at: 0, of: 1)
        #expect(all[first].count == 2 && all[1 - first].count == 1)
        #expect(abs((all[first].last?.end ?? 0) - 8.1) < 1e-9)
    }

    @Test(arguments: 1...200) func nonsenseIsRefusedOrRead(seed: UInt64) {
        var generator = Seeded(seed)
        var payload = Self.start.payload
        for _ in 0..<3 {
            payload[Int.random(in: payload.indices, using: &generator)] = .random(
                in: 0x20...0x7E, using: &generator)
        }
        guard let read = try? RunStart(payload: payload) else { return }
        for phase in read.phases.indices {
            _ = read.spans(ofPhase: phase, passes: [0: span(0, 3), 1: span(-5, 1e12)])
        }
    }
}
