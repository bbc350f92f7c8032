import Documents

/// What the file calls its payments, phases and flows, gathered before anything is read: so that a
/// reference can be judged where it stands, whatever else is wrong.
package struct Names: Sendable, Equatable {
    private(set) var payments: [String] = []
    private(set) var flows: [String] = []
    private(set) var adapters: [String] = []

    /// Phases by flow, nil for the only one that has no name.
    private var phasesOfFlows: [FlowNames] = []

    private struct FlowNames: Equatable {
        var flow: String?
        var phases: [String]
    }

    /// For what rules say about themselves.
    static let none = Names()

    private init() {}

    /// Those of a scenario, or as a stored result has them.
    ///
    /// - Parameter phases: by flow, nil for the only one without a name.
    package init(
        payments: [String], phases: [(flow: String?, names: [String])], adapters: [String] = []
    ) {
        self.payments = payments
        self.adapters = adapters
        flows = phases.compactMap(\.flow)
        phasesOfFlows = phases.map { FlowNames(flow: $0.flow, phases: $0.names) }
    }

    package init(_ scenario: Scenario) {
        self.init(
            payments: scenario.payments.map(\.name),
            phases: scenario.flows.map { ($0.name, $0.phases.map(\.name)) },
            adapters: scenario.adapters.map(\.name))
    }

    init(_ fields: Fields<ScenarioKey>) {
        payments = Self.items(of: fields[.payments]).compactMap { Self.text(of: $0["name"]) }
        if case .mapping(let entries) = fields[.adapters]?.content {
            adapters = entries.map(\.key)
        }
        if let load = fields[.load] {
            phasesOfFlows.append(FlowNames(flow: nil, phases: Self.phases(of: load)))
        }
        guard case .mapping(let entries) = fields[.flows]?.content else { return }
        flows = entries.map(\.key)
        phasesOfFlows += entries.map {
            FlowNames(flow: $0.key, phases: Self.phases(of: $0.value))
        }
    }

    /// Of a flow, or of all of them, each name once.
    func phases(of flow: String?) -> [String] {
        let all = phasesOfFlows.filter { flow == nil || $0.flow == flow }.flatMap(\.phases)
        return all.enumerated().filter { !all[..<$0.offset].contains($0.element) }.map(\.element)
    }

    /// Whether there is such a phase, by its name alone or behind its flow's: `web/steady`.
    func hasPhase(_ name: String, of flow: String?) -> Bool {
        phasesOfFlows.contains { entry in
            guard flow == nil || entry.flow == flow else { return false }
            return entry.phases.contains { phase in
                name == phase || entry.flow.map { name == "\($0)/\(phase)" } ?? false
            }
        }
    }

    private static func phases(of load: Node) -> [String] {
        items(of: load).flatMap { step in
            [text(of: step["phase"])].compactMap(\.self) + (step["load"].map(phases) ?? [])
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
