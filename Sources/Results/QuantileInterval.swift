import Histograms
import Statistics

/// The quantiles of a summary.
package enum QuantileName: String, Codable, CodingKeyRepresentable, CaseIterable, Sendable {
    case p50, p75, p90, p95, p99
    case p99_9, p99_99

    /// 0…1.
    package var ratio: Double {
        switch self {
        case .p50: 0.5
        case .p75: 0.75
        case .p90: 0.9
        case .p95: 0.95
        case .p99: 0.99
        case .p99_9: 0.999
        case .p99_99: 0.9999
        }
    }

    /// As people write it: `p99.9`.
    package var words: String { String(rawValue.map { $0 == "_" ? "." : $0 }) }
}

/// How well a run tells a quantile: where it lies with 95 % confidence, if the target goes on as it
/// did. Observations near in time may be alike, which makes them worth fewer (`docs/MEASUREMENT.md`).
package struct QuantileInterval: Codable, Sendable, Equatable {
    /// In µs; nil where the run sets no bound on that side, or was too short for an interval.
    @NullWhenNone package var lower: UInt64?
    @NullWhenNone package var upper: UInt64?
    /// Five or more independent observations lie beyond the quantile.
    package var isResolved: Bool
    /// How many independent ones those beyond it are worth; nil where the run was too short to tell,
    /// and they are taken for independent.
    @NullWhenNone package var tailEvents: Double?
    /// How long a run would resolve it; nil where it is.
    @NullWhenNone package var secondsNeeded: Double?

    enum CodingKeys: String, CodingKey {
        case lower = "lower_us"
        case upper = "upper_us"
        case isResolved = "resolved"
        case tailEvents = "tail_events"
        case secondsNeeded = "seconds_needed"
    }
}

extension QuantileInterval {
    init(of quantile: QuantileName, _ histogram: Histogram, _ study: QuantileStudy?) {
        let estimate = study?.estimate(at: quantile.ratio)
        func microseconds(_ bound: Double?) -> UInt64? { bound.map { UInt64(max(0, $0)) } }
        let beyond = Double(histogram.count) * min(quantile.ratio, 1 - quantile.ratio)
        let events = estimate?.effectiveEvents ?? beyond
        let isResolved = events >= QuantileStudy.fewestEvents
        let needed = study.map {
            ($0.seconds * QuantileStudy.fewestEvents / max(events, 1e-6)).rounded(.up)
        }
        self.init(
            lower: microseconds(estimate?.lower),
            upper: microseconds(estimate?.upper).map { min($0, histogram.maximum) },
            isResolved: isResolved, tailEvents: estimate?.effectiveEvents?.toThousandths,
            secondsNeeded: isResolved ? nil : needed)
    }
}
