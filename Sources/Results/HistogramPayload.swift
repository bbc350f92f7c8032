import Histograms

/// A histogram in a frame: its buckets in HdrHistogram's V2 encoding, and the exact figures behind them,
/// so that it is read back equal. One byte where nothing was recorded.
extension PayloadWriter {
    mutating func put(_ histogram: Histogram) {
        put(!histogram.isEmpty)
        guard !histogram.isEmpty else { return }
        put(V2Encoding.bytes(of: histogram))
        put(histogram.exact.minimum)
        put(histogram.exact.maximum)
        put(histogram.exact.overflow)
        put(histogram.exact.sum)
        put(histogram.exact.sumOfSquares)
    }
}

extension PayloadReader {
    mutating func histogram() throws(PayloadError) -> Histogram {
        guard try flag() else { return Histogram() }
        let histogram = try counts(in: try block())
        var exact = ExactTimes()
        exact.minimum = try number()
        exact.maximum = try number()
        exact.overflow = try number()
        exact.sum = try double()
        exact.sumOfSquares = try double()
        return histogram.with(exact)
    }

    /// Its count is far from overflowing when it is added up.
    private func counts(in bytes: [UInt8]) throws(PayloadError) -> Histogram {
        let histogram: Histogram
        do {
            histogram = try V2Encoding.histogram(of: bytes)
        } catch {
            throw PayloadError(what: "a histogram (\(error))")
        }
        guard histogram.count <= 1 << 53 else {
            throw PayloadError(what: "a histogram of \(histogram.count) values")
        }
        return histogram
    }
}
