/// Whether the beginning of a window still warms up.
package enum WarmUp {
    package static let fewestSlices = 20

    /// The mean logarithm of the level in the first 10 and 20 % of a window, against its second half:
    /// Student's t of a new mean, (a − b) / (s √(1/k + 1/m)) with s from the m slices of the second
    /// half. The stronger of the two is told, its chance doubled (Bonferroni). Its effect is that of
    /// the less affected half of the beginning: one stall moves only one. nil with fewer than 20
    /// slices, or where a level is 0.
    ///
    /// Present below 1 % where the beginning is more than 5 % higher (or as much lower) and the second
    /// half has settled: with a trend of its own (Mann–Kendall, 1 %) the whole drifts, which `Drift`
    /// tells. A trend test on ranks cannot see a beginning of two slices among 20.
    ///
    /// - Parameter levels: medians of equal slices of the window, in order.
    package static func remains(inLevels levels: [Double]) -> Finding? {
        guard let logarithms = Drift.logarithms(of: levels, atLeast: fewestSlices) else {
            return nil
        }
        let half = logarithms[(logarithms.count / 2)...]
        let settled = Level(half)
        let tests = [logarithms.count / 10, logarithms.count / 5].map { length in
            let parts = [logarithms[..<(length / 2)], logarithms[(length / 2)..<length]]
            return (
                shift: leastShift(of: parts.map { Level($0).mean - settled.mean }),
                chance: min(1, 2 * chance(of: Level(logarithms[..<length]), against: settled))
            )
        }
        guard let strongest = tests.min(by: { $0.chance < $1.chance }) else { return nil }
        var finding = Drift.finding(logarithm: strongest.shift, chance: strongest.chance)
        if MannKendall(Array(half)).chance < Drift.greatestChance { finding.isPresent = false }
        return finding
    }

    /// The one nearest to 0; 0 where they disagree on the side.
    private static func leastShift(of shifts: [Double]) -> Double {
        guard shifts.allSatisfy({ $0 > 0 }) || shifts.allSatisfy({ $0 < 0 }) else { return 0 }
        return shifts.min { abs($0) < abs($1) } ?? 0
    }

    private static func chance(of level: Level, against settled: Level) -> Double {
        let difference = abs(level.mean - settled.mean)
        let share = 1 / Double(level.count) + 1 / Double(settled.count)
        let error = (settled.variance * share).squareRoot()
        guard error > 0 else { return difference > 0 ? 0 : 1 }
        let law = StudentT(degreesOfFreedom: settled.count - 1)
        return 1 - law.probability(within: difference / error)
    }

    private struct Level {
        var count: Int
        var mean: Double
        /// Of one value, with count − 1.
        var variance: Double

        init(_ values: ArraySlice<Double>) {
            let mean = values.reduce(0, +) / Double(values.count)
            count = values.count
            self.mean = mean
            variance =
                values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, count - 1))
        }
    }
}
