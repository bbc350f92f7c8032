import Metrics
import Results

/// What a budget is worth where not all of the load was sent.
extension BudgetResult {
    /// A pass is no pass: more load would have met another target. A fail that more load could not have
    /// undone stays one.
    ///
    /// - Parameter part: of the load, in words: `3/4`.
    package func seen(at part: String, of budget: Budget) -> BudgetResult {
        var seen = self
        if verdict == .fail, growsWithLoad(budget) {
            seen.reason = "Failed at \(part) of the load: \(reason)"
            return seen
        }
        seen.verdict = .inconclusive
        seen.reason = "At \(part) of the load, which does not tell of the whole: \(reason)"
        return seen
    }

    /// A budget with windows, where a second is not the same second for all who sent.
    package func unaligned(of budget: Budget) -> BudgetResult {
        guard budget.window != nil else { return self }
        var unaligned = self
        unaligned.verdict = .inconclusive
        unaligned.reason =
            "The clocks of the shards are not known to agree, so that there are no common "
            + "windows: \(reason)"
        return unaligned
    }

    /// Whether the value would have been at least as far beyond the limit at the whole load.
    private func growsWithLoad(_ budget: Budget) -> Bool {
        switch budget.comparison {
        case .less, .lessOrEqual: true
        case .equal: value ?? 0 > limit ?? .infinity
        case .greater, .greaterOrEqual, .notEqual: false
        }
    }
}
