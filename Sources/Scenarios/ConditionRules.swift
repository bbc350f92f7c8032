import Documents
import Metrics

extension Rule where Value == [Condition] {
    /// One condition, or a list of them.
    static func conditions(_ names: Names) -> Rule {
        let one = Rule<Condition>.condition(names)
        return Rule(.oneOf([one.shape, one.list.shape])) { node, complaints in
            switch node.content {
            case .sequence: one.list.read(node, complaints)
            case .scalar, .mapping: one.read(node, complaints).map { [$0] }
            }
        }
    }
}

extension Rule where Value == Condition {
    fileprivate static func condition(_ names: Names) -> Rule {
        let allowed = "a condition such as in_doubt.count > 10"
        return Rule<String>.text.described(allowed).shaped(.text(pattern: nil, words: allowed))
            .then { text throws(Violation) in
                let condition: Condition
                do throws(ConditionProblem) {
                    condition = try Condition(text)
                } catch { throw Violation(error) }
                try condition.selection.check(names)
                return condition
            }
    }
}

extension Selection {
    /// Every label names something that the file has.
    fileprivate func check(_ names: Names) throws(Violation) {
        let references = [
            (Label.phase, phase, names.phases), (.payment, payment, names.payments),
            (.flow, flow, names.flows),
        ]
        for (label, name, known) in references {
            guard let name, !known.contains(name) else { continue }
            throw Violation(LoadProblem.unknownName(label.rawValue, name, known: known))
        }
    }
}
