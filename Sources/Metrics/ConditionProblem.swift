/// What can be wrong with a condition or a budget.
package enum ConditionProblem: Error, Equatable, Sendable {
    /// Not of the shape `metric op value`.
    case malformed(String)
    case unknownMetric(String)
    case unknownStatistic(String, of: Metric.Time)
    case unknownOutcome(String)
    case unknownLabel(String)
    case malformedLabel(String)
    case labelTwice(Selection.Label)
    /// A label that means nothing for the metric.
    case labelNotHere(Selection.Label, Metric)
    case unknownComparison(String)
    case wrongUnit(String, Metric.Unit)
    case ratioOutOfRange(String)
    case badWindow(String)
}
