import Histograms
import Metrics
import Results
import Statistics

/// The value of a metric with its interval, and whether it keeps a limit. Durations in µs.
struct Figure: Equatable {
    var decision = BudgetDecision.inconclusive
    var value: Double?
    var lower: Double?
    var upper: Double?
    var confidence: Double?
    /// Observations that it rests on.
    var count = 0
    /// How long a window would decide, as far as that can be told.
    var secondsNeeded: Double?

    /// - Parameters:
    ///   - parts: of equal length in time, in order.
    ///   - seconds: of all parts.
    ///   - confidence: two-sided.
    init(
        _ metric: Metric, _ parts: [BudgetPart], seconds: Double, limit: Statistics.Limit,
        confidence: Double
    ) {
        switch metric {
        case .time(_, let statistic):
            takeDuration(statistic, parts, seconds: seconds, limit, confidence)
        case .errors(.rate), .outcome(_, .rate):
            count = parts.reduce(0) { $0 + $1.count }
            let shares = parts.map { ShareEstimate.Part(events: $0.events, of: $0.count) }
            let estimate = ShareEstimate(parts: shares, confidence: confidence)
            value = estimate?.value
            take(estimate?.bounds.lowerBound, estimate?.bounds.upperBound, limit, confidence)
        case .errors(.count), .outcome(_, .count), .code, .skipped:
            count = parts.reduce(0) { $0 + max($1.count, $1.events) }
            takeExact(Double(parts.reduce(0) { $0 + $1.events }), limit)
        case .rate:
            count = parts.reduce(0) { $0 + $1.events }
            let length = seconds / Double(max(1, parts.count))
            let estimate = RatioEstimate.rate(
                parts: parts.map { ($0.events, length) }, confidence: confidence)
            value = estimate?.value
            take(estimate?.lower, estimate?.upper, limit, confidence)
        case .generatorCPU: break
        }
        if decision == .inconclusive, secondsNeeded == nil {
            secondsNeeded = Self.needed(value, lower, upper, limit, seconds: seconds)
        }
    }

    /// A figure without uncertainty.
    init(exactly value: Double?, count: Int, limit: Statistics.Limit) {
        self.count = count
        if let value { takeExact(value, limit) }
    }

    private mutating func takeDuration(
        _ statistic: Metric.Statistic, _ parts: [BudgetPart], seconds: Double,
        _ limit: Statistics.Limit, _ confidence: Double
    ) {
        let whole = parts.reduce(into: CompactHistogram()) { $0.add($1.durations) }
        count = Int(clamping: whole.count)
        guard !whole.isEmpty else { return }
        switch statistic {
        case .percentile(0), .min: takeExact(Double(whole.exact.minimum), limit)
        case .percentile(100), .max: takeExact(Double(whole.exact.maximum), limit)
        case .standardDeviation: takeExact(whole.histogram.standardDeviation ?? 0, limit)
        case .mean:
            let sums = parts.map { part in
                let exact = part.durations.exact
                return RatioEstimate.Sums(
                    count: Int(clamping: part.durations.count), sum: exact.sum,
                    sumOfSquares: exact.sumOfSquares)
            }
            let estimate = RatioEstimate.mean(parts: sums, confidence: confidence)
            value = estimate?.value
            take(estimate?.lower, estimate?.upper, limit, confidence)
        case .percentile(let percent):
            let study = QuantileStudy(
                slices: parts.map { Sample($0.durations) }, seconds: seconds)
            let estimate = study.estimate(at: percent / 100, confidence: confidence)
            value = estimate?.value
            (lower, upper, self.confidence) = (estimate?.lower, estimate?.upper, confidence)
            decision = limit.decision(
                ofQuantile: percent / 100, in: study, confidence: confidence)
            if case .unresolved(let needed) = estimate?.resolution { secondsNeeded = needed }
        }
    }

    private mutating func take(
        _ lower: Double?, _ upper: Double?, _ limit: Statistics.Limit, _ confidence: Double
    ) {
        (self.lower, self.upper, self.confidence) = (lower, upper, confidence)
        if value != nil { decision = limit.decision(lower: lower, upper: upper) }
    }

    private mutating func takeExact(_ value: Double, _ limit: Statistics.Limit) {
        self.value = value
        decision = limit.decision(lower: value, upper: value)
    }

    /// Widths shrink with the root of the time.
    private static func needed(
        _ value: Double?, _ lower: Double?, _ upper: Double?, _ limit: Statistics.Limit,
        seconds: Double
    ) -> Double? {
        guard let value, let lower, let upper, let bound = limit.bound, bound != value else {
            return nil
        }
        let half = bound > value ? upper - value : value - lower
        let ratio = half / abs(bound - value)
        return ratio > 1 && ratio < 1000 ? seconds * ratio * ratio : nil
    }
}

extension Statistics.Limit {
    init(_ comparison: Comparison, _ value: Double) {
        self =
            switch comparison {
            case .less: .below(value)
            case .lessOrEqual: .atMost(value)
            case .greater: .above(value)
            case .greaterOrEqual: .atLeast(value)
            case .equal: .exactly(value)
            case .notEqual: .other(than: value)
            }
    }

    /// Where it lies.
    var bound: Double? {
        switch self {
        case .below(let bound), .atMost(let bound), .above(let bound), .atLeast(let bound): bound
        case .exactly(let bound), .other(let bound): bound
        }
    }
}

extension MetricValue {
    /// Durations in µs.
    var number: Double {
        switch self {
        case .duration(let value):
            Double(value.components.seconds) * 1e6
                + Double(value.components.attoseconds) / 1e12
        case .ratio(let value), .perSecond(let value): value
        case .count(let value): Double(value)
        }
    }
}
