import Glibc

/// Whether the level of a window changes while it is measured.
package enum Drift {
    package static let leastEffect = 0.05
    package static let greatestChance = 0.01

    /// `latency.stationary` (`truth.md`, 2.1): the medians of 20 slices have a trend (Mann–Kendall), and
    /// its whole (Theil–Sen on logarithms, first to last slice) is more than 5 % up, or as much down.
    /// nil with fewer than 8 slices, or where a median is 0: nothing is judged then.
    package static func trend(ofLevels levels: [Double]) -> Finding? {
        guard let logarithms = logarithms(of: levels, atLeast: MannKendall.fewestValues),
            let slope = TheilSen.slope(of: logarithms)
        else { return nil }
        return finding(
            logarithm: slope * Double(levels.count - 1), chance: MannKendall(logarithms).chance)
    }

    /// One change of level somewhere in the window, after Pettitt (Appl. Statist. 28, 1979, p. 126):
    /// the split at which ranks differ most, chance ≈ 2 exp(−6K²/(n³ + n²)); the effect is the median
    /// after it against the median before, more than 5 %. It finds steps that a trend test misses.
    /// nil as for `trend`.
    ///
    /// `after` is the number of slices before the change.
    package static func step(inLevels levels: [Double]) -> (finding: Finding, after: Int)? {
        guard let logarithms = logarithms(of: levels, atLeast: MannKendall.fewestValues)
        else { return nil }
        let (score, split) = strongestSplit(of: logarithms)
        guard let before = median(of: Array(logarithms[..<split])),
            let after = median(of: Array(logarithms[split...]))
        else { return nil }
        let n = Double(levels.count)
        let chance = min(1, 2 * exp(-6 * Double(score * score) / (n * n * n + n * n)))
        return (finding(logarithm: after - before, chance: chance), split)
    }

    /// Pettitt's K, and how many values lie before the split where it is reached.
    private static func strongestSplit(of values: [Double]) -> (score: Int, split: Int) {
        var (best, split, score) = (0, 1, 0)
        for index in values.indices.dropLast() {
            // U(k) = U(k − 1) + Σ over all j of sign(x(j) − x(k)).
            score += values.reduce(0) { sum, other in
                sum + (other > values[index] ? 1 : other < values[index] ? -1 : 0)
            }
            if abs(score) > best { (best, split) = (abs(score), index + 1) }
        }
        return (best, split)
    }

    static func logarithms(of levels: [Double], atLeast count: Int) -> [Double]? {
        guard levels.count >= count, levels.allSatisfy({ $0 > 0 }) else { return nil }
        return levels.map { log($0) }
    }

    /// An effect up or down counts alike: by how much its logarithm is.
    static func finding(logarithm: Double, chance: Double) -> Finding {
        Finding(
            effect: expm1(logarithm), leastEffect: leastEffect, chance: chance,
            greatestChance: greatestChance,
            isPresent: chance < greatestChance && abs(logarithm) > log1p(leastEffect))
    }
}
