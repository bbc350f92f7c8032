import Documents
import Metrics

/// Budgets in a file of their own: a list, or a mapping with the list under `budgets`.
package enum BudgetFile {
    /// - Parameters:
    ///   - name: how complaints call the file.
    ///   - names: what labels may name, those of the scenario or of the stored result.
    ///   - baseline: whether there is one for relative budgets.
    package static func read(
        bytes: [UInt8], name: String, names: Names, baseline: BaselineSupply
    ) throws(DocumentError) -> [Budget] {
        let complaints = Complaints(file: name)
        let root = Document.read(bytes: bytes, complaints: complaints)?.root
        let budgets = root.flatMap { rule(names).read($0, complaints) }
        if let root, let budgets, baseline == .none {
            checkBaseline(of: budgets, root["budgets"] ?? root, complaints)
        }
        try complaints.check()
        guard let budgets else { throw DocumentError(file: name, place: nil, FileProblem.empty) }
        return budgets
    }

    private static func rule(_ names: Names) -> Rule<[Budget]> {
        Rule<[Budget]>.budgets(names).or(
            mapping: .mapping { (fields: Fields<BudgetFileKey>) in
                fields.read(.budgets, by: .budgets(names))
            })
    }

    /// Complains about each relative budget.
    static func checkBaseline(of budgets: [Budget], _ list: Node?, _ complaints: Complaints) {
        guard case .sequence(let nodes) = list?.content else { return }
        for (budget, node) in zip(budgets, nodes) where budget.isRelative {
            let place = node["check"]?.place ?? node.place
            complaints.add(JudgingProblem.noBaseline(budget.text), at: place)
        }
    }
}

/// Whether relative budgets have something to be relative to, beside what the file itself says.
package enum BaselineSupply: Sendable {
    case none
    /// The command line, or whoever calls, brings one.
    case given
}

private enum BudgetFileKey: String, FieldKey {
    case budgets

    var field: Field {
        switch self {
        case .budgets: ScenarioKey.budgets.field
        }
    }
}
