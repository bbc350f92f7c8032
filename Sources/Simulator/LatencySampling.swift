import Glibc
import Providers

extension LatencyLaw {
    /// The value, in nanoseconds, that an even draw from (0, 1) comes to.
    package func sample(_ draw: Double) -> Int64 {
        switch self {
        case .constant(let time): return time.nanoseconds
        case .uniform(let from, let to):
            return from.nanoseconds + Int64(draw * Double(to.nanoseconds - from.nanoseconds))
        case .exponential(let mean): return Self.cut(-log1p(-draw) * Double(mean.nanoseconds))
        case .lognormal(let p50, let p99):
            let sigma = log(p99 / p50) / Self.normalP99
            let factor = exp(sigma * StandardNormal.quantile(draw))
            return Self.cut(Double(p50.nanoseconds) * factor)
        case .bimodal(let fast, let slow, let slowShare):
            return (draw < slowShare ? slow : fast).nanoseconds
        case .pareto(let p50, let p99):
            // Q(q) = p50 · (½ / (1 − q))^(1/α), and p99 / p50 = 50^(1/α).
            let power = log(p99 / p50) / log(50)
            return Self.cut(Double(p50.nanoseconds) * pow(0.5 / (1 - draw), power))
        case .empirical(let points): return Self.interpolated(points, draw)
        }
    }

    /// Of the standard normal distribution.
    private static let normalP99 = 2.3263478740408408

    private static func cut(_ nanoseconds: Double) -> Int64 {
        Int64(min(nanoseconds, Double(Latency.longest.nanoseconds)))
    }

    private static func interpolated(_ points: [QuantilePoint], _ draw: Double) -> Int64 {
        guard let above = points.firstIndex(where: { $0.quantile >= draw }), above > 0 else {
            return points.first?.time.nanoseconds ?? 0
        }
        let (low, high) = (points[above - 1], points[above])
        let part = (draw - low.quantile) / (high.quantile - low.quantile)
        let step = Double(high.time.nanoseconds - low.time.nanoseconds)
        return low.time.nanoseconds + Int64(part * step)
    }
}

extension Latency {
    /// The law with its slow mode and its stand-in mixed in: one draw decides which of them it is,
    /// and what is left of it, stretched to (0, 1), which value.
    package func sample(_ draw: Double) -> Int64 {
        var rest = draw
        if let standIn {
            if rest < standIn.share { return standIn.after.nanoseconds }
            rest = (rest - standIn.share) / (1 - standIn.share)
        }
        guard let slow, slow.share > 0 else { return law.sample(rest) }
        if rest < slow.share {
            return Int64(Double(law.sample(rest / slow.share)) * slow.factor)
        }
        return law.sample((rest - slow.share) / (1 - slow.share))
    }
}

extension Duration {
    /// Whole nanoseconds; what lies out of range (292 years) stops at its end.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || carry ? (seconds < 0 ? .min : .max) : sum
    }
}
