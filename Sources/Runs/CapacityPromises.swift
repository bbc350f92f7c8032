import Arrivals
import Capacity
import Metrics
import Payments
import Scenarios

/// A promise of `capacity.sustain` that a search can't count by payment.
package struct UncountedPromise: Error, Equatable {
    package var text: String

    package var sentence: String {
        "capacity.sustain: \(text) can't be searched for; response_time percentiles above p0 and "
            + "below p100, errors.rate with < or <=, and rates of outcomes can"
    }
}

extension CapacitySettings {
    /// - Parameter payments: the mix.
    package init(
        _ capacity: Scenario.Capacity, payments: [PaymentTemplate]
    ) throws(UncountedPromise) {
        self.init(
            promises: try Promises(capacity.sustain, payments: payments),
            from: capacity.search.from.perSecond, to: capacity.search.to.perSecond)
        tolerance = capacity.search.tolerance
        confidence = capacity.search.confidence
        budget = capacity.length / .seconds(1)
        step = StepLengths(
            settle: capacity.step.settle.map { $0 / .seconds(1) },
            measure: capacity.step.measure / .seconds(1), repeats: capacity.step.repeats)
        if let length = capacity.proof { proof.least = length / .seconds(1) }
        stepsDown = capacity.then.stepDown
        soak = capacity.then.soak.map {
            Soak(seconds: $0 / .seconds(1), share: capacity.then.soakAt)
        }
        expected = capacity.expect?.perSecond
    }
}

extension Promises {
    fileprivate init(
        _ budgets: [Budget], payments: [PaymentTemplate]
    ) throws(UncountedPromise) {
        var latencies: [Latency] = []
        var errors: Double?
        var shares: [Share] = []
        for budget in budgets {
            guard let bound = Bound(budget) else { throw UncountedPromise(text: budget.text) }
            switch (bound.miss, budget.selection.labels.isEmpty) {
            case (.taking(let seconds), true):
                latencies.append(Latency(quantile: 1 - bound.most, limitSeconds: seconds))
            case (.failing, true): errors = min(errors ?? 1, bound.most)
            case (.ending, _), (.endingOtherwise, _), (.taking, false), (.failing, false):
                shares.append(Share(budget, bound, payments: payments))
            }
        }
        self.init(latencies: latencies, errors: errors, shares: shares)
    }
}

extension Promises.Share {
    fileprivate init(_ budget: Budget, _ bound: Bound, payments: [PaymentTemplate]) {
        let (payment, outcome) = (budget.selection.payment, budget.selection.outcome)
        let weights = payments.reduce(0) { $0 + $1.weight }
        let own = payments.filter { payment == nil || $0.name == payment }
            .reduce(0) { $0 + $1.weight }
        self.init(
            budget.text, payment: payment, outcome: outcome?.name, miss: bound.miss,
            most: bound.most, portion: own > 0 ? Double(own) / Double(weights) : 1)
    }
}

/// A promise as the share of payments that may miss it.
private struct Bound {
    var miss: Promises.Share.Miss
    var most: Double

    init(miss: Promises.Share.Miss, most: Double) {
        self.miss = miss
        self.most = most
    }

    /// nil for what payments can't be counted by.
    init?(_ budget: Budget) {
        switch (budget.metric, budget.limit) {
        case (.time(.responseTime, .percentile(let percent)), .absolute(.duration(let limit))):
            guard percent > 0, percent < 100, budget.comparison.isUpper else { return nil }
            self.init(miss: .taking(seconds: limit / .seconds(1)), most: 1 - percent / 100)
        case (.errors(.rate), .absolute(.ratio(let share))):
            guard share < 1, budget.comparison.isUpper else { return nil }
            self.init(miss: .failing, most: share)
        case (.outcome(let outcome, .rate), .absolute(.ratio(let share))):
            let miss: Promises.Share.Miss =
                budget.comparison.isUpper ? .ending(outcome.name) : .endingOtherwise(outcome.name)
            let most = budget.comparison.isUpper ? share : 1 - share
            guard most < 1 else { return nil }
            self.init(miss: miss, most: most)
        case (.errors(.count), _):
            guard budget.allowsNone else { return nil }
            self.init(miss: .failing, most: 0)
        case (.outcome(let outcome, .count), _):
            guard budget.allowsNone else { return nil }
            self.init(miss: .ending(outcome.name), most: 0)
        case (.time, _), (.errors, _), (.outcome, _), (.code, _), (.rate, _), (.skipped, _),
            (.generatorCPU, _):
            return nil
        }
    }
}

extension Metrics.Comparison {
    /// An upper bound.
    fileprivate var isUpper: Bool { self == .less || self == .lessOrEqual }
}
