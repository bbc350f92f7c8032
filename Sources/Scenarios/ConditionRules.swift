import Documents
import Metrics

/// Where a condition stands, which decides what it is about.
enum ConditionPlace {
    /// `limits.stop_if`: the run, or any part of it.
    case run
    /// `until`: the phase that it stands in.
    case phase
}

extension Rule where Value == [Condition] {
    /// One condition, or a list of them.
    static func conditions(_ place: ConditionPlace, _ names: Names) -> Rule {
        let one = Rule<Condition>.condition(place, names)
        return Rule(.oneOf([one.shape, one.list.shape])) { node, complaints in
            switch node.content {
            case .sequence: one.list.read(node, complaints)
            case .scalar, .mapping: one.read(node, complaints).map { [$0] }
            }
        }
    }
}

extension Rule where Value == Condition {
    fileprivate static func condition(_ place: ConditionPlace, _ names: Names) -> Rule {
        let allowed = "a condition such as in_doubt.count > 10"
        return Rule<String>.text.described(allowed).shaped(.text(pattern: nil, words: allowed))
            .then { text throws(Violation) in
                let condition: Condition
                do throws(ConditionProblem) {
                    condition = try Condition(text)
                } catch { throw Violation(error) }
                let labels = condition.selection.labels
                for label in [Selection.Label.phase, .flow]
                where place == .phase && labels.contains(label) {
                    throw Violation(LoadProblem.labelInUntil(label))
                }
                try condition.selection.check(names)
                return condition
            }
    }
}

extension Selection {
    /// Every label names something that the file has.
    func check(_ names: Names) throws(Violation) {
        if let flow, !names.flows.contains(flow) {
            throw Violation(LoadProblem.unknownName("flow", flow, known: names.flows))
        }
        if let phase, !names.hasPhase(phase, of: flow) {
            let known = names.phases(of: flow)
            throw Violation(LoadProblem.unknownName("phase", phase, known: known))
        }
        if let payment, !names.payments.contains(payment) {
            throw Violation(LoadProblem.unknownName("payment", payment, known: names.payments))
        }
        if let adapter, !names.adapters.contains(adapter) {
            throw Violation(LoadProblem.unknownName("adapter", adapter, known: names.adapters))
        }
    }
}
