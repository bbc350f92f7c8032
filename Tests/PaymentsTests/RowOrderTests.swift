import Payments
import Testing

@Suite struct RowOrderTests {
    private func order(
        _ kind: RowOrder.Kind, _ rows: Int, _ atEnd: RowOrder.AtEnd = .wrap, seed: UInt64 = 42,
        set: Int = 0
    ) -> RowOrder {
        RowOrder(
            kind, atEnd: atEnd, rows: rows, keys: RunKeys(seed: seed, runID: "r"), dataSet: set)
    }

    @Test func sequentialTakesRowAfterRow() {
        let wrap = order(.sequential, 3)
        #expect((UInt64(0)..<7).map { wrap.row(of: $0) } == [0, 1, 2, 0, 1, 2, 0])
        let stop = order(.sequential, 3, .stop)
        #expect((UInt64(0)..<5).map { stop.row(of: $0) } == [0, 1, 2, nil, nil])
    }

    @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 9, 63, 64, 65, 1000, 4097])
    func eachPassOfAShuffleIsAPermutation(rows: Int) {
        let order = order(.shuffle, rows)
        for pass in [0, 1, 2, 1_000_003] {
            let first = UInt64(pass) * UInt64(rows)
            let taken = (0..<rows).compactMap { order.row(of: first + UInt64($0)) }
            #expect(taken.sorted() == Array(0..<rows))
        }
    }

    @Test func passesSeedsAndDataSetsAreShuffledApart() {
        func rows(_ order: RowOrder, from first: UInt64) -> [Int] {
            (0..<100).compactMap { order.row(of: first + $0) }
        }
        let one = order(.shuffle, 100)
        let others = [
            rows(one, from: 100), rows(order(.shuffle, 100, seed: 43), from: 0),
            rows(order(.shuffle, 100, set: 1), from: 0), Array(0..<100),
        ]
        for other in others { #expect(rows(one, from: 0) != other) }
        #expect(rows(one, from: 0) == rows(order(.shuffle, 100), from: 0))
    }

    @Test func aShuffleThatStopsIsOnePass() {
        let order = order(.shuffle, 10, .stop)
        #expect((UInt64(0)..<10).allSatisfy { order.row(of: $0) != nil })
        #expect(order.row(of: 10) == nil)
        #expect(order.row(of: .max) == nil)
    }

    /// Every row is as likely in every place: χ² over 20,000 passes for each pair of row and place.
    @Test(arguments: [2, 3, 5, 6, 17])
    func everyRowIsAsLikelyInEveryPlace(rows: Int) {
        let passes = 20_000
        var counts = [[Int]](repeating: [Int](repeating: 0, count: rows), count: rows)
        let order = order(.shuffle, rows, seed: 7)
        for draw in 0..<(passes * rows) {
            if let row = order.row(of: UInt64(draw)) { counts[draw % rows][row] += 1 }
        }
        let expected = Double(passes) / Double(rows)
        let statistic = counts.joined().reduce(0) {
            $0 + (Double($1) - expected) * (Double($1) - expected) / expected
        }
        // (rows − 1)² degrees of freedom: mean d, deviation √2d; six deviations and some.
        let freedom = Double((rows - 1) * (rows - 1))
        #expect(statistic < freedom + 6 * (2 * freedom).squareRoot() + 12, "\(statistic)")
    }

    /// Neighbours in the file are no neighbours in the shuffle: 1 follows 0 once in n − 1 times.
    @Test func neighboursAreTornApart() {
        let rows = 10_000
        let order = order(.shuffle, rows, seed: 3)
        let taken = (0..<rows).compactMap { order.row(of: UInt64($0)) }
        let neighbours = zip(taken, taken.dropFirst()).count { $1 == $0 + 1 }
        // Poisson with mean 1.
        #expect(neighbours < 12)
    }

    @Test func aHundredMillionRowsNeedNoMemory() {
        let order = order(.shuffle, 100_000_000)
        let taken = (UInt64(0)..<10_000).compactMap { order.row(of: $0 * 9_973) }
        #expect(Set(taken).count == 10_000)
        #expect(taken.allSatisfy { (0..<100_000_000).contains($0) })
    }
}

@Suite struct RowDrawTests {
    @Test func theRankIsTheNumberOfEarlierRequestsOfTheseEntries() {
        let seed: UInt64 = 5
        var random = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let weights = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                Int.random(in: 1...9, using: &random)
            }
            let entries = Set(weights.indices.filter { _ in Bool.random(using: &random) })
            let mix = PaymentMix(weights: weights)
            let ranking = Ranking(mix, entries: entries)
            var count: UInt64 = 0
            for position in UInt64(0)..<300 {
                #expect(ranking.count(before: position) == count, "seed \(seed)")
                if entries.contains(mix.entry(of: position)) { count += 1 }
            }
        }
    }

    /// Phases one after another and users side by side take every draw once, none twice.
    @Test func drawsHaveNoGapsAndNoRepeats() {
        let mix = PaymentMix(weights: [3, 2, 5])
        let users: Set = [0, 2]
        let ranking = Ranking(mix, entries: users)
        func draws(_ draw: RowDraw, count: UInt64, lane: UInt64) -> [UInt64] {
            (0..<count).filter { users.contains(mix.entry(of: $0)) }
                .map { draw.draw(of: $0, lane: lane) }
        }
        let first = draws(RowDraw(ranking), count: 137, lane: 0)
        let base = ranking.count(before: 137)
        let closed = RowDraw(ranking, base: base, lanes: 4)
        let second = (UInt64(0)..<4).flatMap { draws(closed, count: 60, lane: $0) }
        let all = first + second
        #expect(all.sorted() == Array(0..<UInt64(all.count)))
    }

    @Test func aFarPositionIsRankedAtOnce() {
        let ranking = Ranking(PaymentMix(weights: [1, 2]), entries: [1])
        #expect(ranking.count(before: 3_000_000_000_000) == 2_000_000_000_000)
    }
}
