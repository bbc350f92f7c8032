import Arrivals
import Capacity
import Metrics
import Scenarios

/// A promise of `capacity.sustain` that a search can't count by payment.
package struct UncountedPromise: Error, Equatable {
    package var text: String

    package var sentence: String {
        "capacity.sustain: \(text) can't be searched for; response_time percentiles above p0 and "
            + "below p100, and errors.rate, each for all payments and with < or <=, can"
    }
}

extension CapacitySettings {
    package init(_ capacity: Scenario.Capacity) throws(UncountedPromise) {
        self.init(
            promises: try Promises(capacity.sustain), from: capacity.search.from.perSecond,
            to: capacity.search.to.perSecond)
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
    fileprivate init(_ budgets: [Budget]) throws(UncountedPromise) {
        var latencies: [Latency] = []
        var errors: Double?
        for budget in budgets {
            guard budget.selection.labels.isEmpty,
                [.less, .lessOrEqual].contains(budget.comparison)
            else { throw UncountedPromise(text: budget.text) }
            switch (budget.metric, budget.limit) {
            case (.time(.responseTime, .percentile(let percent)), .absolute(.duration(let limit)))
            where percent > 0 && percent < 100:
                latencies.append(
                    Latency(quantile: percent / 100, limitSeconds: limit / .seconds(1)))
            case (.errors(.rate), .absolute(.ratio(let share))) where share < 1:
                errors = min(errors ?? 1, share)
            case (.time, _), (.errors, _), (.outcome, _), (.code, _), (.rate, _), (.skipped, _),
                (.generatorCPU, _):
                throw UncountedPromise(text: budget.text)
            }
        }
        self.init(latencies: latencies, errors: errors)
    }
}
