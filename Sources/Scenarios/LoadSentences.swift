import Documents
import Metrics
import Payments

extension LoadProblem {
    package var sentence: String {
        switch self {
        case .noLoad:
            "neither load nor flows; load: [phases] or flows: { NAME: [phases] } is required here"
        case .emptyMapping(let allowed): "an empty mapping; allowed: \(allowed)"
        case .twoLoads: "load and flows; one of the two is allowed"
        case .noModel:
            "neither rate, users nor arrivals from a file; rate: 500/s (open model), users: 50 "
                + "(closed model) or arrivals: { file: arrivals.csv } is allowed"
        case .severalModels(let keys):
            "\(keys.joined(separator: " and ")) in one phase; rate (open model), users (closed "
                + "model) or arrivals from a file is allowed"
        case .endless: "a phase without end; for: 30s, payments: 5000 or both are allowed"
        case .needsLength(let what): "\(what) without for; for: 30s says how long the change takes"
        case .onlyWith(let key, let other):
            "\(key) without \(other); \(key) is allowed in phases with \(other)"
        case .notBeside(let key, let other, let allowed):
            "\(key) beside \(other); allowed beside \(other): \(list(allowed))"
        case .nothingDue: "from 0 to 0; one of the two has to be above 0"
        case .onlyPauses: "nothing but pauses; at least one phase has to make payments"
        case .tooManyStairs(let count, let most):
            "these are \(count) stairs; at most \(most) are allowed, or a ramp, { from, to }"
        case .tooManyPasses(let count, let most):
            "phases run \(count) times in all, counting every repeat; at most \(most) is allowed"
        case .spikeTooLate(let ends, let length):
            "the spike ends after \(ends.written) and the phase after \(length.written); at and "
                + "lasting within the phase are allowed"
        case .fromAboveTo(let from, let to):
            "from \(from) to \(to); allowed: to above from"
        case .arrivals(let file, let problem):
            "file \(quoted(file)): \(problem.sentence)"
        case .labelInUntil(let label):
            "label \(label.rawValue) in until, which is about its own phase; allowed: payment, "
                + "outcome"
        case .duplicateName(let name, let first):
            "name \(quoted(name)) again, first at \(first.line):\(first.column); once is allowed"
        case .unknownName(let kind, let name, let known):
            "there is no \(kind) \(quoted(name)); allowed: "
                + (known.isEmpty ? "none" : list(known.map(shown))) + nearest(name, in: known)
        case .weights(let sum, let most):
            "the weights of the mix add up to \(sum); at most \(most) is allowed"
        }
    }
}

extension ConditionProblem: Problem {
    package var sentence: String {
        switch self {
        case .malformed(let text):
            "\(quoted(text)); allowed: metric op value, then over a duration if need be, such as "
                + "errors.rate > 50% over 5s"
        case .unknownMetric(let name):
            "unknown metric \(quoted(name)); allowed: \(list(Metric.forms))"
                + nearest(name, in: candidates(for: name))
        case .unknownStatistic(let name, let time):
            "\(time.rawValue) has no \(quoted(name)); allowed: p0 to p100 such as p99.9, "
                + "\(list(statistics))" + nearest(name, in: statistics)
        case .unknownOutcome(let name):
            "unknown outcome \(quoted(name)); allowed: \(list(outcomes))"
                + nearest(name, in: outcomes)
        case .unknownLabel(let name):
            "unknown label \(quoted(name)); allowed: \(list(labels))" + nearest(name, in: labels)
        case .malformedLabel(let text):
            "\(quoted(text)); allowed between the braces: label=value, separated by commas"
        case .labelTwice(let label): "label \(label.rawValue) again; once is allowed"
        case .labelNotHere(let label, let metric):
            "label \(label.rawValue) with \(metric.name); allowed with it: "
                + list(Selection.Label.allCases.filter(metric.labels.contains).map(\.rawValue))
        case .unknownComparison(let sign):
            "\(quoted(sign)) compares nothing; allowed: "
                + list(Comparison.allCases.map(\.rawValue))
        case .wrongUnit(let text, let unit): "\(quoted(text)); allowed: \(unit.examples)"
        case .ratioOutOfRange(let text):
            "\(shown(text)) is out of range; allowed: 0 to 1, or 0% to 100%"
        case .badWindow(let text):
            "\(quoted(text)) behind over; allowed: \(Condition.windows.lowerBound.written) to "
                + "\(Condition.windows.upperBound.written), with its unit"
        }
    }
}

private let statistics = ["mean", "max", "min", "stddev"]
private let outcomes = Outcome.allCases.map(\.name)
private let labels = Selection.Label.allCases.map(\.rawValue)

/// Whole names that an unknown one may have been meant to be, its own last part with each time.
private func candidates(for name: String) -> [String] {
    let dot = name.firstIndex(of: ".")
    let statistic = dot.map { String(name[name.index(after: $0)...]) } ?? "p99"
    let times = Metric.Time.allCases.map { "\($0.rawValue).\(statistic)" }
    return Metric.forms.filter { !$0.contains("NAME") } + times.filter { isMetric($0) }
        + Outcome.allCases.flatMap { ["outcome.\($0.name).rate", "outcome.\($0.name).count"] }
}

private func isMetric(_ name: String) -> Bool { (try? Metric(named: name)) != nil }

extension Metric.Unit {
    fileprivate var examples: String {
        switch self {
        case .duration: Quantity.duration.examples
        case .ratio: Quantity.ratio.examples
        case .count: "a whole number such as 10"
        case .perSecond: Quantity.rate.examples
        }
    }
}
