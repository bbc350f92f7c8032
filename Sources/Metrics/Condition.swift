/// When a phase or a run ends early: `errors.rate > 50% over 5s`.
package struct Condition: Sendable, Hashable {
    package var metric: Metric
    package var selection: Selection
    package var comparison: Comparison
    package var value: MetricValue
    /// The last stretch of time that the metric is taken over; nil: since the phase, or the run,
    /// began.
    package var window: Duration?
    /// As it was written.
    package var text: String

    package static let windows: ClosedRange<Duration> = .milliseconds(250)...(.seconds(3600))

    /// Reads `metric[{label=value, …}] op value [over window]`.
    package init(_ text: String) throws(ConditionProblem) {
        let clause = try Clause(text)
        try clause.checkUse()
        let words = clause.rest.split { $0 == " " || $0 == "\t" }
        guard words.count == 1 || words.count == 3 && words[1] == "over" else {
            throw .malformed(text)
        }
        metric = clause.metric
        selection = clause.selection
        comparison = clause.comparison
        value = try MetricValue(words[0], in: metric.unit)
        window = words.count == 3 ? try Self.window(words[2]) : nil
        self.text = text
    }

    private static func window(_ text: Substring) throws(ConditionProblem) -> Duration {
        guard let window = Duration(writing: text), windows.contains(window) else {
            throw .badWindow(String(text))
        }
        return window
    }
}

extension Clause {
    /// A condition is judged while the run goes on, over all adapters.
    fileprivate func checkUse() throws(ConditionProblem) {
        if metric == .generatorCPU { throw .unknownMetric(metric.name) }
        let known = Selection.Label.known(in: .condition)
        for label in Selection.Label.allCases
        where selection.labels.contains(label) && !known.contains(label) {
            throw .unknownLabel(label.rawValue)
        }
    }
}
