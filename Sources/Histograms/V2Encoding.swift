/// HdrHistogram's V2 encoding before compression: a header of 40 bytes, then the counts of the buckets
/// from the first to the last that holds something, where −n stands for n empty ones.
///
/// Big-endian. The bytes are those that the Java library writes for the same counts.
package enum V2Encoding {
    static let headerBytes = 40
    /// The most that any histogram takes.
    static let mostBytes = headerBytes + Buckets.total * ZigZag.mostBytes

    /// The words of a cookie that say the version; the other four bits are a word size, which is
    /// always 1 and of no use in V2.
    static let wordSizeBits: UInt32 = 0xf0
    private static let cookie: UInt32 = 0x1c84_9303

    package static func bytes(of histogram: Histogram) -> [UInt8] {
        let payload = payload(of: histogram.counts)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(headerBytes + payload.count)
        bytes.append(number: cookie | 0x10)
        bytes.append(number: Int32(payload.count))
        bytes.append(number: Int32(0))
        bytes.append(number: Int32(Buckets.significantDigits))
        bytes.append(number: Buckets.lowest)
        bytes.append(number: Buckets.highest)
        bytes.append(number: (1.0).bitPattern)
        return bytes + payload
    }

    private static func payload(of counts: BucketCounts) -> [UInt8] {
        var payload: [UInt8] = []
        var next = 0
        for (index, count) in counts {
            appendEmpty(index - next, to: &payload)
            ZigZag.append(Int64(count), to: &payload)
            next = index + 1
        }
        // An empty histogram is one empty bucket.
        if next == 0 { appendEmpty(1, to: &payload) }
        return payload
    }

    private static func appendEmpty(_ buckets: Int, to payload: inout [UInt8]) {
        guard buckets > 0 else { return }
        // A single one is a count of 0 to Java, a run to C and Python; every reader takes both.
        ZigZag.append(buckets == 1 ? 0 : -Int64(buckets), to: &payload)
    }

    /// Reads the bytes of any library at our layout; the highest value it was made for may differ, as
    /// long as none was recorded above our bucket of one hour.
    package static func histogram(of bytes: [UInt8]) throws(HistogramCodingError) -> Histogram {
        var reader = ByteReader(bytes)
        let found = try reader.number(UInt32.self)
        guard found & ~wordSizeBits == cookie else { throw .unknownCookie(found) }
        let stated = Int(try reader.number(Int32.self))
        try checkLayout(&reader)
        guard stated == reader.remaining else {
            throw .lengthMismatch(stated: stated, found: reader.remaining)
        }
        return Histogram(try counts(from: &reader))
    }

    private static func checkLayout(_ reader: inout ByteReader) throws(HistogramCodingError) {
        let shift = try reader.number(Int32.self)
        let digits = try reader.number(Int32.self)
        let lowest = try reader.number(Int64.self)
        _ = try reader.number(Int64.self)
        let ratio = Double(bitPattern: try reader.number(UInt64.self))
        guard shift == 0 else { throw .shifted(by: shift) }
        guard lowest == Buckets.lowest, digits == Buckets.significantDigits else {
            throw .otherLayout(lowest: lowest, significantDigits: digits)
        }
        guard ratio == 1 else { throw .scaled(by: ratio) }
    }

    private static func counts(
        from reader: inout ByteReader
    ) throws(HistogramCodingError) -> BucketCounts {
        var counts = BucketCounts()
        var total: Int64 = 0
        var index = 0
        while reader.remaining > 0 {
            let number = try ZigZag.next(from: &reader)
            let buckets = number < 0 ? number.magnitude : 1
            guard buckets <= Buckets.total - index else { throw .beyondHighest }
            if number > 0 {
                let (sum, overflow) = total.addingReportingOverflow(number)
                guard !overflow else { throw .tooManyValues }
                total = sum
                counts.raise(index, by: number.magnitude)
            }
            index += Int(buckets)
        }
        return counts
    }
}
