import Documents
import Metrics
import Payments

/// What the phases must be for other parts of the file to mean something.
struct PlanRules {
    let fields: Fields<ScenarioKey>

    /// - Parameter scenario: has no complaint of its own.
    func check(_ scenario: Scenario) {
        checkSessions(of: scenario)
        checkBaseline(of: scenario)
        checkMeasured(scenario)
        for set in scenario.data.indices where scenario.data[set].atEnd == .stop {
            checkRows(ofDataSet: set, scenario)
        }
    }

    /// Only the closed model has users.
    private func checkSessions(of scenario: Scenario) {
        let open = scenario.phases.first { $0.isOpen && !$0.isPause }
        if let open, let place = userSessions(of: scenario, [fields[.baseline]?["target"]]) {
            fields.complaints.add(TargetProblem.noUsers(phase: open.name), at: place)
        }
        let adapters = scenario.adapters.map { fields[.adapters]?[$0.name] }
        if case .rate = scenario.compare?.load, let place = userSessions(of: scenario, adapters) {
            fields.complaints.add(TargetProblem.noUsersIn(section: "compare"), at: place)
        }
        if scenario.capacity != nil, let place = userSessions(of: scenario, []) {
            fields.complaints.add(TargetProblem.noUsersIn(section: "capacity"), at: place)
        }
    }

    /// Where the target, or the first of others that does, asks for a session for each user.
    private func userSessions(of scenario: Scenario, _ others: [Node?]) -> Place? {
        let nodes = [fields[.target]] + others
        let places = nodes.map { $0?["auth"]?["credentials"]?["per"] }
        let isPerUser = places.map { node in
            if case .scalar(let scalar) = node?.content { scalar.text == "user" } else { false }
        }
        return zip(places, isPerUser).first { $0.1 }?.0?.place
    }

    /// A user can't be at two targets at once.
    private func checkBaseline(of scenario: Scenario) {
        guard case .beside(_, .duet) = scenario.baseline,
            let closed = scenario.phases.first(where: { !$0.isOpen })
        else { return }
        let place = (fields[.baseline]?["design"] ?? fields[.baseline])?.place
        fields.complaints.add(JudgingProblem.duetOfUsers(phase: closed.name), at: place)
    }

    /// Times and rates of phases that are not measured are nowhere.
    private func checkMeasured(_ scenario: Scenario) {
        guard case .sequence(let nodes) = fields[.budgets]?.content else { return }
        let measured = scenario.phases.filter(\.measure).map(\.name)
        for (budget, node) in zip(scenario.budgets, nodes) where budget.needsMeasurement {
            guard let phase = budget.selection.phase,
                !measured.contains(where: { phase == $0 || phase.hasSuffix("/\($0)") })
            else { continue }
            let place = node["phase"]?.place ?? node["check"]?.place ?? node.place
            let problem = JudgingProblem.notMeasured(phase: phase, measured: measured)
            fields.complaints.add(problem, at: place)
        }
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
        var shared: [Template.DataReference] = []
        for target in targets {
            shared += target.headers.flatMap(\.value.dataReferences)
            if case .bearer(let token) = target.credentials { shared += token.dataReferences }
        }
        shared += otherTargets.flatMap { $0.paymentMethod?.dataReferences ?? [] }
        let isShared = shared.contains { $0.set == set }
        return payments.indices.filter {
            isShared || payments[$0].dataReferences.contains { $0.set == set }
        }
    }
}

extension Budget {
    fileprivate var needsMeasurement: Bool {
        switch metric {
        case .time, .rate: true
        case .errors, .outcome, .code, .skipped, .generatorCPU: false
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
