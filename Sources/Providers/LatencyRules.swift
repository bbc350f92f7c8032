import Documents

private enum LatencyKey: String, FieldKey {
    case constant, uniform, exponential, lognormal, bimodal, pareto, empirical, queue, slow
    case standIn = "stand_in"
    case slowFirstCall = "slow_first_call"
    case stratified
}

private enum LawKey: String, FieldKey {
    case constant, uniform, exponential, lognormal, bimodal, pareto, empirical
}

private enum QueueKey: String, FieldKey { case servers, service }
private enum SlowKey: String, FieldKey { case share, factor }
private enum StandInKey: String, FieldKey { case share, after }
private enum FirstCallKey: String, FieldKey { case extra, idle }

extension Rule where Value == Latency {
    /// - Parameter base: whose law holds where none is given; only a preset has one worth keeping.
    static func latency(over base: Latency) -> Rule {
        Rule { node, complaints in
            guard let fields = Fields<LatencyKey>(node, complaints: complaints) else { return nil }
            var latency = base
            if fields[.queue] != nil || base == Latency() || hasLaw(fields) {
                guard let read = law(fields) else { return nil }
                (latency.law, latency.servers) = read
            }
            latency.slow = fields.read(.slow, by: .slow) ?? base.slow
            latency.standIn = fields.read(.standIn, by: .standIn) ?? base.standIn
            latency.firstCall = fields.read(.slowFirstCall, by: .firstCall)
            latency.isStratified = fields.read(.stratified, by: .boolean) ?? false
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
        Rule { node, complaints in
            let keys = Set(QueueKey.allCases)
            guard let fields = Fields(node, required: keys, complaints: complaints) else {
                return nil
            }
            let servers = fields.read(.servers, by: .integer(in: 1...10_000))
            let service = fields.read(.service, by: .latencyLaw)
            guard let servers, let service else { return nil }
            return (service, servers)
        }
    }
}

extension Rule where Value == LatencyLaw {
    /// A law alone, as the servers of a queue have it.
    fileprivate static var latencyLaw: Rule {
        Rule { node, complaints in
            guard let fields = Fields<LawKey>(node, complaints: complaints),
                let key = fields.onlyKey()
            else { return nil }
            return fields.read(key, by: .law(key))
        }
    }
}

extension Rule where Value == Latency.Slow {
    fileprivate static var slow: Rule {
        Rule { node, complaints in
            let keys = Set(SlowKey.allCases)
            guard let fields = Fields(node, required: keys, complaints: complaints) else {
                return nil
            }
            let share = fields.read(.share, by: .ratio)
            let factor = fields.read(.factor, by: .factor)
            guard let share, let factor else { return nil }
            return Latency.Slow(share: share, factor: factor)
        }
    }
}

extension Rule where Value == Latency.StandIn {
    fileprivate static var standIn: Rule {
        Rule { node, complaints in
            let keys = Set(StandInKey.allCases)
            guard let fields = Fields(node, required: keys, complaints: complaints) else {
                return nil
            }
            let share = fields.read(.share, by: .ratio)
            let after = fields.read(.after, by: .latencyTime)
            guard let share, let after else { return nil }
            return Latency.StandIn(share: share, after: after)
        }
    }
}

extension Rule where Value == Latency.FirstCall {
    fileprivate static var firstCall: Rule {
        Rule { node, complaints in
            let keys = Set(FirstCallKey.allCases)
            guard let fields = Fields(node, required: keys, complaints: complaints) else {
                return nil
            }
            let extra = fields.read(.extra, by: .latencyTime)
            let idle = fields.read(.idle, by: .duration(in: .milliseconds(1)...aDay))
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
        return scalar(allowed) { scalar in
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
    private static func law(_ key: LawKey) -> Rule {
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
