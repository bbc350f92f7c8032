/// The trend test of Mann (Econometrica 13, 1945) and Kendall: do later values tend to be higher?
package struct MannKendall: Sendable, Equatable {
    /// Pairs that rise, less pairs that fall.
    package let score: Int
    /// The two-sided probability of a score as far from 0 in a series without trend whose values are
    /// independent; normal approximation with correction for continuity and ties.
    package let chance: Double

    /// O(n²). Fewer than 8 values are too few for the approximation: `chance` is then 1.
    package init(_ values: [Double]) {
        var score = 0
        for (index, earlier) in values.enumerated() {
            for later in values[(index + 1)...] {
                score += later > earlier ? 1 : later < earlier ? -1 : 0
            }
        }
        self.score = score

        let variance = Self.variance(of: values)
        guard values.count >= Self.fewestValues, variance > 0 else {
            chance = 1
            return
        }
        let distance = Double(max(0, abs(score) - 1))
        chance = Normal.probability(beyond: distance / variance.squareRoot())
    }

    package static let fewestValues = 8

    /// Of the score: [n(n−1)(2n+5) − Σ t(t−1)(2t+5)] / 18, t the sizes of groups of equal values.
    private static func variance(of values: [Double]) -> Double {
        func term(_ size: Int) -> Double { Double(size * (size - 1) * (2 * size + 5)) }
        let sorted = values.sorted()
        var tied = 0.0
        var size = 0
        for index in sorted.indices {
            size += 1
            let isLast = index + 1 == sorted.count || sorted[index + 1] > sorted[index]
            if isLast {
                tied += term(size)
                size = 0
            }
        }
        return (term(values.count) - tied) / 18
    }
}

/// The slope estimate of Theil (1950) and Sen (JASA 63, 1968): the median slope of all pairs.
package enum TheilSen {
    /// Change from one value to the next; nil with fewer than two. O(n² log n).
    package static func slope(of values: [Double]) -> Double? {
        guard values.count > 1 else { return nil }
        var slopes: [Double] = []
        slopes.reserveCapacity(values.count * (values.count - 1) / 2)
        for (index, earlier) in values.enumerated() {
            for next in values.indices[(index + 1)...] {
                slopes.append((values[next] - earlier) / Double(next - index))
            }
        }
        return median(of: slopes)
    }
}

/// The middle value, or the mean of the two in the middle.
func median(of values: [Double]) -> Double? { median(ofSorted: values.sorted()) }

func median(ofSorted sorted: [Double]) -> Double? {
    guard !sorted.isEmpty else { return nil }
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
        ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}
