import Documents
import Metrics

/// What a scenario says of budgets, comparisons and capacity, and whether that fits together.
struct Sections {
    private let fields: Fields<ScenarioKey>
    private let budgets: [Budget]?
    private let baseline: Scenario.Baseline?
    private let adapters: [Scenario.Adapter]?
    private let compare: Scenario.Compare?
    private let capacity: Scenario.Capacity?

    /// - Parameter users: whether a phase has users.
    init(
        _ fields: Fields<ScenarioKey>, _ names: Names, over target: Scenario.Target?, users: Bool,
        _ surroundings: Surroundings
    ) {
        self.fields = fields
        let overrides = TargetOverrides(
            base: target, http: fields[.target]?[TargetKey.http.rawValue],
            surroundings: surroundings)
        budgets = fields.read(.budgets, by: .budgets(names))
        baseline = fields.read(.baseline, by: .baseline(overrides, hasUsers: users))
        adapters = fields.read(.adapters, by: .adapters(overrides))
        compare = fields.read(.compare, by: .compare)
        capacity = fields.read(.capacity, by: .capacity(names))
        if let budgets, fields[.baseline] == nil, surroundings.baseline == .none {
            BudgetFile.checkBaseline(of: budgets, fields[.budgets], fields.complaints)
        }
        checkBaseline()
        checkAdapters()
    }

    /// Targets that are measured beside `target`.
    var others: [Scenario.Adapter] {
        if case .beside(let other, _) = baseline { return (adapters ?? []) + [other] }
        return adapters ?? []
    }

    /// Everything that the file says of other targets was read.
    var areComplete: Bool {
        (fields[.adapters] == nil || adapters != nil)
            && (fields[.baseline] == nil || baseline != nil)
    }

    /// Where another target says where it is; of those that say it.
    var otherBases: [(base: Scenario.Base, place: Place)] {
        others.compactMap { other in
            let isAdapter = adapters?.contains(other) ?? false
            let node = isAdapter ? fields[.adapters]?[other.name] : fields[.baseline]?["target"]
            return (node?[TargetKey.baseURL.rawValue]).map { (other.target.base, $0.place) }
        }
    }

    func fill(_ scenario: inout Scenario) {
        scenario.budgets = budgets ?? []
        scenario.baseline = baseline
        scenario.adapters = adapters ?? []
        scenario.compare = compare
        scenario.capacity = capacity
    }

    private func checkBaseline() {
        guard let node = fields[.baseline]?["target"] else { return }
        if fields[.compare] != nil {
            fields.complaints.add(JudgingProblem.baselineBesideAdapters, at: node.place)
        } else if fields[.load] == nil, fields[.flows] == nil {
            fields.complaints.add(JudgingProblem.baselineWithoutLoad, at: node.place)
        }
    }

    private func checkAdapters() {
        for (key, other) in [(ScenarioKey.adapters, ScenarioKey.compare), (.compare, .adapters)] {
            guard let node = fields[key], fields[other] == nil else { continue }
            let problem = ComparingProblem.needs(key.rawValue, other.rawValue)
            fields.complaints.add(problem, at: node.place)
        }
        guard let compare, let adapters else { return }
        if compare.length < compare.block * adapters.count {
            let problem = ComparingProblem.noRound(
                compare.length, blocks: adapters.count, block: compare.block)
            fields.complaints.add(problem, at: fields[.compare]?["for"]?.place)
        }
        guard case .rate(let rate) = compare.load else { return }
        for adapter in adapters {
            guard let ceiling = adapter.rateCeiling, ceiling.perSecond < rate.perSecond else {
                continue
            }
            let problem = ComparingProblem.aboveCeiling(
                adapter: adapter.name, rate: rate, ceiling: ceiling)
            fields.complaints.add(problem, at: fields[.compare]?["rate"]?.place)
        }
    }
}

extension [Scenario.Flow] {
    /// Whether a phase is of the closed model.
    var hasUsers: Bool {
        flatMap(\.phases).contains { if case .closed = $0.model { true } else { false } }
    }
}
