import Documents

private enum FaultKey: String, FieldKey {
    case kind, name, share, after, `for`, on, point, time, factor, errors
}

extension Rule where Value == [Fault] {
    static var faults: Rule {
        Rule { node, complaints in
            guard let faults = Rule<Fault>.fault.list.read(node, complaints),
                case .sequence(let nodes) = node.content
            else { return nil }
            var names: Set<String> = []
            for (fault, node) in zip(faults, nodes) where !names.insert(fault.name).inserted {
                complaints.add(ProviderProblem.duplicateName(fault.name), at: node.place)
            }
            return faults
        }
    }
}

extension Rule where Value == Fault {
    fileprivate static var fault: Rule {
        Rule { node, complaints in
            guard
                let fields = Fields<FaultKey>(node, required: [.kind], complaints: complaints),
                let kind = fields.read(.kind, by: Rule<Fault.Kind>.word)
            else { return nil }
            checkKeys(fields, kind)
            let name = fields.read(.name, by: .label)
            let share = fields.read(.share, by: .ratio)
            let after = fields.read(.after, by: .duration(in: .zero...aDay))
            let length = fields.read(.for, by: .duration(in: .microseconds(1)...aDay))
            let isArmed = fields.read(.on, by: .boolean) ?? true
            guard let effect = effect(kind, fields) else { return nil }
            let isTimed = after != nil || length != nil
            if !isTimed, isArmed, kind == .refuse || kind == .stall {
                complaints.add(ProviderProblem.needsWindow, at: node.place)
            }
            let window = isTimed ? Fault.Window(after: after ?? .zero, length: length) : nil
            return Fault(
                name: name ?? kind.rawValue, effect, share: share ?? 1, window: window,
                isArmed: isArmed)
        }
    }

    private static func effect(_ kind: Fault.Kind, _ fields: Fields<FaultKey>) -> Fault.Effect? {
        let time = fields.read(.time, by: .duration(in: .milliseconds(1)...Latency.longest))
        switch kind {
        case .refuse: return .refuse
        case .stall: return .stall
        case .cutBody: return .cutBody
        case .wrongLength: return .wrongLength
        case .badJSON: return .badJSON
        case .reset: return fields.read(.point, by: Rule<Fault.Point>.word).map { .reset($0) }
        case .drip: return time.map { .drip(over: $0) }
        case .timeout: return time.map { .timeout(after: $0) }
        case .closeIdle: return time.map { .closeIdle(after: $0) }
        case .brownOut:
            let factor = fields.read(.factor, by: .factor)
            let errors = fields[.errors] == nil ? 0 : fields.read(.errors, by: .ratio)
            guard let factor, let errors else { return nil }
            return .brownOut(factor: factor, errors: errors)
        }
    }

    /// What a kind needs has to be there, and what means nothing to it must not.
    private static func checkKeys(_ fields: Fields<FaultKey>, _ kind: Fault.Kind) {
        let common: Set<FaultKey> = [.kind, .name, .after, .for, .on]
        let needed = needs(kind)
        var allowed = common.union(needed)
        if kind.isOfPayments { allowed.insert(.share) }
        if kind == .brownOut { allowed.insert(.errors) }
        for key in FaultKey.allCases {
            if needed.contains(key), fields[key] == nil {
                fields.complaints.add(KeyProblem.missing(key.rawValue), at: fields.place)
            }
            guard !allowed.contains(key), let node = fields[key] else { continue }
            let problem = ProviderProblem.notForKind(key: key.rawValue, kind: kind.rawValue)
            fields.complaints.add(problem, at: node.place)
        }
    }

    private static func needs(_ kind: Fault.Kind) -> Set<FaultKey> {
        switch kind {
        case .refuse, .stall, .cutBody, .wrongLength, .badJSON: []
        case .reset: [.point]
        case .drip, .timeout, .closeIdle: [.time]
        case .brownOut: [.factor]
        }
    }
}

private enum LimitKey: String, FieldKey {
    case rate, burst, concurrent, retryAfter = "retry_after"
}

extension Rule where Value == Limits {
    static var limits: Rule {
        Rule { node, complaints in
            guard let fields = Fields<LimitKey>(node, complaints: complaints) else { return nil }
            var limits = Limits()
            let rates = Rule<Double>.perSecond(
                in: 0.001...1_000_000, allowed: "0.001/s to 1000000/s")
            let rate = fields.read(.rate, by: rates)
            let burst = fields.read(.burst, by: .integer(in: 1...1_000_000))
            if let rate {
                let second = max(1, Int(rate.rounded(.up)))
                limits.rate = Limits.Rate(perSecond: rate, burst: burst ?? second)
            } else if fields[.rate] == nil, let node = fields[.burst] {
                complaints.add(ProviderProblem.burstWithoutRate, at: node.place)
            }
            limits.concurrent = fields.read(.concurrent, by: .integer(in: 1...1_000_000))
            let patience = Rule<Duration>.duration(in: .seconds(1)...aDay)
            limits.retryAfter = fields.read(.retryAfter, by: patience) ?? limits.retryAfter
            return limits
        }
    }
}
