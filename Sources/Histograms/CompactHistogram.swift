/// A histogram at rest: only the buckets that hold something, ten bytes each. What is kept by the
/// hundred and seldom added to, such as the parts of a window, is kept so.
package struct CompactHistogram: Sendable, Equatable {
    /// Ascending.
    private var buckets: [UInt16] = []
    private var counts: [UInt64] = []
    package private(set) var count: UInt64 = 0
    package private(set) var exact = ExactTimes()

    package init() {}

    package init(_ histogram: Histogram) {
        add(histogram)
    }

    package var isEmpty: Bool { count == 0 }

    package mutating func add(_ other: Histogram) {
        guard !other.isEmpty else { return }
        merge(other.buckets.lazy.map { (UInt16($0.index), $0.count) })
        take(other.count, other.exact)
    }

    package mutating func add(_ other: CompactHistogram) {
        guard !other.isEmpty else { return }
        merge(zip(other.buckets, other.counts))
        take(other.count, other.exact)
    }

    private mutating func take(_ more: UInt64, _ other: ExactTimes) {
        exact = isEmpty ? other : exact.adding(other)
        count += more
    }

    private mutating func merge(_ other: some Sequence<(UInt16, UInt64)>) {
        var merged: [UInt16] = []
        var sums: [UInt64] = []
        merged.reserveCapacity(buckets.count + 16)
        sums.reserveCapacity(buckets.count + 16)
        var next = 0
        for (bucket, count) in other {
            while next < buckets.count, buckets[next] < bucket {
                merged.append(buckets[next])
                sums.append(counts[next])
                next += 1
            }
            let isShared = next < buckets.count && buckets[next] == bucket
            merged.append(bucket)
            sums.append(count + (isShared ? counts[next] : 0))
            if isShared { next += 1 }
        }
        buckets = merged + buckets[next...]
        counts = sums + counts[next...]
    }

    /// The same as a histogram that can be recorded into.
    package var histogram: Histogram {
        var expanded = BucketCounts()
        for (bucket, count) in zip(buckets, counts) { expanded.raise(Int(bucket), by: count) }
        return Histogram(expanded, exact: exact)
    }

    /// The range of values in µs of every bucket that holds something, ascending, and how many.
    package var bins: some Sequence<(low: UInt64, high: UInt64, count: UInt64)> {
        zip(buckets, counts).lazy.map { bucket, count in
            (
                low: Buckets.lowestValue(at: Int(bucket)),
                high: Buckets.highestValue(at: Int(bucket)), count: count
            )
        }
    }
}
