/// What a rate has to keep to be carried.
///
/// Each promise bounds a share of the scheduled payments: shares need one count a slice, and grow with
/// the rate where quantiles jump (`truth.md`, 7).
package struct Promises: Codable, Sendable, Equatable {
    /// `response_time.p99 < 250ms`: at most 1 % of the payments take longer, or fail.
    package struct Latency: Codable, Sendable, Equatable {
        /// Above 0, below 1.
        package var quantile: Double
        package var limitSeconds: Double

        package init(quantile: Double, limitSeconds: Double) {
            precondition(quantile > 0 && quantile < 1, "a quantile lies between 0 and 1")
            precondition(limitSeconds > 0, "a limit is a time")
            self.quantile = quantile
            self.limitSeconds = limitSeconds
        }
    }

    package var latencies: [Latency]
    /// The share of payments that may fail; nil: failures count only as payments that took too long.
    package var errors: Double?

    package init(latencies: [Latency], errors: Double?) {
        precondition(!latencies.isEmpty || errors != nil, "a capacity keeps some promise")
        precondition(errors.map { $0 >= 0 && $0 < 1 } ?? true, "a share of failures below 1")
        self.latencies = latencies
        self.errors = errors
    }

    /// The longest limit; 0 without a promise on latency.
    package var longestLimit: Double { latencies.map(\.limitSeconds).max() ?? 0 }

    /// Payments of a proof in which the rarest of slow ones come `tailEvents` times, and in which no
    /// failure at all proves that few fail: t² / share, with t ≈ 2.13 of five slices.
    func payments(forTailEvents tailEvents: Double) -> Double {
        let slow = latencies.map { tailEvents / (1 - $0.quantile) }.max() ?? 0
        let failing = errors.map { $0 > 0 ? 5 / $0 : 0 } ?? 0
        return max(slow, failing)
    }

    var criteria: [Criterion] {
        latencies.indices.map(Criterion.latency) + (errors == nil ? [] : [.errors])
    }

    /// The share that may miss it.
    func allowed(_ criterion: Criterion) -> Double {
        switch criterion {
        case .latency(let index): 1 - latencies[index].quantile
        case .errors: errors ?? 1
        }
    }
}

/// One promise of several.
enum Criterion: Codable, Sendable, Equatable {
    case latency(Int)
    case errors
}
