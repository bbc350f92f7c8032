import Documents

/// What the file calls its payments, phases and flows, gathered before anything is read: so that a
/// reference can be judged where it stands, whatever else is wrong.
struct Names {
    private(set) var payments: [String] = []
    private(set) var phases: [String] = []
    private(set) var flows: [String] = []

    /// For what rules say about themselves.
    static let none = Names()

    private init() {}

    init(_ fields: Fields<ScenarioKey>) {
        payments = Self.items(of: fields[.payments]).compactMap { Self.text(of: $0["name"]) }
        if let load = fields[.load] { addPhases(of: load) }
        guard case .mapping(let entries) = fields[.flows]?.content else { return }
        for entry in entries {
            flows.append(entry.key)
            addPhases(of: entry.value)
        }
    }

    private mutating func addPhases(of load: Node) {
        for step in Self.items(of: load) {
            if let name = Self.text(of: step["phase"]) { phases.append(name) }
            if let group = step["load"] { addPhases(of: group) }
        }
    }

    private static func items(of node: Node?) -> [Node] {
        guard case .sequence(let nodes) = node?.content else { return [] }
        return nodes
    }

    private static func text(of node: Node?) -> String? {
        guard case .scalar(let scalar) = node?.content else { return nil }
        return scalar.text
    }
}
