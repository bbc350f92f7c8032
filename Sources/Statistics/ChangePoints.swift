import Glibc

/// A row of a history from which on its level is another.
package struct ChangePoint: Sendable, Equatable {
    /// The first row of the new level.
    package var row: Int
    /// Of the level, as a share: 0.08 is 8 % more. Means of logarithms up to the change points beside it.
    package var change: Double
    /// How likely chance alone makes the two sides differ as much (Student's t, equal variances).
    package var chance: Double
}

/// Where the level of a history changes (`truth.md`, 6.3): the split that the energy distance finds
/// (Matteson & James, JASA 109, 2014, p. 334), present if Student's t is below 0.1 % and the change is
/// more than 5 %. The t in place of permutations makes it deterministic (Fleming et al., arXiv
/// 2301.03034).
package enum ChangePoints {
    /// Older rows don't count.
    package static let window = 50
    /// Fewer rows have no change point.
    package static let fewestRows = 8
    package static let greatestChance = 0.001
    package static let leastEffect = 0.05
    /// On each side of a split.
    private static let fewestBeside = 2

    /// All change points, ascending. Rows are taken in one by one, as they were measured: the last 50 since
    /// the change before are searched. Then each is placed anew between its neighbours, and the weakest
    /// go, one by one, as long as one does not hold. O(rows × 50²).
    ///
    /// - Parameter values: above 0, one a run, oldest first. With one that is not: none.
    package static func find(in values: [Double]) -> [ChangePoint] {
        guard values.allSatisfy({ $0 > 0 && $0.isFinite }) else { return [] }
        let levels = values.map { log($0) }
        var rows: [Int] = []
        for end in levels.indices.map({ $0 + 1 }) {
            let start = max(rows.last ?? 0, end - window)
            if let point = split(levels, start..<end), isPresent(point) { rows.append(point.row) }
        }
        return settled(rows, in: levels)
    }

    /// The change point within the last 50 rows, if there is one: what an alarm looks at.
    package static func latest(in values: [Double]) -> ChangePoint? {
        guard values.suffix(window).allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
        let levels = values.suffix(window).map { log($0) }
        guard var point = split(levels, 0..<levels.count), isPresent(point) else { return nil }
        point.row += values.count - levels.count
        return point
    }

    private static func isPresent(_ point: ChangePoint) -> Bool {
        point.chance < greatestChance && abs(point.change) > leastEffect
    }

    private static func settled(_ found: [Int], in levels: [Double]) -> [ChangePoint] {
        var rows = found
        while true {
            // The neighbour before is placed already, so rows stay in order.
            for index in rows.indices {
                let around = surroundings(of: index, in: rows, levels)
                if let point = split(levels, around) { rows[index] = point.row }
            }
            let points = rows.indices.map { index in
                tested(levels, surroundings(of: index, in: rows, levels), at: rows[index])
            }
            let weakest = points.indices.filter { !isPresent(points[$0]) }
                .max { points[$0].chance < points[$1].chance }
            guard let weakest else { return points }
            rows.remove(at: weakest)
        }
    }

    /// The rows between the change points beside one, at most 50 on each side.
    private static func surroundings(
        of index: Int, in rows: [Int], _ levels: [Double]
    ) -> Range<Int> {
        let start = index == 0 ? 0 : rows[index - 1]
        let end = index + 1 == rows.count ? levels.count : rows[index + 1]
        return max(start, rows[index] - window)..<min(end, rows[index] + window)
    }

    /// The strongest split of some rows: the greatest k·m/(k + m) · (2 mean|x − y| − mean|x − x′| −
    /// mean|y − y′|) of k values x before it and m values y after.
    private static func split(_ levels: [Double], _ rows: Range<Int>) -> ChangePoint? {
        guard rows.count >= fewestRows else { return nil }
        func distances(from row: Int, to others: Range<Int>) -> Double {
            others.reduce(0) { $0 + abs(levels[$1] - levels[row]) }
        }
        // Sums over pairs: both before the split, both after it, one of each.
        var (before, after, across) = (0.0, 0.0, 0.0)
        for row in rows { after += distances(from: row, to: row..<rows.upperBound) }
        var best = (energy: -Double.infinity, row: rows.lowerBound)
        for row in rows.dropLast(fewestBeside) {
            let earlier = distances(from: row, to: rows.lowerBound..<row)
            let later = distances(from: row, to: row..<rows.upperBound)
            before += earlier
            after -= later
            across += later - earlier
            let k = Double(row + 1 - rows.lowerBound)
            let m = Double(rows.upperBound - row - 1)
            guard Int(k) >= fewestBeside else { continue }
            let energy =
                2 * across / (k * m) - 2 * before / (k * (k - 1)) - 2 * after / (m * (m - 1))
            if energy * k * m / (k + m) > best.energy {
                best = (energy * k * m / (k + m), row + 1)
            }
        }
        return tested(levels, rows, at: best.row)
    }

    private static func tested(
        _ levels: [Double], _ rows: Range<Int>, at row: Int
    ) -> ChangePoint {
        let (before, after) = (levels[rows.lowerBound..<row], levels[row..<rows.upperBound])
        let means = [before, after].map { $0.reduce(0, +) / Double($0.count) }
        let squares = zip([before, after], means).reduce(0.0) { sum, side in
            side.0.reduce(sum) { $0 + ($1 - side.1) * ($1 - side.1) }
        }
        let change = means[1] - means[0]
        let share = 1 / Double(before.count) + 1 / Double(after.count)
        let error = (squares / Double(rows.count - 2) * share).squareRoot()
        let chance =
            error > 0
            ? 1 - StudentT(degreesOfFreedom: rows.count - 2).probability(within: change / error)
            : change == 0 ? 1 : 0
        return ChangePoint(row: row, change: expm1(change), chance: chance)
    }
}
