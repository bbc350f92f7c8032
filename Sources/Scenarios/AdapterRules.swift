import Arrivals
import Documents
import Payments

private enum AdapterKey: String, TargetOverrideKey {
    case baseURL = "base_url"
    case path, headers, auth
    case paymentMethod = "payment_method"
    case timeouts, tls, rate, reference

    var field: Field {
        switch self {
        case .baseURL: TargetOverrides.baseURL
        case .path: TargetOverrides.path
        case .headers: TargetOverrides.headers
        case .auth: TargetOverrides.auth
        case .paymentMethod: TargetOverrides.paymentMethod
        case .timeouts: TargetOverrides.timeouts
        case .tls: TargetOverrides.tls
        case .rate:
            Field(
                "More than this is never sent to it.", Rule<Rate>.rate, .otherwise("no limit"),
                example: "200/s")
        case .reference:
            Field(
                "What the others are judged against; one of them.", Rule.boolean,
                .otherwise("the first one is"))
        }
    }
}

extension Rule where Value == [Scenario.Adapter] {
    /// Adapters by name, 2 to 8, one of them the reference.
    static func adapters(_ overrides: TargetOverrides) -> Rule {
        let adapter = Rule<Scenario.Adapter>.adapter(overrides)
        return Rule(.map(of: adapter.shape, keys: Rule<String>.label.shape, least: 2)) {
            node, complaints in
            let allowed = "a mapping of names to what differs from target"
            guard case .mapping(let entries) = node.content else {
                let problem = ValueProblem.wrongType(read: node.content, allowed: allowed)
                complaints.add(problem, at: node.place)
                return nil
            }
            var adapters = entries.compactMap { entry -> Scenario.Adapter? in
                let key = Node(
                    place: entry.keyPlace,
                    content: .scalar(Scalar(text: entry.key, quoted: true)))
                let name = Rule<String>.label.read(key, complaints)
                var read = adapter.read(entry.value, complaints)
                read?.name = entry.key
                return name == nil ? nil : read
            }
            if !Scenario.Adapter.counts.contains(entries.count) {
                complaints.add(ComparingProblem.adapterCount(entries.count), at: node.place)
            }
            checkReference(entries, complaints)
            guard adapters.count == entries.count, !adapters.isEmpty else { return nil }
            if !adapters.contains(where: \.isReference) { adapters[0].isReference = true }
            return adapters
        }
    }

    private static func checkReference(_ entries: [Node.Entry], _ complaints: Complaints) {
        let marks = entries.compactMap { entry -> (name: String, place: Place)? in
            guard let node = entry.value[AdapterKey.reference.rawValue],
                case .scalar(let scalar) = node.content, scalar.text == "true"
            else { return nil }
            return (entry.key, node.place)
        }
        for mark in marks.dropFirst() {
            complaints.add(ComparingProblem.secondReference(first: marks[0].name), at: mark.place)
        }
    }
}

extension Rule where Value == Scenario.Adapter {
    /// Without its name, which stands in front of it.
    fileprivate static func adapter(_ overrides: TargetOverrides) -> Rule {
        .mapping { (fields: Fields<AdapterKey>) in
            let ceiling = fields.read(.rate, by: Rule<Rate>.rate)
            let isReference = fields.read(.reference, by: .boolean)
            guard let (target, method) = overrides.read(fields) else { return nil }
            return Scenario.Adapter(
                name: "", target: target, paymentMethod: method, rateCeiling: ceiling,
                isReference: isReference ?? false)
        }
    }
}
