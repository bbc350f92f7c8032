/// Where a value is counted: HdrHistogram's layout for lowest 1, highest 3 600 000 000, 3 digits.
///
/// Source: the published structure of HdrHistogram (sub-bucket count 2048, half 1024).
package enum Buckets {
    package static let significantDigits = 3
    package static let lowest: UInt64 = 1
    /// One hour in µs.
    package static let highest: UInt64 = 3_600_000_000
    package static let halfMagnitude = 10
    package static let halfCount = 1 << 10
    /// 22 power-of-two buckets hold one hour: (22 + 1) × 1024 counts.
    package static let total = 23_552

    private static let subBucketMask: UInt64 = 2047

    package static func index(of value: UInt64) -> Int {
        // 53 = 64 − 11 bits of a sub-bucket.
        let bucket = 53 - (value | subBucketMask).leadingZeroBitCount
        let sub = Int(truncatingIfNeeded: value >> UInt64(bucket))
        return ((bucket + 1) << halfMagnitude) + (sub - halfCount)
    }

    /// The smallest value that is counted at `index`.
    package static func lowestValue(at index: Int) -> UInt64 {
        let (bucket, sub) = place(of: index)
        return UInt64(sub) << UInt64(bucket)
    }

    /// The largest value that is counted at `index`.
    package static func highestValue(at index: Int) -> UInt64 {
        let (bucket, sub) = place(of: index)
        return (UInt64(sub) << UInt64(bucket)) + (1 << UInt64(bucket)) - 1
    }

    /// What stands for a value at `index` of which only the bucket is known.
    package static func middleValue(at index: Int) -> UInt64 {
        let (bucket, sub) = place(of: index)
        return (UInt64(sub) << UInt64(bucket)) + (1 << UInt64(bucket)) / 2
    }

    private static func place(of index: Int) -> (bucket: Int, sub: Int) {
        let bucket = (index >> halfMagnitude) - 1
        let sub = (index & (halfCount - 1)) + halfCount
        return bucket < 0 ? (0, sub - halfCount) : (bucket, sub)
    }
}
