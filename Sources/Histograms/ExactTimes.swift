/// What is known of a histogram's values besides their buckets: in µs, before bucketing.
package struct ExactTimes: Sendable, Equatable {
    /// 0 when nothing was recorded.
    package var minimum: UInt64 = 0
    package var maximum: UInt64 = 0
    /// Values above one hour.
    package var overflow: UInt64 = 0
    package var sum: Double = 0
    package var sumOfSquares: Double = 0

    package init() {}

    /// From buckets alone: the bounds of the outer ones, and the middle of each.
    init(estimatedFrom counts: BucketCounts) {
        var first: Int?
        for (index, count) in counts {
            first = first ?? index
            maximum = Buckets.highestValue(at: index)
            let middle = Double(Buckets.middleValue(at: index))
            sum += Double(count) * middle
            sumOfSquares += Double(count) * middle * middle
        }
        if let first { minimum = Buckets.lowestValue(at: first) }
    }

    mutating func record(_ microseconds: UInt64, isFirst: Bool) {
        minimum = isFirst ? microseconds : min(minimum, microseconds)
        maximum = max(maximum, microseconds)
        if microseconds > Buckets.highest { overflow += 1 }
        sum += Double(microseconds)
        sumOfSquares += Double(microseconds) * Double(microseconds)
    }

    /// - Precondition: something was recorded on both sides.
    func adding(_ other: ExactTimes) -> ExactTimes {
        var all = self
        all.minimum = min(minimum, other.minimum)
        all.maximum = max(maximum, other.maximum)
        all.overflow += other.overflow
        all.sum += other.sum
        all.sumOfSquares += other.sumOfSquares
        return all
    }
}
