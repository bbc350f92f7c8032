import Documents

/// The keys of an entry of `load`: a phase, a pause, or a group that runs several times.
enum StepKey: String, FieldKey {
    case phase, rate, users, arrivals
    case thinkTime = "think_time"
    case every, `for`, payments
    case paymentsPerUser = "payments_per_user"
    case measure, mix, `repeat`, until, pause, load

    var field: Field {
        switch self {
        case .phase:
            Field(
                "What the phase is called in reports; a pause needs no name.", Rule.label,
                .otherwise("required, but for a pause"), example: "steady")
        case .rate:
            Field(
                "Arrivals of all workers together, whatever the target does: the open model.",
                Rule.rateShape, .otherwise(Self.models))
        case .users:
            Field(
                "Users who wait for their answer before they pay again: the closed model.",
                Rule.users, .otherwise(Self.models), example: "50")
        case .arrivals:
            Field(
                "How arrivals lie in time; or a file of recorded ones, in place of a rate.",
                Rule.arrivals(.none), .defaultsTo("poisson"))
        case .thinkTime:
            Field(
                "How long a user thinks between an answer and the next payment.", Rule.thinkTime,
                .defaultsTo("0s"), example: "100ms")
        case .every:
            Field(
                "A user begins no payment sooner than this after the one before.", Rule.pace,
                .otherwise("as soon as it thought"), example: "1s")
        case .for:
            Field(
                "How long the phase lasts.", Rule.phaseLength,
                .otherwise("something else has to end it"), example: "30s")
        case .payments:
            Field(
                "After so many payments the phase ends.", Rule.phasePayments,
                .otherwise("no limit"), example: "5000")
        case .paymentsPerUser:
            Field("A user that made so many is done.", Rule.paymentsPerUser, .otherwise("no limit"))
        case .measure:
            Field(
                "false: counted, but not part of latency and rate.", Rule.boolean,
                .defaultsTo("true"))
        case .mix:
            Field(
                "Weights of payments in this phase; those not named are not made.",
                Rule.weights(of: []), .otherwise("as the payments say"),
                example: "{ card: 3, wallet: 1 }")
        case .repeat: Field("How often it runs.", Rule.times, .defaultsTo("1"))
        case .until:
            Field(
                "The phase ends early as soon as this, or one of these, holds.",
                Rule.conditions(.phase, .none), .otherwise("it doesn't"),
                example: "in_doubt.count > 10")
        case .pause: Field("Nothing is sent for so long.", Rule.phaseLength, example: "10s")
        case .load:
            Field(
                "Phases that run several times, as a group with repeat.", Rule.group,
                example: "[{ phase: a, rate: 50/s, for: 5s }, { pause: 5s }]")
        }
    }

    private static let models = "a phase has a rate, users or recorded arrivals"
}

extension Shape {
    /// The entries of `load`, groups of them included.
    static var steps: Shape { .recursive("phases", .list(of: step, least: 1)) }

    private static var step: Shape {
        let phase: [StepKey] = [.phase, .for, .payments, .measure, .mix, .repeat, .until]
        let open: [StepKey] = [.rate, .arrivals]
        let closed: [StepKey] = [.users, .thinkTime, .every, .paymentsPerUser]
        return .oneOf([
            object(open + phase, required: [.phase, .rate]),
            object(closed + phase, required: [.phase, .users]),
            object([StepKey.arrivals] + phase, required: [.phase, .arrivals]),
            object([StepKey.pause, .phase], required: [.pause]),
            object([StepKey.repeat, .load], required: [.repeat, .load]),
        ])
    }
}

extension Rule where Value == Duration {
    static var phaseLength: Rule { .duration(in: Bounds.lengths) }
    static var pace: Rule { .duration(in: .milliseconds(1)...(.seconds(3600))) }
}

extension Rule where Value == Int {
    static var phasePayments: Rule { .integer(in: Bounds.payments) }
    static var paymentsPerUser: Rule { .integer(in: 1...1_000_000_000) }
    static var times: Rule { .integer(in: 1...Scenario.Flow.mostPasses) }
}

extension Rule where Value == Node {
    /// Read by whoever reads the list that the group stands in.
    fileprivate static var group: Rule { Rule(.again("phases")) { node, _ in node } }
}
