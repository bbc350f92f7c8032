/// What an answer that takes nothing took in a self-test, at the rate of the run: the generator's and its
/// machine's part of every response time.
package struct NoiseFloor: Codable, Sendable, Equatable {
    package var ratePerSecond: Double
    /// Quantiles of the response time, µs; nil where fewer than five payments lay above.
    @NullWhenNone package var p50: UInt64?
    @NullWhenNone package var p90: UInt64?
    @NullWhenNone package var p99: UInt64?

    enum CodingKeys: String, CodingKey {
        case ratePerSecond = "rate_per_s"
        case p50 = "p50_us"
        case p90 = "p90_us"
        case p99 = "p99_us"
    }

    package init(ratePerSecond: Double, p50: UInt64?, p90: UInt64?, p99: UInt64?) {
        self.ratePerSecond = ratePerSecond
        self.p50 = p50
        self.p90 = p90
        self.p99 = p99
    }
}
