import Histograms

/// Durations by bounds that people expect of a Prometheus histogram: steps of 1, 2.5 and 5.
///
/// Counts are those of HdrHistogram's buckets, added up: nothing is estimated. A bound counts what lies in
/// the bucket that it falls in, so that a duration up to 1/1024 above a bound may be counted as within it.
package struct DurationCounts: Sendable, Equatable {
    /// In µs: 100 µs to 10 s, then half a minute and a whole one.
    package static let bounds: [UInt64] =
        [100, 1000, 10_000, 100_000, 1_000_000].flatMap { [$0, $0 * 5 / 2, $0 * 5] }
        + [10_000_000, 30_000_000, 60_000_000]

    private static let lastBuckets = bounds.map(Buckets.index)

    /// By bound, those within it and above the one before; last those above all.
    private var counts = [UInt64](repeating: 0, count: bounds.count + 1)
    package private(set) var count: UInt64 = 0
    /// Exact, as far as a `Double` is.
    package private(set) var sumMicroseconds = 0.0

    package init() {}

    /// Walks the buckets of `histogram` once.
    package mutating func add(_ histogram: Histogram) {
        guard !histogram.isEmpty else { return }
        var bound = 0
        for bucket in histogram.buckets {
            while bound < Self.bounds.count, Self.lastBuckets[bound] < bucket.index { bound += 1 }
            counts[bound] += bucket.count
        }
        count += histogram.count
        sumMicroseconds += histogram.exact.sum
    }

    /// How many lie within each bound; nil is the bound that all lie within.
    var cumulative: [(bound: UInt64?, count: UInt64)] {
        var sum: UInt64 = 0
        return zip(Self.bounds.map(Optional.some) + [nil], counts).map { bound, count in
            sum += count
            return (bound, sum)
        }
    }
}
