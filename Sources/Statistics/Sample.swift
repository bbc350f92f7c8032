/// Observations as counts of value ranges, such as the buckets of a histogram: all that an
/// order statistic needs of them.
///
/// Made in O(bins); a quantile or a count above a value is a binary search.
package struct Sample: Sendable, Equatable {
    /// `count` observations between `low` and `high`, both included. Any one unit.
    package struct Bin: Sendable, Equatable {
        package var low: Double
        package var high: Double
        package var count: Int

        package init(low: Double, high: Double, count: Int) {
            self.low = low
            self.high = high
            self.count = count
        }
    }

    /// Ascending, without overlap, none empty.
    package let bins: [Bin]
    /// Observations in the bins up to each, itself included.
    private let cumulative: [Int]

    package var count: Int { cumulative.last ?? 0 }
    package var isEmpty: Bool { bins.isEmpty }

    /// - Precondition: `bins` ascend and do not overlap. Empty ones are dropped.
    package init(bins: [Bin]) {
        var kept: [Bin] = []
        var cumulative: [Int] = []
        var sum = 0
        for bin in bins where bin.count > 0 {
            precondition(bin.low <= bin.high, "a bin has a low and a high end")
            precondition(kept.last.map { $0.high < bin.low } ?? true, "bins ascend")
            sum += bin.count
            kept.append(bin)
            cumulative.append(sum)
        }
        self.bins = kept
        self.cumulative = cumulative
    }

    /// Exact values, in any order.
    package init(values: [Double]) {
        var bins: [Bin] = []
        for value in values.sorted() {
            if let last = bins.indices.last, bins[last].low == value {
                bins[last].count += 1
            } else {
                bins.append(Bin(low: value, high: value, count: 1))
            }
        }
        self.init(bins: bins)
    }

    /// All observations of `parts`, whose bins are cut from the same ranges. O(bins × log parts).
    package init(merging parts: some Collection<Sample>) {
        var rest = parts.map(\.bins)
        while rest.count > 1 {
            rest = stride(from: 0, to: rest.count, by: 2).map { index in
                index + 1 < rest.count ? Self.merged(rest[index], rest[index + 1]) : rest[index]
            }
        }
        self.init(bins: rest.first ?? [])
    }

    private static func merged(_ left: [Bin], _ right: [Bin]) -> [Bin] {
        var merged: [Bin] = []
        merged.reserveCapacity(left.count + right.count)
        var (i, j) = (0, 0)
        while i < left.count, j < right.count {
            if left[i].low < right[j].low {
                merged.append(left[i])
                i += 1
            } else if right[j].low < left[i].low {
                merged.append(right[j])
                j += 1
            } else {
                var both = left[i]
                both.count += right[j].count
                merged.append(both)
                (i, j) = (i + 1, j + 1)
            }
        }
        return merged + left[i...] + right[j...]
    }
}

extension Sample {
    /// The bin of the smallest observation that leaves at most the share 1 − `quantile` above it, as
    /// HdrHistogram ranks: ⌈quantile · count⌉, at least 1. nil when empty.
    package func bin(at quantile: Double) -> Bin? {
        guard !isEmpty else { return nil }
        let exact = (quantile.nextDown * Double(count)).rounded(.up)
        let rank = min(max(1, Int(max(0, exact))), count)
        return bins[firstIndex { cumulative[$0] >= rank }]
    }

    /// Observations in bins wholly above `value`.
    package func count(above value: Double) -> Int {
        let first = firstIndex { bins[$0].low > value }
        return count - (first == 0 ? 0 : cumulative[first - 1])
    }

    /// Observations in bins that begin at `value` or above it.
    package func count(from value: Double) -> Int {
        let first = firstIndex { bins[$0].low >= value }
        return count - (first == 0 ? 0 : cumulative[first - 1])
    }

    /// The first index from which on `isRight` holds, or the number of bins.
    private func firstIndex(where isRight: (Int) -> Bool) -> Int {
        var (low, high) = (0, bins.count)
        while low < high {
            let middle = (low + high) / 2
            if isRight(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
