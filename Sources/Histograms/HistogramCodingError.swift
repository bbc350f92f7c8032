/// Why bytes are not a histogram that can be read here.
package enum HistogramCodingError: Error, Equatable, Sendable {
    /// The bytes end where more are needed; `at` counts from the start of that layer.
    case truncated(at: Int)
    /// Not the cookie of the V2 encoding; V0 and V1 have others.
    case unknownCookie(UInt32)
    /// The length that a header states is not what follows it, in bytes.
    case lengthMismatch(stated: Int, found: Int)
    /// zlib cannot read the stream, or it ends early.
    case corruptStream
    /// More than any histogram of ours takes, in bytes; reading stops there.
    case tooLarge(limit: Int)
    /// Another layout of buckets than 1 µs and up at three digits.
    case otherLayout(lowest: Int64, significantDigits: Int32)
    /// A shifted bucket index, which only histograms of `Double` values have.
    case shifted(by: Int32)
    /// Values that stand for others at a ratio, which only histograms of `Double` values have.
    case scaled(by: Double)
    /// A count, or a run of empty buckets, that goes beyond the bucket of one hour.
    case beyondHighest
    /// The counts add up to more than 2⁶³ − 1.
    case tooManyValues
    /// A character outside the alphabet of base64, or a length that is none.
    case notBase64(at: Int)
}
