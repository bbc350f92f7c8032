import Documents

private enum LatencyKey: String, FieldKey {
    case constant, uniform, exponential, lognormal, bimodal, pareto, empirical, queue, slow
    case standIn = "stand_in"
    case slowFirstCall = "slow_first_call"
    case stratified

    var field: Field {
        switch self {
        case .constant: LawKey.constant.field
        case .uniform: LawKey.uniform.field
        case .exponential: LawKey.exponential.field
        case .lognormal: LawKey.lognormal.field
        case .bimodal: LawKey.bimodal.field
        case .pareto: LawKey.pareto.field
        case .empirical: LawKey.empirical.field
        case .queue: Field("Servers with a queue before them.", Rule.queue)
        case .slow: Field("A part of the payments takes several times as long.", Rule.slow)
        case .standIn:
            Field("A part takes just this long: the network stands in.", Rule.standIn)
        case .slowFirstCall:
            Field("The first payment, and each after a pause, takes longer.", Rule.firstCall)
        case .stratified:
            Field(
                "Every 10,000 payments have the law's own quantiles, in a seeded order.",
                Rule.boolean, .defaultsTo("false"))
        }
    }
}

private enum LawKey: String, FieldKey {
    case constant, uniform, exponential, lognormal, bimodal, pareto, empirical

    static let choices = [allCases]

    var field: Field { Field(documentation, Rule.law(self)) }

    private var documentation: String {
        switch self {
        case .constant: "Always this time."
        case .uniform: "Evenly between two times."
        case .exponential: "Exponential, by its mean."
        case .lognormal: "Lognormal, by two of its quantiles."
        case .bimodal: "One of two times."
        case .pareto: "Pareto, by two of its quantiles, cut at 600 s: a heavy tail."
        case .empirical: "Straight lines between quantiles, from 0 % to 100 %."
        }
    }
}

private enum QueueKey: String, FieldKey {
    case servers, service

    var field: Field {
        switch self {
        case .servers: Field("How many.", Rule.servers, .required)
        case .service: Field("How long a server takes: one law.", Rule.latencyLaw, .required)
        }
    }
}

private enum SlowKey: String, FieldKey {
    case share, factor

    var field: Field {
        switch self {
        case .share: Field("Part of the payments.", Rule.ratio, .required)
        case .factor: Field("How many times as long they take.", Rule.factor, .required)
        }
    }
}

private enum StandInKey: String, FieldKey {
    case share, after

    var field: Field {
        switch self {
        case .share: Field("Part of the payments.", Rule.ratio, .required)
        case .after: Field("What they take.", Rule.latencyTime, .required)
        }
    }
}

private enum FirstCallKey: String, FieldKey {
    case extra, idle

    var field: Field {
        switch self {
        case .extra: Field("How much longer it takes.", Rule.latencyTime, .required)
        case .idle: Field("The pause that makes the next the first again.", Rule.idle, .required)
        }
    }
}

extension Rule where Value == Int {
    fileprivate static var servers: Rule { .integer(in: 1...10_000) }
}

extension Rule where Value == Duration {
    fileprivate static var idle: Rule { .duration(in: .milliseconds(1)...aDay) }
}

extension Rule where Value == Latency {
    /// - Parameter base: whose law holds where none is given; only a preset has one worth keeping.
    static func latency(over base: Latency) -> Rule {
        .mapping { (fields: Fields<LatencyKey>) in
            var latency = base
            let needsLaw = fields[.queue] != nil || base == Latency() || hasLaw(fields)
            let read = needsLaw ? law(fields) : (base.law, base.servers)
            latency.slow = fields.read(.slow, by: .slow) ?? base.slow
            latency.standIn = fields.read(.standIn, by: .standIn) ?? base.standIn
            latency.firstCall = fields.read(.slowFirstCall, by: .firstCall)
            latency.isStratified = fields.read(.stratified, by: .boolean) ?? false
            guard let read else { return nil }
            (latency.law, latency.servers) = read
            return latency
        }
    }

    private static func hasLaw(_ fields: Fields<LatencyKey>) -> Bool {
        LawKey.allCases.contains { key in
            LatencyKey(rawValue: key.rawValue).map { fields[$0] != nil } ?? false
        }
    }

    /// Exactly one law, or a queue with one.
    private static func law(_ fields: Fields<LatencyKey>) -> (LatencyLaw, servers: Int?)? {
        let laws = LawKey.allCases.compactMap { key in
            LatencyKey(rawValue: key.rawValue).flatMap { fields[$0] }.map { (key, $0) }
        }
        let queue = fields[.queue]
        guard laws.count + (queue == nil ? 0 : 1) == 1 else {
            let read = laws.map(\.0.rawValue) + (queue == nil ? [] : ["queue"])
            let allowed = LawKey.allCases.map(\.rawValue) + ["queue"]
            fields.complaints.add(
                KeyProblem.exactlyOne(read: read, allowed: allowed), at: fields.place)
            return nil
        }
        if let (key, node) = laws.first {
            return Rule<LatencyLaw>.law(key).read(node, fields.complaints).map { ($0, nil) }
        }
        return fields.read(.queue, by: .queue)
    }
}

extension Rule where Value == (LatencyLaw, servers: Int?) {
    fileprivate static var queue: Rule {
        .mapping { (fields: Fields<QueueKey>) in
            let servers = fields.read(.servers, by: .servers)
            let service = fields.read(.service, by: .latencyLaw)
            guard let servers, let service else { return nil }
            return (service, servers)
        }
    }
}

extension Rule where Value == LatencyLaw {
    /// A law alone, as the servers of a queue have it.
    fileprivate static var latencyLaw: Rule {
        .mapping { (fields: Fields<LawKey>) in
            fields.onlyKey().flatMap { fields.read($0, by: .law($0)) }
        }
    }
}

extension Rule where Value == Latency.Slow {
    fileprivate static var slow: Rule {
        .mapping { (fields: Fields<SlowKey>) in
            let share = fields.read(.share, by: .ratio)
            let factor = fields.read(.factor, by: .factor)
            guard let share, let factor else { return nil }
            return Latency.Slow(share: share, factor: factor)
        }
    }
}

extension Rule where Value == Latency.StandIn {
    fileprivate static var standIn: Rule {
        .mapping { (fields: Fields<StandInKey>) in
            let share = fields.read(.share, by: .ratio)
            let after = fields.read(.after, by: .latencyTime)
            guard let share, let after else { return nil }
            return Latency.StandIn(share: share, after: after)
        }
    }
}

extension Rule where Value == Latency.FirstCall {
    fileprivate static var firstCall: Rule {
        .mapping { (fields: Fields<FirstCallKey>) in
            let extra = fields.read(.extra, by: .latencyTime)
            let idle = fields.read(.idle, by: .idle)
            guard let extra, let idle else { return nil }
            return Latency.FirstCall(extra: extra, idle: idle)
        }
    }
}

let aDay: Duration = .seconds(86_400)

extension Rule where Value == Duration {
    static var latencyTime: Rule { .duration(in: .zero...Latency.longest) }
}

extension Rule where Value == Double {
    /// How many times as long.
    static var factor: Rule {
        let allowed = "a number from 1 to 1000"
        return scalar(allowed, .number(1...1000)) { scalar in
            guard scalar.meaning == .number, let value = Double(scalar.text) else {
                throw WrongKind()
            }
            guard (1...1000).contains(value) else {
                throw Violation(ValueProblem.outOfRange(scalar.text, allowed: allowed))
            }
            return value
        }
    }
}

extension Rule where Value == LatencyLaw {
    /// The law of this name, from what stands under it.
    fileprivate static func law(_ key: LawKey) -> Rule {
        switch key {
        case .constant:
            Rule<Duration>.latencyTime.then { time throws(Violation) in .constant(time) }
        case .uniform: .uniform
        case .exponential: .exponential
        case .lognormal: .quantiles { .lognormal(p50: $0, p99: $1) }
        case .bimodal: .bimodal
        case .pareto: .pareto
        case .empirical: .empirical
        }
    }
}
