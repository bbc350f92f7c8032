import Glibc
import Testing

@testable import Statistics

@Suite struct ChangePointTests {
    /// One level, then another; rows differ by up to 2.
    private func steps(_ before: Int, at row: Int, to after: Int, of count: Int) -> [Double] {
        (0..<count).map { Double(($0 < row ? before : after) + $0 % 3) }
    }

    @Test func aStepIsFoundWhereItIs() throws {
        let values = steps(100, at: 25, to: 120, of: 40)
        let point = try #require(ChangePoints.find(in: values).first)
        #expect(point.row == 25)
        #expect(abs(point.change - 0.198) < 0.002)
        #expect(point.chance < 1e-9)
        #expect(ChangePoints.find(in: values).count == 1)
        #expect(ChangePoints.latest(in: values)?.row == 25)
    }

    /// The energy by its definition, over all pairs, against the sums that are carried on.
    @Test func splitsAreThoseOfTheEnergyDistance() throws {
        for seed: UInt64 in 1...30 {
            let values = Commits(spread: 0.02, bad: 0, change: 0.1).values(seed: seed)
            let rows = Array(values[60..<100])
            guard let point = ChangePoints.latest(in: rows) else {
                Issue.record("seed \(seed): no change point")
                continue
            }
            let best = try #require(
                (2...38).max { energy(rows, $0) < energy(rows, $1) })
            #expect(point.row == best, "seed \(seed)")
        }
    }

    private func energy(_ values: [Double], _ split: Int) -> Double {
        func mean(_ left: ArraySlice<Double>, _ right: ArraySlice<Double>) -> Double {
            let sum = left.reduce(0) { sum, x in
                right.reduce(sum) { $0 + abs(log(x) - log($1)) }
            }
            let pairs = left == right ? left.count * (left.count - 1) : left.count * right.count
            return sum / Double(pairs)
        }
        let (before, after) = (values[..<split], values[split...])
        let (k, m) = (Double(before.count), Double(after.count))
        let distance =
            2 * mean(before, after) - mean(before, before) - mean(after, after)
        return k * m / (k + m) * distance
    }

    @Test func severalStepsAreFoundInOrder() {
        var draws = Draws(seed: 8)
        let values = (0..<200).map { row in
            let level = row < 60 ? 100.0 : row < 120 ? 115 : row < 150 ? 100 : 130
            return level * exp(0.01 * draws.normal())
        }
        let points = ChangePoints.find(in: values)
        #expect(points.map(\.row) == [60, 120, 150])
        for (point, change) in zip(points, [0.15, -0.13, 0.3]) {
            #expect(abs(point.change - change) < 0.02)
        }
    }

    @Test func calmAndShortHistoriesHaveNone() {
        #expect(ChangePoints.find(in: []).isEmpty)
        #expect(ChangePoints.find(in: [1, 1, 1, 1, 9, 9, 9]).isEmpty)
        #expect(ChangePoints.find(in: [Double](repeating: 5, count: 100)).isEmpty)
        #expect(ChangePoints.find(in: [5, 5, 5, 5, 0, 9, 9, 9, 9, 9]).isEmpty)
        // Sure, but less than 5 %.
        #expect(ChangePoints.find(in: steps(100, at: 30, to: 104, of: 60)).isEmpty)
        // One bad run is not a level, where runs vary by some percent.
        var draws = Draws(seed: 12)
        var bad = (0..<60).map { _ in 100 * exp(0.04 * draws.normal()) }
        bad[30] = 130
        #expect(ChangePoints.find(in: bad).isEmpty)
        #expect(ChangePoints.latest(in: []) == nil)
    }

    @Test func whatIsOlderThanFiftyRowsIsForgotten() {
        let values = steps(100, at: 40, to: 120, of: 100)
        #expect(ChangePoints.latest(in: values) == nil)
        #expect(ChangePoints.find(in: values).map(\.row) == [40])
    }

    /// `truth.md`, 6.3: on ratios to an anchor no false alarm, and +5 % is found within some runs.
    @Test func ratiosToAnAnchorFindWhatCreeps() {
        let calm = Commits(spread: 0.012, bad: 0).counts(.changePoint, series: 4, seed: 20)
        #expect(calm.falseOnes == 0)
        let slower = Commits(spread: 0.012, bad: 0, change: 0.1)
            .counts(.changePoint, series: 4, seed: 30)
        print("found after", slower.delays, "runs; seed 30")
        #expect(slower.delays.count == 4)
        #expect(slower.delays.allSatisfy { $0 <= 5 })
    }
}
