import Arrivals
import Documents

private enum LimitsKey: String, FieldKey {
    case payments, duration, inFlight = "in_flight"

    var field: Field {
        switch self {
        case .payments:
            Field(
                "Payments of all phases together; a larger plan is refused.",
                Rule.integer(in: 1...mostPayments), example: "100000")
        case .duration:
            Field(
                "Length of all phases together; a longer plan is refused.",
                Rule.duration(in: lengths), example: "10m")
        case .inFlight:
            Field(
                "Payments that wait for an answer at one time.", Rule.integer(in: 1...100_000),
                .defaultsTo("10000"))
        }
    }
}

private let mostPayments = 1_000_000_000_000
private let lengths: ClosedRange<Duration> = .milliseconds(1)...(.seconds(7 * 86_400))

extension Rule where Value == Scenario.Limits {
    static var limits: Rule {
        .mapping(later: ["stop_if"]) { (fields: Fields<LimitsKey>) in
            var limits = Scenario.Limits()
            limits.payments = fields.read(.payments, by: .integer(in: 1...mostPayments))
            limits.duration = fields.read(.duration, by: .duration(in: lengths))
            if let inFlight = fields.read(.inFlight, by: .integer(in: 1...100_000)) {
                limits.inFlight = inFlight
            }
            return limits
        }
    }
}

private enum PhaseKey: String, FieldKey {
    case phase, rate, users, arrivals
    case thinkTime = "think_time"
    case `for`, payments, measure

    static var choices: [[PhaseKey]] { [[.rate, .users]] }

    var field: Field {
        switch self {
        case .phase: Field("What the phase is called in reports.", Rule.label, .required)
        case .rate: Field("Arrivals of all workers together: the open model.", Rule.rate)
        case .users: Field("Users who wait for their answers.", Rule.integer(in: 1...100_000))
        case .arrivals: Field("How they lie in time.", Rule.arrivals, .defaultsTo("poisson"))
        case .thinkTime:
            Field(
                "Between an answer and the next payment.",
                Rule.duration(in: .zero...(.seconds(3600))), .defaultsTo("0s"))
        case .for: Field("How long.", Rule.duration(in: lengths))
        case .payments: Field("After so many it ends.", Rule.integer(in: 1...mostPayments))
        case .measure: Field("false: counted, not measured.", Rule.boolean, .defaultsTo("true"))
        }
    }
}

extension Rule where Value == [Scenario.Phase] {
    /// At least one phase, no name twice.
    static var load: Rule { Rule<Scenario.Phase>.phase.named("phase", { $0.name }, at: "phase") }
}

extension Rule where Value == Scenario.Phase {
    fileprivate static var phase: Rule {
        .mapping { (fields: Fields<PhaseKey>) in
            let name = fields.read(.phase, by: .label)
            let model = readModel(fields)
            let length = fields.read(.for, by: .duration(in: lengths))
            let payments = fields.read(.payments, by: .integer(in: 1...mostPayments))
            let measure = fields.read(.measure, by: .boolean)
            if fields[.for] == nil, fields[.payments] == nil {
                fields.complaints.add(LoadProblem.endless, at: fields.place)
            }
            guard let name, let model else { return nil }
            return Scenario.Phase(
                name: name, model: model,
                end: Scenario.End(length: length, payments: payments), measure: measure ?? true)
        }
    }

    private static func readModel(_ fields: Fields<PhaseKey>) -> Scenario.Model? {
        let rate = fields.read(.rate, by: .rate)
        let users = fields.read(.users, by: .integer(in: 1...100_000))
        let arrivals = fields.read(.arrivals, by: .arrivals)
        let hour: Duration = .seconds(3600)
        let thinkTime = fields.read(.thinkTime, by: .duration(in: .zero...hour))
        switch (fields[.rate], fields[.users]) {
        case (nil, nil):
            fields.complaints.add(LoadProblem.noModel, at: fields.place)
            return nil
        case (_?, let other?):
            fields.complaints.add(LoadProblem.twoModels, at: other.place)
            return nil
        case (_?, nil):
            if let node = fields[.thinkTime] {
                fields.complaints.add(LoadProblem.onlyWith("think_time", "users"), at: node.place)
            }
            return rate.map { .open($0, arrivals ?? .poisson) }
        case (nil, _?):
            if let node = fields[.arrivals] {
                fields.complaints.add(LoadProblem.onlyWith("arrivals", "rate"), at: node.place)
            }
            return users.map {
                .closed(
                    Scenario.Users(from: $0, to: $0, thinkTime: .constant(thinkTime ?? .zero)))
            }
        }
    }
}

extension Rule where Value == Rate {
    static var rate: Rule {
        let range = 1.0 / 60...200_000
        let rate = Rule<Double>.perSecond(in: range, allowed: "1/min to 200000/s")
        return Rule(rate.shape) { node, complaints in
            if case .mapping = node.content {
                let what = "a rate that changes, { from, to },"
                complaints.add(
                    ValueProblem.later(what: what, allowed: "one rate such as 500/s"),
                    at: node.place)
                return nil
            }
            return rate.read(node, complaints).map { Rate(perSecond: $0) }
        }
    }
}

extension Rule where Value == ArrivalProcess {
    static var arrivals: Rule {
        Rule(word.shape) { node, complaints in
            if case .mapping = node.content {
                let problem = ValueProblem.later(
                    what: "arrivals from a file", allowed: "poisson, uniform")
                complaints.add(problem, at: node.place)
                return nil
            }
            return Rule.word.read(node, complaints)
        }
    }
}
