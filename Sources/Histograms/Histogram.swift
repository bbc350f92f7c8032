/// Counts of durations in whole microseconds, by the bucket rules of HdrHistogram at three
/// significant digits from 1 µs to 1 h (`docs/TERMS.md`): a bucket is at most 1/1024 as wide as its value.
///
/// A value type: merging is adding, so it loses nothing and does not depend on order. Recording is a
/// shift and an increment. Storage is a chunk an octave, made when first used and then kept: times
/// of one kind lie in a few octaves.
package struct Histogram: Sendable {
    /// Counts by octave (`Buckets.halfCount` of them each); empty where nothing was recorded.
    @usableFromInline
    private(set) var chunks: [[UInt64]] = []
    package private(set) var count: UInt64 = 0
    /// Exact extremes of what was recorded, in µs, before bucketing; 0 when empty.
    package private(set) var minimum: UInt64 = 0
    package private(set) var maximum: UInt64 = 0
    /// Values above one hour: counted in the last bucket, and here.
    package private(set) var overflow: UInt64 = 0
    private var sum: Double = 0
    private var sumOfSquares: Double = 0

    package init() {}

    package var isEmpty: Bool { count == 0 }

    /// Counts one duration of `microseconds`; above one hour it is clamped and counted as overflow.
    package mutating func record(_ microseconds: UInt64) {
        if microseconds > Buckets.highest { overflow += 1 }
        let index = Buckets.index(of: min(microseconds, Buckets.highest))
        let octave = index >> Buckets.halfMagnitude
        if octave >= chunks.count || chunks[octave].isEmpty { makeChunk(octave) }
        chunks[octave][index & (Buckets.halfCount - 1)] += 1
        minimum = count == 0 ? microseconds : min(minimum, microseconds)
        maximum = max(maximum, microseconds)
        count += 1
        sum += Double(microseconds)
        sumOfSquares += Double(microseconds) * Double(microseconds)
    }

    package mutating func add(_ other: Histogram) {
        guard other.count > 0 else { return }
        for (octave, chunk) in other.chunks.enumerated() where !chunk.isEmpty {
            if octave >= chunks.count || chunks[octave].isEmpty { makeChunk(octave) }
            for index in chunk.indices { chunks[octave][index] += chunk[index] }
        }
        minimum = count == 0 ? other.minimum : min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        count += other.count
        overflow += other.overflow
        sum += other.sum
        sumOfSquares += other.sumOfSquares
    }

    /// Forgets what was recorded. Keeps the storage where it was in use, gives it back where it was not:
    /// who counts in intervals then holds only what the last interval needed.
    package mutating func removeAll() {
        guard count > 0 else {
            if !chunks.isEmpty { chunks = [] }
            return
        }
        for octave in chunks.indices {
            for index in chunks[octave].indices { chunks[octave][index] = 0 }
        }
        count = 0
        minimum = 0
        maximum = 0
        overflow = 0
        sum = 0
        sumOfSquares = 0
    }

    private mutating func makeChunk(_ octave: Int) {
        while chunks.count <= octave { chunks.append([]) }
        chunks[octave] = [UInt64](repeating: 0, count: Buckets.halfCount)
    }

    package var exact: ExactTimes {
        var exact = ExactTimes()
        exact.minimum = minimum
        exact.maximum = maximum
        exact.overflow = overflow
        exact.sum = sum
        exact.sumOfSquares = sumOfSquares
        return exact
    }

    /// The same counts with the exact figures of the values behind them: for what was stored apart.
    package func with(_ exact: ExactTimes) -> Histogram {
        var histogram = self
        histogram.minimum = exact.minimum
        histogram.maximum = exact.maximum
        histogram.overflow = exact.overflow
        histogram.sum = exact.sum
        histogram.sumOfSquares = exact.sumOfSquares
        return histogram
    }

    /// Counts as they were stored.
    package init(buckets: [(index: Int, count: UInt64)]) {
        for bucket in buckets {
            let octave = bucket.index >> Buckets.halfMagnitude
            if octave >= chunks.count || chunks[octave].isEmpty { makeChunk(octave) }
            chunks[octave][bucket.index & (Buckets.halfCount - 1)] += bucket.count
            count += bucket.count
        }
    }

    /// Mean in µs of the exact values; nil when empty.
    package var mean: Double? { isEmpty ? nil : sum / Double(count) }

    /// Population standard deviation in µs of the exact values; nil when empty.
    package var standardDeviation: Double? {
        guard let mean else { return nil }
        return max(0, sumOfSquares / Double(count) - mean * mean).squareRoot()
    }
}

extension Histogram {
    /// Every bucket that holds something, by its index (`Buckets`), ascending.
    package var buckets: some Sequence<(index: Int, count: UInt64)> {
        chunks.indices.lazy.flatMap { octave in
            chunks[octave].indices.lazy
                .filter { chunks[octave][$0] > 0 }
                .map { (index: octave << Buckets.halfMagnitude + $0, count: chunks[octave][$0]) }
        }
    }

    /// The 1-based rank that stands for `quantile` (0…1): the smallest one that leaves at most the
    /// share 1 − `quantile` above it, at least 1 (HdrHistogram's rule).
    private func rank(of quantile: Double) -> UInt64 {
        let exact = (quantile.nextDown * Double(count)).rounded(.up)
        return min(max(1, UInt64(max(0, exact))), count)
    }

    /// The highest value, in µs, of the bucket in which `quantile` (0…1) falls; nil when empty.
    package func value(at quantile: Double) -> UInt64? {
        guard !isEmpty else { return nil }
        let rank = rank(of: quantile)
        var below: UInt64 = 0
        for bucket in buckets {
            below += bucket.count
            if below >= rank { return Buckets.highestValue(at: bucket.index) }
        }
        return maximum
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
        return buckets.reduce(0) { $1.index > last ? $0 + $1.count : $0 }
    }
}

extension Histogram: Equatable {
    /// The same values were recorded, as far as buckets and exact sums tell; storage does not count.
    package static func == (left: Histogram, right: Histogram) -> Bool {
        left.count == right.count && left.minimum == right.minimum
            && left.maximum == right.maximum && left.overflow == right.overflow
            && left.sum == right.sum && left.sumOfSquares == right.sumOfSquares
            && left.buckets.elementsEqual(right.buckets, by: ==)
    }
}

extension Histogram: CustomStringConvertible {
    package var description: String { "Histogram(count: \(count), \(minimum)…\(maximum) µs)" }
}
