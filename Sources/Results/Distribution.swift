import Histograms
import Payments
import Statistics

/// What a histogram says of itself in a summary; times in µs.
///
/// A quantile is nil where no observation lies above it, everything but `count` where there is none
/// at all. A quantile is its bucket's highest value, at most 1/1024 above the true one, and never above the maximum.
package struct Distribution: Codable, Sendable, Equatable {
    package var count: UInt64
    @NullWhenNone package var minimum: UInt64?
    @NullWhenNone package var mean: Double?
    @NullWhenNone package var standardDeviation: Double?
    @NullWhenNone package var p50: UInt64?
    @NullWhenNone package var p75: UInt64?
    @NullWhenNone package var p90: UInt64?
    @NullWhenNone package var p95: UInt64?
    @NullWhenNone package var p99: UInt64?
    @NullWhenNone package var p99_9: UInt64?
    @NullWhenNone package var p99_99: UInt64?
    @NullWhenNone package var maximum: UInt64?
    /// Of the quantiles that are there; nil in files of older versions.
    package var intervals: [QuantileName: QuantileInterval]?

    enum CodingKeys: String, CodingKey {
        case count, intervals
        case minimum = "min_us"
        case mean = "mean_us"
        case standardDeviation = "stddev_us"
        case p50 = "p50_us"
        case p75 = "p75_us"
        case p90 = "p90_us"
        case p95 = "p95_us"
        case p99 = "p99_us"
        case p99_9 = "p99_9_us"
        case p99_99 = "p99_99_us"
        case maximum = "max_us"
    }

    /// - Parameter study: of the same observations in the course of time; nil where it is not known.
    package init(_ histogram: Histogram, _ study: QuantileStudy? = nil) {
        func observed(_ quantile: Double) -> UInt64? {
            histogram.observedValue(at: quantile).map { min($0, histogram.maximum) }
        }
        count = histogram.count
        minimum = histogram.isEmpty ? nil : histogram.minimum
        mean = histogram.mean?.toThousandths
        standardDeviation = histogram.standardDeviation?.toThousandths
        p50 = observed(0.5)
        p75 = observed(0.75)
        p90 = observed(0.9)
        p95 = observed(0.95)
        p99 = observed(0.99)
        p99_9 = observed(0.999)
        p99_99 = observed(0.9999)
        maximum = histogram.isEmpty ? nil : histogram.maximum
        intervals = QuantileName.allCases.reduce(into: [:]) { intervals, name in
            guard value(of: name) != nil else { return }
            intervals?[name] = QuantileInterval(of: name, histogram, study)
        }
    }

    /// In µs; nil where nothing was observed above it.
    package func value(of quantile: QuantileName) -> UInt64? {
        switch quantile {
        case .p50: p50
        case .p75: p75
        case .p90: p90
        case .p95: p95
        case .p99: p99
        case .p99_9: p99_9
        case .p99_99: p99_99
        }
    }

    /// Whether there is enough beyond the quantile to tell it; false where it is not there at all.
    package func resolves(_ quantile: QuantileName) -> Bool {
        guard value(of: quantile) != nil else { return false }
        return intervals?[quantile]?.isResolved ?? true
    }
}

/// The times of the requests of one or more phases.
package struct Latency: Codable, Sendable, Equatable {
    /// Intended until completed: what a caller feels.
    package var responseTime: Distribution
    /// Sent until completed.
    package var serviceTime: Distribution
    /// Intended until sent: the generator's own lateness and the wait for a slot.
    package var sendDelay: Distribution
    package var firstByte: Distribution
    package var connect: Distribution
    package var tls: Distribution

    enum CodingKeys: String, CodingKey {
        case connect, tls
        case responseTime = "response_time"
        case serviceTime = "service_time"
        case sendDelay = "send_delay"
        case firstByte = "first_byte"
    }
}

/// The two times that are kept apart by payment and by outcome.
package struct PaymentLatency: Codable, Sendable, Equatable {
    package var responseTime: Distribution
    package var serviceTime: Distribution

    enum CodingKeys: String, CodingKey {
        case responseTime = "response_time"
        case serviceTime = "service_time"
    }
}
