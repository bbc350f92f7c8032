import Documents
import Payments

/// What an adapter may say; its name is the key it stands under.
private enum AdapterKey: String, FieldKey {
    case port, seed, auth, service, preset, latency, stall, answers, drops, limits, faults
    case `repeat`
    case ledgerEntries = "ledger_entries"
}

extension Rule where Value == [Adapter] {
    /// - Parameter host: whose credentials and service hold for adapters that name none.
    static func adapters(of host: Provider) -> Rule {
        Rule { node, complaints in
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
        guard let fields = Fields<AdapterKey>(entry.value, complaints: complaints), let name
        else { return nil }
        let preset = fields.read(.preset, by: Rule<Preset>.word)?.provider
        var provider = ProviderBehaviour(fields).read(in: host, over: preset ?? Provider())
        provider.name = name
        let port = fields.read(.port, by: .integer(in: 0...65_535))
        if port == nil, provider.faults.contains(where: { $0.effect == .refuse }) {
            complaints.add(ProviderProblem.needsPort, at: fields[.faults]?.place)
        }
        return Adapter(port: port, provider: provider)
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
