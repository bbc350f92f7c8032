/// What can be wrong with the check of a budget.
package enum BudgetProblem: Error, Equatable, Sendable {
    /// What budgets share with conditions.
    case clause(ConditionProblem)
    /// Neither a value nor the baseline.
    case unknownLimit(String, Metric.Unit)
    /// `baseline` with something behind it that is no allowance for this metric.
    case malformedAllowance(String, Metric)
    /// `==` or `!=` with a metric that is measured, not counted.
    case equalToMeasured(Comparison, Metric)
    case equalToBaseline(Comparison)
    /// It holds, or fails, whatever the run does.
    case foregone(String, holds: Bool)
}
