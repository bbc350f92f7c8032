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
}
