import Documents
import Payments

/// What an adapter may say; its name is the key it stands under.
private enum AdapterKey: String, FieldKey {
    case port, seed, auth, service, preset, latency, stall, answers, drops, limits, faults
    case `repeat`
    case ledgerEntries = "ledger_entries"

    var field: Field {
        switch self {
        case .port:
            Field(
                "A port of its own that serves it at the plain path; 0: any free one.", Rule.port)
        case .seed: ProviderKey.seed.field
        case .auth: ProviderKey.auth.field
        case .service: ProviderKey.service.field
        case .preset: ProviderKey.preset.field
        case .latency: ProviderKey.latency.field
        case .stall: ProviderKey.stall.field
        case .answers: ProviderKey.answers.field
        case .drops: ProviderKey.drops.field
        case .limits: ProviderKey.limits.field
        case .faults: ProviderKey.faults.field
        case .repeat: ProviderKey.repeat.field
        case .ledgerEntries: ProviderKey.ledgerEntries.field
        }
    }
}

extension Rule where Value == Adapter {
    /// Without its name, which stands in front of it.
    fileprivate static func adapter(of host: Provider) -> Rule {
        .mapping { (fields: Fields<AdapterKey>) in
            let preset = fields.read(.preset, by: Rule<Preset>.word)?.provider
            let base = preset ?? Provider()
            let provider = ProviderBehaviour(fields).read(in: host, over: base)
            let port = fields.read(.port, by: .port)
            if port == nil, provider.faults.contains(where: { $0.effect == .refuse }) {
                let place = fields[.faults]?.place
                fields.complaints.add(ProviderProblem.needsPort, at: place)
            }
            return Adapter(port: port, provider: provider)
        }
    }
}

extension Rule where Value == Int {
    fileprivate static var port: Rule { .integer(in: 0...65_535) }
}

extension Rule where Value == [Adapter] {
    /// - Parameter host: whose credentials and service hold for adapters that name none.
    static func adapters(of host: Provider) -> Rule {
        Rule(
            .map(
                of: Rule<Adapter>.adapter(of: host).shape, keys: Rule<String>.label.shape, least: 1)
        ) { node, complaints in
            guard case .mapping(let entries) = node.content, !entries.isEmpty else {
                let allowed = "a mapping of names to providers, at least one"
                complaints.add(
                    ValueProblem.wrongType(read: node.content, allowed: allowed), at: node.place)
                return nil
            }
            let adapters = entries.compactMap { adapter($0, of: host, complaints) }
            checkPorts(adapters, entries, complaints)
            return adapters
        }
    }

    private static func adapter(
        _ entry: Node.Entry, of host: Provider, _ complaints: Complaints
    ) -> Adapter? {
        let key = Node(
            place: entry.keyPlace, content: .scalar(Scalar(text: entry.key, quoted: true)))
        let name = Rule<String>.label.read(key, complaints)
        if entry.value["adapters"] != nil {
            complaints.add(ProviderProblem.adapterInAdapter, at: entry.value["adapters"]?.place)
        }
        var adapter = Rule<Adapter>.adapter(of: host).read(entry.value, complaints)
        adapter?.provider.name = name ?? ""
        return name == nil ? nil : adapter
    }

    private static func checkPorts(
        _ adapters: [Adapter], _ entries: [Node.Entry], _ complaints: Complaints
    ) {
        var taken: Set<Int> = [0]
        for adapter in adapters {
            guard let port = adapter.port, port != 0, !taken.insert(port).inserted else { continue }
            let node = entries.first { $0.key == adapter.provider.name }?.value["port"]
            complaints.add(ProviderProblem.portTaken(port), at: node?.place)
        }
    }
}
