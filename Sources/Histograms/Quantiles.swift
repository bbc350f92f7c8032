extension Histogram {
    /// Every bucket that holds something, by its index (`Buckets`), ascending.
    package var buckets: some Sequence<(index: Int, count: UInt64)> { counts }

    /// The 1-based rank that stands for `quantile` (0…1): the smallest one that leaves at most the
    /// share 1 − `quantile` above it, at least 1 (HdrHistogram's rule). One step below `quantile`, so
    /// that a decimal like 0.999 of 1,000 values is rank 999, whichever way its binary form was rounded.
    private func rank(of quantile: Double) -> UInt64 {
        let exact = (quantile.nextDown * Double(count)).rounded(.up)
        return min(max(1, UInt64(max(0, exact))), count)
    }

    /// The highest value, in µs, of the bucket in which `quantile` (0…1) falls, of quantile 0 the
    /// lowest; nil when empty. Walks the buckets up to there.
    package func value(at quantile: Double) -> UInt64? {
        guard !isEmpty else { return nil }
        let rank = rank(of: quantile)
        var below: UInt64 = 0
        for bucket in counts {
            below += bucket.count
            guard below >= rank else { continue }
            return quantile > 0
                ? Buckets.highestValue(at: bucket.index) : Buckets.lowestValue(at: bucket.index)
        }
        preconditionFailure("a histogram's count is the sum of its buckets' counts")
    }

    /// `value(at:)` where at least one observation lies above the quantile's rank, else nil: the
    /// largest of a hundred values says nothing about p99.9.
    package func observedValue(at quantile: Double) -> UInt64? {
        guard !isEmpty, rank(of: quantile) < count else { return nil }
        return value(at: quantile)
    }

    /// How many values lie in buckets wholly above `microseconds`.
    package func count(above microseconds: UInt64) -> UInt64 {
        let last = Buckets.index(of: min(microseconds, Buckets.highest))
        return counts.reduce(0) { $1.index > last ? $0 + $1.count : $0 }
    }
}
