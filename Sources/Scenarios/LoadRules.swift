import Documents

extension Rule where Value == [Scenario.Flow] {
    /// One flow without a name.
    static func load(_ names: Names, _ surroundings: Surroundings) -> Rule {
        Rule(.steps) { node, complaints in
            Rule<Scenario.Flow>.flow(nil, names, surroundings).read(node, complaints).map { [$0] }
        }
    }

    /// Flows by name.
    static func flows(_ names: Names, _ surroundings: Surroundings) -> Rule {
        Rule(.map(of: .steps, keys: Rule<String>.label.shape, least: 1)) { node, complaints in
            let allowed = "a mapping of names to lists of phases"
            guard let entries = node.entries(allowed, complaints) else { return nil }
            let flows = entries.compactMap { entry in
                let key = Node(
                    place: entry.keyPlace,
                    content: .scalar(Scalar(text: entry.key, quoted: true)))
                let name = Rule<String>.label.read(key, complaints)
                let flow = Rule<Scenario.Flow>.flow(name, names, surroundings)
                return flow.read(entry.value, complaints)
            }
            return flows.count == entries.count ? flows : nil
        }
    }
}

extension Rule where Value == Scenario.Flow {
    /// At least one phase that pays, no name twice, not too many passes.
    fileprivate static func flow(
        _ name: String?, _ names: Names, _ surroundings: Surroundings
    ) -> Rule {
        Rule(.steps) { node, complaints in
            var reader = FlowReader(
                names: names, surroundings: surroundings, complaints: complaints)
            guard let steps = reader.steps(node) else { return nil }
            reader.namePauses()
            let passes = steps.reduce(0) { $0 + $1.passCount }
            if passes > Scenario.Flow.mostPasses {
                let most = Scenario.Flow.mostPasses
                complaints.add(LoadProblem.tooManyPasses(passes, most: most), at: node.place)
                return nil
            }
            if reader.phases.allSatisfy(\.isPause) {
                complaints.add(LoadProblem.onlyPauses, at: node.place)
            }
            return Scenario.Flow(name: name, phases: reader.phases, steps: steps)
        }
    }
}

/// Reads the phases of one flow, each into one place, and the order in which they run.
private struct FlowReader {
    let names: Names
    let surroundings: Surroundings
    let complaints: Complaints
    private(set) var phases: [Scenario.Phase] = []
    private var places: [String: Place] = [:]

    init(names: Names, surroundings: Surroundings, complaints: Complaints) {
        (self.names, self.surroundings, self.complaints) = (names, surroundings, complaints)
    }

    /// nil after a complaint.
    mutating func steps(_ node: Node) -> [Scenario.Step]? {
        guard case .sequence(let nodes) = node.content else {
            let problem = ValueProblem.wrongType(read: node.content, allowed: "a list of phases")
            complaints.add(problem, at: node.place)
            return nil
        }
        if nodes.isEmpty {
            complaints.add(ValueProblem.emptyList(allowed: "at least one phase"), at: node.place)
            return nil
        }
        let steps = nodes.compactMap { step($0) }
        return steps.count == nodes.count ? steps : nil
    }

    private mutating func step(_ node: Node) -> Scenario.Step? {
        guard let fields = Rule<Fields<StepKey>>.fields().read(node, complaints) else { return nil }
        if fields.isEmpty, !complaints.isEmpty { return nil }
        if fields[.load] != nil { return group(fields) }
        if fields[.pause] != nil { return pause(fields) }
        let reader = PhaseReader(fields: fields, names: names, surroundings: surroundings)
        let phase = reader.phase()
        checkName(fields)
        let times = fields.read(.repeat, by: .times)
        guard let phase else { return nil }
        let step = add(phase)
        return times.map { .repeated($0, [step]) } ?? step
    }

    private mutating func group(_ fields: Fields<StepKey>) -> Scenario.Step? {
        fields.refuse(beside: .load, allowed: [.repeat])
        if fields[.repeat] == nil {
            complaints.add(KeyProblem.missing(StepKey.repeat.rawValue), at: fields.place)
        }
        let times = fields.read(.repeat, by: .times)
        guard let node = fields[.load], let steps = steps(node) else { return nil }
        return .repeated(times ?? 1, steps)
    }

    private mutating func pause(_ fields: Fields<StepKey>) -> Scenario.Step? {
        fields.refuse(beside: .pause, allowed: [.phase])
        let name = fields.read(.phase, by: .label)
        checkName(fields)
        guard let length = fields.read(.pause, by: .phaseLength) else { return nil }
        let pause = Scenario.Phase(
            name: name ?? "", model: .open(.pause),
            end: Scenario.End(length: length, payments: nil), measure: false)
        return add(pause)
    }

    private mutating func add(_ phase: Scenario.Phase) -> Scenario.Step {
        phases.append(phase)
        return .phase(phases.count - 1)
    }

    private mutating func checkName(_ fields: Fields<StepKey>) {
        guard let node = fields[.phase], case .scalar(let scalar) = node.content else { return }
        if let first = places[scalar.text] {
            complaints.add(LoadProblem.duplicateName(scalar.text, first: first), at: node.place)
        } else {
            places[scalar.text] = node.place
        }
    }

    /// Pauses without a name become `pause`, `pause-2` and so on.
    mutating func namePauses() {
        var number = 1
        for index in phases.indices where phases[index].name.isEmpty {
            var name = number == 1 ? "pause" : "pause-\(number)"
            while places[name] != nil {
                number += 1
                name = "pause-\(number)"
            }
            number += 1
            phases[index].name = name
        }
    }
}

extension Fields<StepKey> {
    /// Complains about every key that means nothing beside this one.
    fileprivate func refuse(beside key: StepKey, allowed: [StepKey]) {
        for other in StepKey.allCases where other != key && !allowed.contains(other) {
            guard let node = self[other] else { continue }
            let problem = LoadProblem.notBeside(
                other.rawValue, key.rawValue, allowed: allowed.map(\.rawValue))
            complaints.add(problem, at: node.place)
        }
    }
}

extension Node {
    /// Of a mapping that is not empty; nil with a complaint.
    func entries(_ allowed: String, _ complaints: Complaints) -> [Entry]? {
        guard case .mapping(let entries) = content else {
            complaints.add(ValueProblem.wrongType(read: content, allowed: allowed), at: place)
            return nil
        }
        if !entries.isEmpty { return entries }
        complaints.add(LoadProblem.emptyMapping(allowed: allowed), at: place)
        return nil
    }
}

extension Scenario.Step {
    /// How many passes it makes; of more than a billion, about.
    fileprivate var passCount: Int {
        switch self {
        case .phase: 1
        case .repeated(let times, let steps):
            times * min(steps.reduce(0) { $0 + $1.passCount }, 1_000_000_000)
        }
    }
}
