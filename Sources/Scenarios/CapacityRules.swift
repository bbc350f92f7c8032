import Arrivals
import Documents
import Metrics

private enum CapacityKey: String, FieldKey {
    case search, step, arrivals, sustain, proof, then, expect, `for`

    var field: Field {
        switch self {
        case .search: Field("Between which rates, and how closely.", Rule.search, .required)
        case .step: Field("How one rate is tried.", Rule.step(promise: nil))
        case .arrivals:
            Field(
                "How arrivals lie in time.", Rule<ArrivalProcess>.word, .defaultsTo("poisson"))
        case .sustain:
            Field(
                "The promises: what it means that the service carries a rate.",
                Rule.promises(.none), .required,
                example: "[response_time.p99 < 250ms, errors.rate < 0.1%]")
        case .proof:
            Field(
                "How long the claimed rate is held, at least.", Rule.proofLength,
                .defaultsTo("2m"))
        case .then: Field("What comes behind the proof.", Rule.then, .otherwise("nothing"))
        case .expect:
            Field(
                "The rate of the launch, for the headroom; search.to at most.", Rule<Rate>.rate,
                example: "500/s")
        case .for:
            Field(
                "Time for the search, without the proof and what comes then.", Rule.phaseLength,
                .defaultsTo("5m"))
        }
    }
}

private enum SearchKey: String, FieldKey {
    case from, to, tolerance, confidence

    var field: Field {
        switch self {
        case .from:
            Field("The first rate that is tried.", Rule<Rate>.rate, .required, example: "50/s")
        case .to:
            Field("No higher rate is tried.", Rule<Rate>.rate, .required, example: "2000/s")
        case .tolerance:
            Field("How close the answer comes.", Rule.tolerance, .defaultsTo("2%"))
        case .confidence:
            Field("Of the proof and of the intervals.", Rule.confidence, .defaultsTo("95%"))
        }
    }
}

private enum CapacityStepKey: String, FieldKey {
    case settle, measure, repeats

    var field: Field {
        switch self {
        case .settle:
            Field(
                "The beginning of a step that is not judged.", Rule.settling,
                .otherwise("2s, and 5s on a cold service, or longer for long promises"),
                example: "2s")
        case .measure:
            Field(
                "What is judged of a step.", Rule.measuring,
                .otherwise("10s, or 20 times the longest promise"), example: "10s")
        case .repeats:
            Field("How often each rate is tried.", Rule.stepRepeats, .defaultsTo("1"))
        }
    }
}

private enum ThenKey: String, FieldKey {
    case stepDown = "step_down"
    case soak
    case soakAt = "soak_at"

    static var companions: [(key: ThenKey, with: [ThenKey])] { [(.soakAt, [.soak])] }

    var field: Field {
        switch self {
        case .stepDown:
            Field(
                "Rates from above the capacity down: whether the service recovers.",
                Rule.boolean, .defaultsTo("false"))
        case .soak:
            Field(
                "How long a rate below the capacity is held.", Rule.phaseLength,
                .otherwise("not at all"), example: "10m")
        case .soakAt:
            Field("Which part of the proven rate that is.", Rule.soakShare, .defaultsTo("80%"))
        }
    }
}

extension Rule where Value == Duration {
    fileprivate static var settling: Rule { .duration(in: .zero...(.seconds(600))) }
    /// With fewer than five slices of a second nothing is proven.
    fileprivate static var proofLength: Rule { .duration(in: .seconds(5)...(.seconds(86_400))) }
    fileprivate static var measuring: Rule { .duration(in: .seconds(1)...(.seconds(3600))) }
}

extension Rule where Value == Int {
    fileprivate static var stepRepeats: Rule { .integer(in: 1...20) }
}

extension Rule where Value == Double {
    fileprivate static var tolerance: Rule { ratio(in: 0.001...0.5, allowed: "0.1% to 50%") }
    fileprivate static var soakShare: Rule { ratio(in: 0.01...1, allowed: "1% to 100%") }
}

extension Rule where Value == Scenario.Capacity {
    static func capacity(_ names: Names) -> Rule {
        .mapping { (fields: Fields<CapacityKey>) in
            let search = fields.read(.search, by: .search)
            let sustain = fields.read(.sustain, by: .promises(names))
            let longest = Scenario.Capacity.longestPromise(of: sustain ?? [])
            let step = fields.read(.step, by: .step(promise: longest))
            let arrivals = fields.read(.arrivals, by: Rule<ArrivalProcess>.word)
            let proof = fields.read(.proof, by: .proofLength)
            let then = fields.read(.then, by: .then)
            let expect = fields.read(.expect, by: Rule<Rate>.rate)
            let length = fields.read(.for, by: .phaseLength)
            guard let search, let sustain else { return nil }
            if let expect, expect.perSecond > search.to.perSecond {
                let problem = CapacityProblem.expectAboveTo(expect, to: search.to)
                fields.complaints.add(problem, at: fields[.expect]?.place)
            }
            var capacity = Scenario.Capacity(
                search: search, step: step ?? .usual(promise: longest),
                arrivals: arrivals ?? .poisson,
                sustain: sustain.map { $0.judged(at: search.confidence) },
                then: then ?? Scenario.Capacity.Then(), expect: expect,
                length: length ?? .seconds(300))
            capacity.proof = proof
            return capacity
        }
    }
}

extension Budget {
    fileprivate func judged(at confidence: Double) -> Budget {
        var budget = self
        budget.confidence = confidence
        return budget
    }
}

extension Rule where Value == Scenario.Capacity.Search {
    fileprivate static var search: Rule {
        .mapping { (fields: Fields<SearchKey>) in
            let from = fields.read(.from, by: Rule<Rate>.rate)
            let to = fields.read(.to, by: Rule<Rate>.rate)
            let tolerance = fields.read(.tolerance, by: .tolerance)
            let confidence = fields.read(.confidence, by: .confidence)
            guard let from, let to else { return nil }
            if from.perSecond >= to.perSecond {
                let problem = LoadProblem.fromAboveTo(from.written, to.written)
                fields.complaints.add(problem, at: fields[.to]?.place)
                return nil
            }
            return Scenario.Capacity.Search(
                from: from, to: to, tolerance: tolerance ?? 0.02, confidence: confidence ?? 0.95)
        }
    }
}

extension Rule where Value == Scenario.Capacity.Step {
    /// - Parameter promise: the longest time that is promised.
    fileprivate static func step(promise: Duration?) -> Rule {
        .mapping { (fields: Fields<CapacityStepKey>) in
            var step = Scenario.Capacity.Step.usual(promise: promise)
            step.settle = fields.read(.settle, by: .settling) ?? step.settle
            step.measure = fields.read(.measure, by: .measuring) ?? step.measure
            step.repeats = fields.read(.repeats, by: .stepRepeats) ?? step.repeats
            return step
        }
    }
}

extension Scenario.Capacity.Step {
    fileprivate static func usual(promise: Duration?) -> Scenario.Capacity.Step {
        let long = min((promise ?? .zero) * 20, .seconds(3600))
        return Scenario.Capacity.Step(measure: max(.seconds(10), long))
    }
}

extension Rule where Value == Scenario.Capacity.Then {
    fileprivate static var then: Rule {
        .mapping { (fields: Fields<ThenKey>) in
            var then = Scenario.Capacity.Then()
            then.stepDown = fields.read(.stepDown, by: .boolean) ?? then.stepDown
            then.soak = fields.read(.soak, by: .phaseLength)
            then.soakAt = fields.read(.soakAt, by: .soakShare) ?? then.soakAt
            if let node = fields[.soakAt], fields[.soak] == nil {
                fields.complaints.add(CapacityProblem.soakAtAlone, at: node.place)
            }
            return then
        }
    }
}
