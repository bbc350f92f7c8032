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

    /// Any other promise: about some of the payments, or about how they end.
    package struct Share: Codable, Sendable, Equatable {
        /// What a payment has to do to miss it.
        package enum Miss: Codable, Sendable, Equatable {
            /// To take longer; to fail, too, where the promise is not about one outcome.
            case taking(seconds: Double)
            case failing
            /// By the name of the outcome.
            case ending(String)
            case endingOtherwise(String)
        }

        /// As it was written: `in_doubt.rate < 0.01%`.
        package var text: String
        /// It is about these payments of the mix only; nil: about all.
        package var payment: String?
        /// It is about payments that end so only; nil: about all.
        package var outcome: String?
        package var miss: Miss
        /// Of the payments that it is about, those that may miss it.
        package var most: Double
        /// Of all payments, those that it is about, as far as that is known before.
        package var portion: Double

        package init(
            _ text: String, payment: String? = nil, outcome: String? = nil, miss: Miss,
            most: Double, portion: Double = 1
        ) {
            precondition(most >= 0 && most < 1, "a share below 1")
            precondition(portion > 0 && portion <= 1, "it is about some payments")
            self.text = text
            self.payment = payment
            self.outcome = outcome
            self.miss = miss
            self.most = most
            self.portion = portion
        }
    }

    package var latencies: [Latency]
    /// The share of payments that may fail; nil: failures count only as payments that took too long.
    package var errors: Double?
    package var shares: [Share]

    package init(latencies: [Latency], errors: Double?, shares: [Share] = []) {
        precondition(
            !latencies.isEmpty || errors != nil || !shares.isEmpty,
            "a capacity keeps some promise")
        precondition(errors.map { $0 >= 0 && $0 < 1 } ?? true, "a share of failures below 1")
        self.latencies = latencies
        self.errors = errors
        self.shares = shares
    }

    /// The longest limit; 0 without a promise on latency.
    package var longestLimit: Double {
        (latencies.map(\.limitSeconds) + shares.compactMap(\.limitSeconds)).max() ?? 0
    }

    /// Payments of a proof in which the rarest of slow ones come `tailEvents` times, and in which no
    /// failure at all proves that few fail: t² / share, with t ≈ 2.13 of five slices.
    func payments(forTailEvents tailEvents: Double) -> Double {
        let slow = latencies.map { tailEvents / (1 - $0.quantile) }
        let failing = errors.map { $0 > 0 ? [5 / $0] : [] } ?? []
        let others = shares.map { share -> Double in
            guard share.most > 0 else { return 0 }
            let events = share.limitSeconds == nil ? 5 : tailEvents
            return events / share.most / share.portion
        }
        return (slow + failing + others).max() ?? 0
    }

    var criteria: [Criterion] {
        latencies.indices.map(Criterion.latency) + (errors == nil ? [] : [.errors])
            + shares.indices.map(Criterion.share)
    }

    /// The share that may miss it.
    func allowed(_ criterion: Criterion) -> Double {
        switch criterion {
        case .latency(let index): 1 - latencies[index].quantile
        case .errors: errors ?? 1
        case .share(let index): shares[index].most
        }
    }

    /// Of failures and other ends: their share may stand still far above the capacity.
    func isOfEnds(_ criterion: Criterion) -> Bool {
        switch criterion {
        case .latency: false
        case .errors: true
        case .share(let index): shares[index].limitSeconds == nil
        }
    }
}

extension Promises.Share {
    /// nil where it is about no time.
    package var limitSeconds: Double? {
        switch miss {
        case .taking(let seconds): seconds
        case .failing, .ending, .endingOtherwise: nil
        }
    }
}

/// One promise of several.
enum Criterion: Codable, Sendable, Equatable {
    case latency(Int)
    case errors
    /// Of `Promises.shares`.
    case share(Int)
}
