/// A histogram at rest: only the buckets that hold something, six bytes each. What is kept by the
/// hundred and seldom added to, such as the parts of a window, is kept so.
package struct CompactHistogram: Sendable, Equatable {
    /// Ascending.
    private var buckets: [UInt16] = []
    private var counts: [UInt32] = []
    /// By bucket, what its count could not hold; as good as always empty.
    private var carries: [UInt16: UInt64] = [:]
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
        merge(other.cells)
        take(other.count, other.exact)
    }

    private mutating func take(_ more: UInt64, _ other: ExactTimes) {
        exact = isEmpty ? other : exact.adding(other)
        count += more
    }

    private mutating func merge(_ other: some Sequence<(UInt16, UInt64)>) {
        var merged: [UInt16] = []
        var sums: [UInt32] = []
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
            sums.append(held(count + (isShared ? UInt64(counts[next]) : 0), of: bucket))
            if isShared { next += 1 }
        }
        buckets = merged + buckets[next...]
        counts = sums + counts[next...]
    }

    /// What fits a count; the rest is carried.
    private mutating func held(_ count: UInt64, of bucket: UInt16) -> UInt32 {
        guard let held = UInt32(exactly: count) else {
            carries[bucket, default: 0] += count - UInt64(UInt32.max)
            return .max
        }
        return held
    }

    private var cells: some Sequence<(UInt16, UInt64)> {
        zip(buckets, counts).lazy.map { bucket, count in
            (bucket, UInt64(count) + (carries.isEmpty ? 0 : carries[bucket] ?? 0))
        }
    }

    /// The same as a histogram that can be recorded into.
    package var histogram: Histogram {
        var expanded = BucketCounts()
        for (bucket, count) in cells { expanded.raise(Int(bucket), by: count) }
        return Histogram(expanded, exact: exact)
    }

    /// The range of values in µs of every bucket that holds something, ascending, and how many.
    package var bins: some Sequence<(low: UInt64, high: UInt64, count: UInt64)> {
        cells.lazy.map { bucket, count in
            (
                low: Buckets.lowestValue(at: Int(bucket)),
                high: Buckets.highestValue(at: Int(bucket)), count: count
            )
        }
    }
}
