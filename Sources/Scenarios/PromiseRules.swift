import Arrivals
import Documents
import Metrics

extension Rule where Value == [Budget] {
    /// What a rate has to keep to be carried: at least one promise.
    static func promises(_ names: Names) -> Rule {
        let promise = Rule<Budget>.check(names).then { budget throws(Violation) in
            if let problem = budget.problemAsPromise { throw Violation(problem) }
            return budget
        }
        return Rule(.list(of: promise.shape, least: 1)) { node, complaints in
            guard let budgets = promise.list.read(node, complaints) else { return nil }
            if !budgets.isEmpty { return budgets }
            let problem = ValueProblem.emptyList(allowed: "at least one promise")
            complaints.add(problem, at: node.place)
            return nil
        }
    }
}

extension Budget {
    /// Why a step of the search can't be judged by it; nil: it can.
    fileprivate var problemAsPromise: CapacityProblem? {
        if isRelative { return .relative(text) }
        for label in [Selection.Label.phase, .flow, .adapter]
        where selection.labels.contains(label) {
            return .label(label)
        }
        switch (metric, comparison) {
        case (.errors(.rate), _), (.outcome(_, .rate), _): return nil
        case (.errors(.count), _), (.outcome(_, .count), _):
            return allowsNone ? nil : .notPromised(metric)
        case (.time(let time, .percentile), .less), (.time(let time, .percentile), .lessOrEqual):
            return time == .sendDelay ? .notPromised(metric) : nil
        case (.time(_, .percentile), _): return .wrongWay(comparison, metric)
        case (.time, _), (.code, _), (.rate, _), (.skipped, _), (.generatorCPU, _):
            return .notPromised(metric)
        }
    }
}

/// What can be wrong with `capacity`.
package enum CapacityProblem: Problem, Equatable {
    case relative(String)
    /// A label that means nothing in a step.
    case label(Selection.Label)
    /// A count, which grows with the step, or a figure that says nothing of the service.
    case notPromised(Metric)
    case wrongWay(Comparison, Metric)
    case expectAboveTo(Rate, to: Rate)
    case soakAtAlone

    package var sentence: String {
        switch self {
        case .relative(let check):
            "\(quoted(check)) is relative to a baseline, and a search has none; a value such as "
                + "response_time.p99 < 250ms is allowed"
        case .label(let label):
            "label \(label.rawValue) in sustain, whose steps have none; allowed: payment, outcome"
        case .notPromised(let metric):
            "\(metric.name) is no promise that a step can be judged by; allowed: percentiles such "
                + "as response_time.p99, errors.rate, in_doubt.rate, outcome.NAME.rate, and counts "
                + "that have to be 0"
        case .wrongWay(let comparison, let metric):
            "\(quoted(comparison.rawValue)) with \(metric.name), which grows with the load; allowed with "
                + "it: <, <="
        case .expectAboveTo(let expect, let to):
            "\(expect.written) is above search.to, \(to.written), and is never tried; allowed: up "
                + "to that"
        case .soakAtAlone: "soak_at without soak; soak: 10m says how long that rate is held"
        }
    }
}
