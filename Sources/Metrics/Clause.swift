/// The beginning that conditions and budgets share: `metric{label=value} op`, and what is behind it.
package struct Clause: Sendable, Hashable {
    package var metric: Metric
    package var selection: Selection
    package var comparison: Comparison
    /// What the metric is compared with, without blanks around it.
    package var rest: String

    package init(_ text: String) throws(ConditionProblem) {
        let trimmed = text.trimmed
        let end = trimmed.firstIndex { "{<>=!".contains($0) } ?? trimmed.endIndex
        guard end != trimmed.startIndex, end != trimmed.endIndex else { throw .malformed(text) }
        metric = try Metric(named: String(trimmed[..<end].trimmed))
        var behind = trimmed[end...]
        selection = Selection()
        if behind.first == "{" {
            guard let close = behind.firstIndex(of: "}") else { throw .malformed(text) }
            selection = try Selection(labels: behind.dropFirst()[..<close])
            behind = behind[behind.index(after: close)...].trimmed
        }
        for label in Selection.Label.allCases
        where selection.labels.contains(label) && !metric.labels.contains(label) {
            throw .labelNotHere(label, metric)
        }
        let sign = behind.prefix { "<>=!".contains($0) }
        guard !sign.isEmpty else { throw .malformed(text) }
        guard let known = Comparison(rawValue: String(sign)) else {
            throw .unknownComparison(String(sign))
        }
        comparison = known
        rest = String(behind.dropFirst(sign.count).trimmed)
        if rest.isEmpty { throw .malformed(text) }
    }
}

extension StringProtocol {
    /// Without blanks and tabs at both ends.
    var trimmed: SubSequence {
        let blanks: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var rest = drop(while: blanks)
        while let last = rest.last, blanks(last) { rest = rest.dropLast() }
        return rest
    }
}
