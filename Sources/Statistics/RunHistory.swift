import Glibc

/// One figure of the accepted runs of an environment: how much it varies from run to run, which no
/// single run can tell (`truth.md`, 6.1).
package struct RunHistory: Sendable, Equatable {
    /// Fewer do not tell the spread.
    package static let fewestRuns = 20

    package let runs: Int
    /// Of the logarithms.
    let mean: Double
    /// Of the logarithms, with runs − 1.
    package let spread: Double
    private var law: StudentT { StudentT(degreesOfFreedom: runs - 1) }

    /// nil with fewer than 20 runs, or a value that is not above 0.
    package init?(_ values: [Double]) {
        guard values.count >= Self.fewestRuns, values.allSatisfy({ $0 > 0 }) else { return nil }
        let logarithms = values.map { log($0) }
        let mean = logarithms.reduce(0, +) / Double(values.count)
        let squares = logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        runs = values.count
        self.mean = mean
        spread = (squares / Double(values.count - 1)).squareRoot()
    }

    /// New runs against these: mean of their logarithms less that of the history, give or take
    /// t · s √(1/k + 1/K), the prediction interval of the mean of k new runs. nil without any.
    package func difference(of values: [Double], confidence: Double = 0.95) -> Difference? {
        guard !values.isEmpty, values.allSatisfy({ $0 > 0 }) else { return nil }
        let level = values.reduce(0) { $0 + log($1) } / Double(values.count)
        let share = 1 / Double(values.count) + 1 / Double(runs)
        let half = law.quantile(confidence: confidence) * spread * share.squareRoot()
        let value = level - mean
        return Difference(
            value: value, lower: value - half, upper: value + half, confidence: confidence)
    }

    /// `decision` of the first run and up to two that confirm it.
    package static let mostRuns = 3

    package func decision(
        of values: [Double], allowed: Allowance, confidence: Double = 0.95
    ) -> BudgetDecision {
        guard let difference = difference(of: values, confidence: confidence) else {
            return .inconclusive
        }
        let limit: Limit =
            switch allowed {
            case .more(let share): .atMost(log1p(share))
            case .less(let share): .atLeast(log1p(-share))
            }
        return limit.decision(lower: difference.lower, upper: difference.upper)
    }

    /// The interval of a run's figure, widened by what runs differ: what another run would show. Each
    /// bound's distance as a logarithm, and t · s, as the root of their squares.
    package func widened(
        value: Double, lower: Double, upper: Double, confidence: Double = 0.95
    ) -> ClosedRange<Double> {
        precondition(0 < lower && lower <= value && value <= upper, "an interval of a level")
        let runs = law.quantile(confidence: confidence) * spread
        let least = value * exp(-hypot(log(value / lower), runs))
        return least...(value * exp(hypot(log(upper / value), runs)))
    }

    /// The share of runs that would exceed `limit` though nothing changed: an absolute budget at
    /// N exp(3 s) or above is calm. Student's t of one new run.
    package func chance(ofExceeding limit: Double) -> Double {
        precondition(limit > 0, "a limit of a level")
        let deviation = log(limit) - mean
        let error = spread * (1 + 1 / Double(runs)).squareRoot()
        guard error > 0 else { return deviation < 0 ? 1 : 0 }
        let beyond = (1 - law.probability(within: deviation / error)) / 2
        return deviation < 0 ? 1 - beyond : beyond
    }
}
