import Glibc

/// θ₁ (`truth.md`, 5.2): by how much the candidate differs in a typical slice.
///
/// Blind to what few slices have, such as rare stalls; hardly moved by noise that few slices have.
package enum TypicalShift {
    /// Up to here the law of signed ranks is counted out; above it is taken as normal.
    static let mostExactSlices = 25

    /// The median of the means of all pairs of `logRatios`, each paired with itself too (Hodges &
    /// Lehmann, Ann. Math. Statist. 34, 1963, p. 598), with the interval of Wilcoxon's signed ranks.
    /// O(n² log n). nil without any.
    ///
    /// Where the order of the arms is random the differences are symmetric by design: nothing else is
    /// presumed of their law.
    package static func estimate(
        ofLogRatios logRatios: [Double], confidence: Double
    ) -> Difference? {
        let means = walshAverages(of: logRatios)
        guard let value = median(ofSorted: means) else { return nil }
        let rank = rank(slices: logRatios.count, confidence: confidence)
        let isBounded = rank >= 1
        return Difference(
            value: value, lower: isBounded ? means[rank - 1] : -.infinity,
            upper: isBounded ? means[means.count - rank] : .infinity, confidence: confidence)
    }

    /// Ascending.
    private static func walshAverages(of values: [Double]) -> [Double] {
        var means: [Double] = []
        means.reserveCapacity(values.count * (values.count + 1) / 2)
        for (index, value) in values.enumerated() {
            for other in values[index...] { means.append((value + other) / 2) }
        }
        means.sort()
        return means
    }

    /// How far from either end of the sorted means the bounds lie: the number of sums of signed ranks
    /// whose probability of being reached from below is at most half the error. 0: too few slices.
    static func rank(slices: Int, confidence: Double) -> Int {
        let tail = (1 - confidence) / 2
        guard slices > mostExactSlices else { return exactRank(slices: slices, tail: tail) }
        let n = Double(slices)
        let deviation = (n * (n + 1) * (2 * n + 1) / 24).squareRoot()
        return Int(n * (n + 1) / 4 - Normal.quantile(confidence: confidence) * deviation)
    }

    private static func exactRank(slices: Int, tail: Double) -> Int {
        // ways[w]: of the 2ⁿ choices of signs, those whose positive ranks add up to w.
        var ways = [1.0]
        for rank in 1...max(1, slices) {
            var next = ways + [Double](repeating: 0, count: rank)
            for (sum, count) in ways.enumerated() { next[sum + rank] += count }
            ways = next
        }
        let most = tail * pow(2, Double(slices))
        var sum = 0.0
        for (rank, count) in ways.enumerated() {
            sum += count
            // A touch of room: the sum of the counts is exact, `tail` is not.
            if sum > most * (1 + 1e-9) { return rank }
        }
        return ways.count
    }
}
