/// Counts of durations in whole microseconds, by the bucket rules of HdrHistogram at three
/// significant digits from 1 µs to 1 h (`docs/TERMS.md`): a bucket is at most 1/1024 as wide as its value.
///
/// A value type: merging is adding, so it loses nothing and does not depend on order. Recording is a
/// shift and an increment. Storage is made when first used and then kept (`BucketCounts`): one type
/// serves the tally of an interval and the totals of a run.
package struct Histogram: Sendable {
    private(set) var counts = BucketCounts()
    package private(set) var count: UInt64 = 0
    /// Exact, where buckets are not.
    package private(set) var exact = ExactTimes()

    package init() {}

    /// - Precondition: `exact` belongs to the values behind `buckets`, where it is given; without it
    ///   the buckets' bounds and middles stand for them.
    init(_ counts: BucketCounts, exact: ExactTimes? = nil) {
        self.counts = counts
        for bucket in counts { count += bucket.count }
        self.exact = exact ?? ExactTimes(estimatedFrom: counts)
    }

    package var isEmpty: Bool { count == 0 }

    /// In µs, before bucketing; 0 when empty.
    package var minimum: UInt64 { exact.minimum }
    package var maximum: UInt64 { exact.maximum }
    /// Values above one hour: counted in the last bucket, and here.
    package var overflow: UInt64 { exact.overflow }

    /// Counts one duration of `microseconds`; above one hour it is clamped and counted as overflow.
    package mutating func record(_ microseconds: UInt64) {
        counts.raise(Buckets.index(of: min(microseconds, Buckets.highest)))
        exact.record(microseconds, isFirst: count == 0)
        count += 1
    }

    package mutating func add(_ other: Histogram) {
        guard other.count > 0 else { return }
        counts.add(other.counts)
        exact = isEmpty ? other.exact : exact.adding(other.exact)
        count += other.count
    }

    /// Forgets what was recorded. Keeps the storage where it was in use, gives it back where it was not:
    /// who counts in intervals then holds only what the last interval needed.
    package mutating func removeAll() {
        if count > 0 { counts.clear() } else { counts.release() }
        count = 0
        exact = ExactTimes()
    }

    /// The same counts with the exact figures of the values behind them: for what was stored apart.
    package func with(_ exact: ExactTimes) -> Histogram {
        var histogram = self
        histogram.exact = exact
        return histogram
    }

    /// Mean in µs of the exact values; nil when empty.
    package var mean: Double? { isEmpty ? nil : exact.sum / Double(count) }

    /// Population standard deviation in µs of the exact values; nil when empty.
    package var standardDeviation: Double? {
        guard let mean else { return nil }
        return max(0, exact.sumOfSquares / Double(count) - mean * mean).squareRoot()
    }
}

extension Histogram: Equatable {
    /// The same values were recorded, as far as buckets and exact sums tell; storage does not count.
    package static func == (left: Histogram, right: Histogram) -> Bool {
        left.count == right.count && left.exact == right.exact
            && left.counts.elementsEqual(right.counts, by: ==)
    }
}

extension Histogram: CustomStringConvertible {
    package var description: String { "Histogram(count: \(count), \(minimum)…\(maximum) µs)" }
}
