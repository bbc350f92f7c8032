import Testing

@testable import Rendezvous

/// Shard 0's decisions, on clocks of the test.
@Suite struct BarrierBookTests {
    private static let second: Int64 = 1_000_000_000

    /// Guests that answer at once over a network that takes its time, with clocks that are off.
    private struct Stage {
        var book: BarrierBook
        var now: Int64 = 50 * second
        let wall: Int64 = 1_800_000_000 * second
        var sent: [(line: BarrierLine, to: Int)] = []
        var dropped: [Int] = []

        init(count: Int, seconds: Int = 10) throws {
            book = BarrierBook(
                try pass(0, of: count), opened: now, seconds: seconds)
        }

        var wallNow: Int64 { wall + now }

        mutating func take(_ actions: [BarrierBook.Action]) {
            for action in actions {
                switch action {
                case .send(let line, let connection): sent.append((line, connection))
                case .drop(let connection): dropped.append(connection)
                }
            }
        }

        mutating func hear(_ line: BarrierLine?, from connection: Int) {
            take(book.hear(line, from: connection, wall: wallNow, at: now))
        }

        mutating func tick(after seconds: Double = 0) {
            now += Int64(seconds * 1e9)
            take(book.tick(wall: wallNow, at: now))
        }

        mutating func come(_ pass: BarrierPass, _ connection: Int) {
            book.accept(connection, at: now)
            hear(.hello(pass), from: connection)
        }

        /// Answers what was asked until nothing is.
        ///
        /// - Parameters:
        ///   - offset: of that clock.
        ///   - there, back: how long a line takes each way.
        mutating func answer(
            _ connection: Int, offset: Int64 = 0, there: Int64 = 1000, back: Int64 = 1000
        ) {
            while let place = sent.firstIndex(where: { isProbe($0.line) && $0.to == connection }) {
                guard case .probe(let stamp) = sent.remove(at: place).line else { return }
                now += there
                let received = wallNow + offset
                now += back
                hear(
                    .echo(sent: stamp, received: received, answered: received), from: connection)
            }
        }

        private func isProbe(_ line: BarrierLine) -> Bool {
            if case .probe = line { true } else { false }
        }

        func start(of connection: Int) -> BarrierStart? {
            sent.lazy.compactMap { line, to in
                guard to == connection, case .start(let start) = line else { return nil }
                return start
            }.first
        }
    }

    @Test(arguments: [2, 3, 4, 9]) func allBeginTogetherOnceAllAreThere(count: Int) throws {
        var stage = try Stage(count: count)
        let offsets = (0..<count).map { Int64($0) * 700_000_000 - 900_000_000 }
        for index in 1..<count {
            stage.tick(after: 0.1)
            #expect(stage.book.state == .open)
            stage.come(try pass(index, of: count), index)
            // Who came before is asked again meanwhile.
            for earlier in 1...index {
                stage.answer(earlier, offset: offsets[earlier], there: 400_000, back: 100_000)
            }
        }
        let told = stage.wallNow
        stage.tick()
        guard case .started(let instant) = stage.book.state else {
            Issue.record("\(stage.book.state)")
            return
        }
        #expect(instant >= told + Self.second)
        for index in 1..<count {
            let start = try #require(stage.start(of: index))
            #expect(start.instant == instant)
            // The true offset lies within what is said of it, however uneven the ways are.
            #expect(abs(start.offset - offsets[index]) <= start.bound)
            #expect(start.bound == 250_000)
        }
    }

    @Test func theOnlyShardWaitsForNobody() throws {
        var stage = try Stage(count: 1)
        stage.tick()
        #expect(stage.book.state == .started(stage.wallNow + Self.second))
    }

    /// A slow exchange says little; the quickest of several counts.
    @Test func theQuickestComparisonCounts() throws {
        var stage = try Stage(count: 2)
        stage.come(try pass(1, of: 2), 1)
        for round in 1...8 {
            let place = try #require(stage.sent.firstIndex { $0.to == 1 })
            guard case .probe(let stamp) = stage.sent.remove(at: place).line else { return }
            stage.now += Int64(round % 5 + 1) * 10_000_000
            let received = stage.wallNow + 42
            stage.now += 1_000_000
            stage.hear(.echo(sent: stamp, received: received, answered: received), from: 1)
        }
        stage.tick()
        #expect(stage.start(of: 1)?.bound == 5_500_000)
    }

    @Test func whoClosesItsConnectionIsDead() throws {
        var stage = try Stage(count: 4)
        for index in 1...2 {
            stage.come(try pass(index, of: 4), index)
            stage.answer(index)
        }
        stage.take(stage.book.close(2))
        #expect(stage.book.state == .failed(.gone(shard: 2)))
        let told = stage.sent.filter {
            $0.line == .refused(BarrierFailure.gone(shard: 2).description)
        }
        #expect(told.map(\.to) == [1])
    }

    @Test func whoDoesNotAnswerIsDead() throws {
        var stage = try Stage(count: 3, seconds: 60)
        stage.come(try pass(1, of: 3), 1)
        stage.answer(1)
        for _ in 0..<8 where stage.book.state == .open { stage.tick(after: 1) }
        #expect(stage.book.state == .failed(.silent(shard: 1)))
    }

    /// Who is there is asked again and again while others are missing.
    @Test func theLivingAreAskedUntilTimeIsUp() throws {
        var stage = try Stage(count: 4, seconds: 10)
        stage.come(try pass(2, of: 4), 7)
        for _ in 0..<60 {
            stage.answer(7)
            stage.tick(after: 0.2)
        }
        #expect(stage.book.state == .failed(.missing([1, 3], seconds: 10)))
        #expect(
            BarrierFailure.missing([1, 3], seconds: 10).description
                == "shards 1, 3 did not come to the barrier within 10 s")
    }

    @Test func strangersChangeNothing() throws {
        var stage = try Stage(count: 2)
        stage.book.accept(1, at: stage.now)
        stage.book.accept(2, at: stage.now)
        stage.book.accept(3, at: stage.now)
        stage.hear(nil, from: 1)
        stage.hear(.probe(sent: 5), from: 2)
        stage.take(stage.book.close(3))
        #expect(stage.dropped == [1, 2])
        stage.book.accept(4, at: stage.now)
        stage.tick(after: 6)
        #expect(stage.dropped == [1, 2, 4])
        stage.come(BarrierPass(runID: "other", plan: "p", place: try ShardNumber(1, of: 2)), 5)
        #expect(stage.dropped == [1, 2, 4, 5])
        stage.come(try pass(1, of: 2), 6)
        stage.answer(6)
        stage.tick()
        #expect(stage.start(of: 6) != nil)
    }

    @Test func aShardIsThereOnce() throws {
        var stage = try Stage(count: 3)
        stage.come(try pass(1, of: 3), 1)
        stage.come(try pass(1, of: 3), 2)
        stage.come(try pass(0, of: 3), 3)
        #expect(stage.dropped == [2, 3])
        stage.answer(1)
        stage.come(try pass(2, of: 3), 4)
        stage.answer(4)
        stage.tick()
        #expect(stage.start(of: 1) != nil && stage.start(of: 4) != nil)
    }

    @Test(arguments: [("p", 3), ("q", 2)]) func aShardOfAnotherPlanEndsIt(
        plan: String, count: Int
    ) throws {
        var stage = try Stage(count: 2)
        stage.come(BarrierPass(runID: "r", plan: plan, place: try ShardNumber(1, of: count)), 1)
        guard case .failed(.otherPlan(shard: 1, _)) = stage.book.state else {
            Issue.record("\(stage.book.state)")
            return
        }
        #expect(stage.sent.contains { isRefusal($0.line) && $0.to == 1 })
    }

    private func isRefusal(_ line: BarrierLine) -> Bool {
        if case .refused = line { true } else { false }
    }

    /// What a stamp that was made up says is not believed.
    @Test(arguments: [(Int64.max, Int64.max), (0, -1), (5, 3), (.min, 0)])
    func impossibleStampsAreNoAnswer(received: Int64, answered: Int64) throws {
        var stage = try Stage(count: 2)
        stage.come(try pass(1, of: 2), 1)
        guard case .probe(let sent)? = stage.sent.last?.line else { return }
        stage.hear(.echo(sent: sent, received: received, answered: answered), from: 1)
        #expect(stage.book.state == .failed(.silent(shard: 1)))
    }

    @Test func linesReadBackEqual() throws {
        let lines: [BarrierLine] = [
            .hello(try pass(3, of: 7)), .probe(sent: 5),
            .echo(sent: 1, received: -2, answered: .max),
            .start(BarrierStart(instant: 9, offset: -4, bound: 3)),
            .refused("some reason, in words"),
        ]
        for line in lines { #expect(BarrierLine(line.text) == line) }
        for text in ["", "probe", "probe x", "GET / HTTP/1.1", "start 1 2", "echo 1 2", "hello"] {
            #expect(BarrierLine(text) == nil)
        }
        let long = BarrierLine.refused(String(repeating: "ü", count: 1000)).text
        #expect(long.count < BarrierLine.longest)
    }
}

func pass(_ index: Int, of count: Int) throws -> BarrierPass {
    BarrierPass(runID: "r", plan: "p", place: try ShardNumber(index, of: count))
}
