import Documents
import Payments

extension Rule where Value == JSONTemplate {
    /// A mapping of any depth; texts may hold templates, numbers stay as they are written.
    static func jsonObject(_ surroundings: Surroundings) -> Rule {
        let key = Shape.text(pattern: #"^(?!.*\$\{)"#, words: "a name without templates")
        return Rule(.map(of: json(surroundings).shape, keys: key, least: 0)) { node, complaints in
            guard case .mapping = node.content else {
                let allowed = "a mapping, as it is sent in JSON"
                complaints.add(
                    ValueProblem.wrongType(read: node.content, allowed: allowed), at: node.place)
                return nil
            }
            return json(surroundings).read(node, complaints)
        }
    }

    private static func json(_ surroundings: Surroundings) -> Rule {
        Rule(.json(texts: TemplateScope.request.shape)) { node, complaints in
            switch node.content {
            case .scalar(let scalar): return value(scalar, node, surroundings, complaints)
            case .sequence(let nodes):
                return .array(nodes.compactMap { json(surroundings).read($0, complaints) })
            case .mapping(let entries):
                return .object(
                    entries.compactMap { entry in
                        check(key: entry, complaints)
                        return json(surroundings).read(entry.value, complaints)
                            .map { JSONTemplate.Member(name: entry.key, value: $0) }
                    })
            }
        }
    }

    private static func check(key entry: Node.Entry, _ complaints: Complaints) {
        if entry.key.contains("${") {
            complaints.add(TemplateProblem.inKey(entry.key), at: entry.keyPlace)
        }
        if let card = CardNumber.first(in: entry.key) {
            complaints.add(GuardRail.cardNumber(card.masked), at: entry.keyPlace)
        }
    }

    private static func value(
        _ scalar: Scalar, _ node: Node, _ surroundings: Surroundings, _ complaints: Complaints
    ) -> JSONTemplate? {
        switch scalar.meaning {
        case .nothing: return .null
        case .boolean(let value): return .boolean(value)
        case .ambiguous:
            complaints.add(ValueProblem.ambiguousNumber(scalar.text), at: node.place)
            return nil
        case .number:
            if let card = CardNumber.first(in: scalar.text) {
                complaints.add(GuardRail.cardNumber(card.masked), at: node.place)
            }
            return .number(scalar.text)
        case .text:
            return Rule<Template>.template(.request, surroundings).withoutCardNumbers
                .read(node, complaints).map { .string($0) }
        }
    }
}
