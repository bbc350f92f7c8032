/// Counts of durations in whole microseconds, by the bucket rules of HdrHistogram at three
/// significant digits from 1 µs to 1 h (`docs/TERMS.md`): a bucket is at most 1/1024 as wide as its value.
///
/// A value type: merging is adding, so it loses nothing and does not depend on order. Recording is a
/// shift and an increment; storage grows to the largest bucket used and is then never allocated again.
package struct Histogram: Sendable, Equatable {
    /// Count of each bucket up to the largest that was ever used.
    package private(set) var counts: [UInt64] = []
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
    @inlinable
    package mutating func record(_ microseconds: UInt64) {
        if microseconds > Buckets.highest { overflow += 1 }
        let value = min(microseconds, Buckets.highest)
        let index = Buckets.index(of: value)
        if index >= counts.count { grow(toHold: index) }
        counts[index] += 1
        minimum = count == 0 ? microseconds : min(minimum, microseconds)
        maximum = max(maximum, microseconds)
        count += 1
        sum += Double(microseconds)
        sumOfSquares += Double(microseconds) * Double(microseconds)
    }

    package mutating func add(_ other: Histogram) {
        guard other.count > 0 else { return }
        if other.counts.count > counts.count { grow(toHold: other.counts.count - 1) }
        for index in other.counts.indices { counts[index] += other.counts[index] }
        minimum = count == 0 ? other.minimum : min(minimum, other.minimum)
        maximum = max(maximum, other.maximum)
        count += other.count
        overflow += other.overflow
        sum += other.sum
        sumOfSquares += other.sumOfSquares
    }

    /// Forgets what was recorded and keeps the storage.
    package mutating func removeAll() {
        for index in counts.indices { counts[index] = 0 }
        count = 0
        minimum = 0
        maximum = 0
        overflow = 0
        sum = 0
        sumOfSquares = 0
    }

    @usableFromInline
    mutating func grow(toHold index: Int) {
        // A step of one octave, so that a rising tail does not grow the storage value by value.
        let octave = Buckets.halfCount
        let wanted = min((index / octave + 1) * octave, Buckets.total)
        counts.append(contentsOf: repeatElement(0, count: wanted - counts.count))
    }

    /// Mean in µs of the exact values; nil when empty.
    package var mean: Double? { isEmpty ? nil : sum / Double(count) }

    /// Population standard deviation in µs of the exact values; nil when empty.
    package var standardDeviation: Double? {
        guard let mean else { return nil }
        return max(0, sumOfSquares / Double(count) - mean * mean).squareRoot()
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
        for index in counts.indices {
            below += counts[index]
            if below >= rank { return Buckets.highestValue(at: index) }
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
        let first = Buckets.index(of: min(microseconds, Buckets.highest)) + 1
        guard first < counts.count else { return 0 }
        return counts[first...].reduce(0, +)
    }
}

extension Histogram: CustomStringConvertible {
    package var description: String { "Histogram(count: \(count), \(minimum)…\(maximum) µs)" }
}
