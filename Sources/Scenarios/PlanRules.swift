import Documents
import Payments

/// What the phases must be for other parts of the file to mean something.
struct PlanRules {
    let fields: Fields<ScenarioKey>

    /// - Parameter scenario: has no complaint of its own.
    func check(_ scenario: Scenario) {
        checkSessions(of: scenario)
        for set in scenario.data.indices where scenario.data[set].atEnd == .stop {
            checkRows(ofDataSet: set, scenario)
        }
    }

    /// Only the closed model has users.
    private func checkSessions(of scenario: Scenario) {
        guard scenario.target.signIn?.scope == .user else { return }
        let open = scenario.phases.first { $0.isOpen && $0.model != .open(.pause) }
        guard let open else { return }
        let credentials = fields[.target]?["auth"]?["credentials"]
        fields.complaints.add(
            TargetProblem.noUsers(phase: open.name), at: credentials?["per"]?.place)
    }

    /// Workers take rows by their place in the plan, so that none is taken twice: where a phase leaves
    /// it open how many it takes, the next one begins far behind them, and that is behind the end.
    private func checkRows(ofDataSet set: Int, _ scenario: Scenario) {
        let entries = scenario.entries(using: set)
        for flow in scenario.flows {
            let uses = flow.passes.map { flow.phases[$0] }.filter { phase in
                let weights = phase.weights ?? scenario.payments.map(\.weight)
                return entries.contains { weights[$0] > 0 }
            }
            guard let phase = uses.dropLast().first(where: { !$0.countIsKnown }) else { continue }
            let problem = DataProblem.unknownRows(
                scenario.data[set].name, phase: phase.name, until: phase.isOpen)
            let node = fields[.data]?[scenario.data[set].name]
            fields.complaints.add(problem, at: (node?["at_end"] ?? node)?.place)
            return
        }
    }
}

extension Scenario {
    /// Entries of the mix whose requests take a row of the data set.
    fileprivate func entries(using set: Int) -> [Int] {
        var shared = target.headers.flatMap(\.value.dataReferences)
        if case .bearer(let token) = target.credentials { shared += token.dataReferences }
        let isShared = shared.contains { $0.set == set }
        return payments.indices.filter {
            isShared || payments[$0].dataReferences.contains { $0.set == set }
        }
    }
}

extension Scenario.Phase {
    fileprivate var isOpen: Bool {
        switch model {
        case .open: true
        case .closed: false
        }
    }

    /// Whether every worker can tell how far a pass of it goes in the mix, all workers together.
    fileprivate var countIsKnown: Bool {
        switch model {
        case .open: until.isEmpty
        case .closed: end.payments != nil
        }
    }
}
