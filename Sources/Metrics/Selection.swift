import Payments

/// The part of a run that a metric is taken over; nil stands for all of it.
package struct Selection: Sendable, Hashable {
    package enum Label: String, CaseIterable, Sendable {
        case phase, payment, outcome, flow, adapter

        /// Those that mean something in conditions, or in budgets.
        package static func known(in use: ClauseUse) -> [Label] {
            switch use {
            case .condition: allCases.filter { $0 != .adapter }
            case .budget: allCases
            }
        }
    }

    package var phase: String?
    package var payment: String?
    package var outcome: Outcome?
    package var flow: String?
    package var adapter: String?

    package init(
        phase: String? = nil, payment: String? = nil, outcome: Outcome? = nil, flow: String? = nil,
        adapter: String? = nil
    ) {
        self.phase = phase
        self.payment = payment
        self.outcome = outcome
        self.flow = flow
        self.adapter = adapter
    }

    /// The labels that it has.
    package var labels: Set<Label> {
        let given: [(Label, Bool)] = [
            (.phase, phase != nil), (.payment, payment != nil), (.outcome, outcome != nil),
            (.flow, flow != nil), (.adapter, adapter != nil),
        ]
        return Set(given.filter(\.1).map(\.0))
    }

    /// `{phase=steady, outcome=accepted}`; empty for all of a run.
    package var text: String {
        let labels = [
            ("phase", phase), ("payment", payment), ("outcome", outcome?.name), ("flow", flow),
            ("adapter", adapter),
        ].compactMap { name, value in value.map { "\(name)=\($0)" } }
        return labels.isEmpty ? "" : "{\(labels.joined(separator: ", "))}"
    }
}

extension Selection {
    /// Reads what stands between the braces: `label=value`, separated by commas.
    init(labels: Substring) throws(ConditionProblem) {
        self.init()
        var seen: Set<Label> = []
        for pair in labels.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = pair.split(separator: "=", omittingEmptySubsequences: false)
                .map { String($0.trimmed) }
            guard sides.count == 2, !sides[1].isEmpty else {
                throw .malformedLabel(String(pair.trimmed))
            }
            guard let label = Label(rawValue: sides[0]) else { throw .unknownLabel(sides[0]) }
            guard seen.insert(label).inserted else { throw .labelTwice(label) }
            try set(label, to: sides[1])
        }
    }

    private mutating func set(_ label: Label, to value: String) throws(ConditionProblem) {
        switch label {
        case .phase: phase = value
        case .payment: payment = value
        case .flow: flow = value
        case .adapter: adapter = value
        case .outcome:
            guard let outcome = Outcome(name: value) else { throw .unknownOutcome(value) }
            self.outcome = outcome
        }
    }
}

extension Metric {
    /// What it can be divided by: as the counts of a run are kept.
    package var labels: Set<Selection.Label> {
        switch self {
        case .time(.responseTime, _), .time(.serviceTime, _), .rate(.completed):
            [.phase, .flow, .payment, .outcome, .adapter]
        case .errors, .outcome: [.phase, .flow, .payment, .adapter]
        case .time(.sendDelay, _), .time(.firstByte, _), .time(.connect, _), .time(.tls, _), .code,
            .skipped, .rate(.started):
            [.phase, .flow, .adapter]
        case .generatorCPU: []
        }
    }
}
