/// How long a provider takes from the whole request to the first byte of the answer.
package struct Latency: Sendable, Equatable {
    /// A part of the payments takes `factor` times as long.
    package struct Slow: Sendable, Equatable {
        package var share: Double
        package var factor: Double

        package init(share: Double, factor: Double) {
            self.share = share
            self.factor = factor
        }
    }

    /// A part of the payments takes just `after`: the network stands in for a silent issuer.
    package struct StandIn: Sendable, Equatable {
        package var share: Double
        package var after: Duration

        package init(share: Double, after: Duration) {
            self.share = share
            self.after = after
        }
    }

    /// The first payment, and each after `idle` without one, takes `extra` more.
    package struct FirstCall: Sendable, Equatable {
        package var extra: Duration
        package var idle: Duration

        package init(extra: Duration, idle: Duration) {
            self.extra = extra
            self.idle = idle
        }
    }

    package var law = LatencyLaw.constant(.zero)
    /// Servers that work on one payment at a time each, with a queue before them; nil: no payment
    /// waits for another.
    package var servers: Int?
    package var slow: Slow?
    package var standIn: StandIn?
    package var firstCall: FirstCall?
    /// Over every 10,000 payments the delays are the law's own quantiles in a seeded order.
    package var isStratified = false

    package init(_ law: LatencyLaw = .constant(.zero)) { self.law = law }

    /// Nothing a file may say takes longer.
    package static let longest: Duration = .seconds(600)
}

/// The distribution of the provider's time, or of a server's in a queue.
package enum LatencyLaw: Sendable, Equatable {
    case constant(Duration)
    case uniform(from: Duration, to: Duration)
    case exponential(mean: Duration)
    /// Lognormal, given by two of its quantiles.
    case lognormal(p50: Duration, p99: Duration)
    case bimodal(fast: Duration, slow: Duration, slowShare: Double)
    /// Pareto (type I), given by two of its quantiles; cut at `Latency.longest`.
    case pareto(p50: Duration, p99: Duration)
    /// Straight lines between quantiles, from 0 to 1.
    case empirical([QuantilePoint])
}

/// The share `quantile` of all values is at most `time`.
package struct QuantilePoint: Sendable, Equatable {
    package var quantile: Double
    package var time: Duration

    package init(quantile: Double, time: Duration) {
        self.quantile = quantile
        self.time = time
    }
}
