import Histograms

/// A histogram in a frame: its buckets, and the exact figures behind them, so that it is read back equal.
/// One byte where nothing was recorded.
extension PayloadWriter {
    mutating func put(_ histogram: Histogram) {
        put(!histogram.isEmpty)
        guard !histogram.isEmpty else { return }
        put(buckets(of: histogram))
        put(histogram.exact.minimum)
        put(histogram.exact.maximum)
        put(histogram.exact.overflow)
        put(histogram.exact.sum)
        put(histogram.exact.sumOfSquares)
    }

    private func buckets(of histogram: Histogram) -> [UInt8] {
        var writer = PayloadWriter()
        var last = 0
        for bucket in histogram.buckets {
            writer.put(bucket.index - last)
            writer.put(bucket.count)
            last = bucket.index
        }
        return writer.bytes
    }
}

extension PayloadReader {
    mutating func histogram() throws(PayloadError) -> Histogram {
        guard try flag() else { return Histogram() }
        let histogram = try Self.histogram(buckets: try block())
        var exact = ExactTimes()
        exact.minimum = try number()
        exact.maximum = try number()
        exact.overflow = try number()
        exact.sum = try double()
        exact.sumOfSquares = try double()
        return histogram.with(exact)
    }

    private static func histogram(buckets: [UInt8]) throws(PayloadError) -> Histogram {
        var reader = PayloadReader(buckets)
        var pairs: [(index: Int, count: UInt64)] = []
        var index = 0
        while reader.remaining > 0 {
            index += try reader.count(upTo: Buckets.total - 1 - index)
            pairs.append((index, UInt64(try reader.count())))
        }
        return Histogram(buckets: pairs)
    }
}
