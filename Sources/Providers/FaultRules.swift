import Documents

private enum FaultKey: String, FieldKey {
    case kind, name, share, every, after, `for`, on, point, time, factor, errors

    var field: Field {
        switch self {
        case .kind: Field("What goes wrong.", Rule<Fault.Kind>.word, .required)
        case .name:
            Field(
                "For switching it and in the ledger.", Rule.label, .otherwise("the kind"),
                example: "issuer")
        case .share:
            Field("Part of the payments that come while it is on.", Rule.ratio, .defaultsTo("100%"))
        case .every:
            Field("In place of a share: every so many-th payment, by arrival.", Rule.faultCount)
        case .after: Field("From the first payment on.", Rule.faultStart, .defaultsTo("0s"))
        case .for: Field("How long it is on.", Rule.faultLength, .otherwise("to the end"))
        case .on: Field("false: off until it is switched on.", Rule.boolean, .defaultsTo("true"))
        case .point: Field("When the connection is reset (reset).", Rule<Fault.Point>.word)
        case .time:
            Field("How long a drip, a timeout or an idle connection takes.", Rule.faultTime)
        case .factor: Field("How many times as long payments take (brown_out).", Rule.factor)
        case .errors: Field("Part that is answered 503 (brown_out).", Rule.ratio, .defaultsTo("0%"))
        }
    }
}

extension Rule where Value == Duration {
    fileprivate static var faultStart: Rule { .duration(in: .zero...aDay) }
    fileprivate static var faultLength: Rule { .duration(in: .microseconds(1)...aDay) }
    fileprivate static var faultTime: Rule { .duration(in: .milliseconds(1)...Latency.longest) }
}

extension Rule where Value == Int {
    fileprivate static var faultCount: Rule { .integer(in: 1...1_000_000) }
}

extension Rule where Value == [Fault] {
    static var faults: Rule {
        Rule(Rule<Fault>.fault.list.shape) { node, complaints in
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
        .mapping { (fields: Fields<FaultKey>) in
            guard let kind = fields.read(.kind, by: Rule<Fault.Kind>.word) else { return nil }
            checkKeys(fields, kind)
            let name = fields.read(.name, by: .label)
            let share = fields.read(.share, by: .ratio)
            let every = fields.read(.every, by: .faultCount)
            if fields[.share] != nil, let node = fields[.every] {
                fields.complaints.add(ProviderProblem.everyBesideShare, at: node.place)
            }
            let after = fields.read(.after, by: .faultStart)
            let length = fields.read(.for, by: .faultLength)
            let isArmed = fields.read(.on, by: .boolean) ?? true
            guard let effect = effect(kind, fields) else { return nil }
            let isTimed = after != nil || length != nil
            if !isTimed, isArmed, kind == .refuse || kind == .stall {
                fields.complaints.add(ProviderProblem.needsWindow, at: fields.place)
            }
            let window = isTimed ? Fault.Window(after: after ?? .zero, length: length) : nil
            return Fault(
                name: name ?? kind.rawValue, effect, share: share ?? 1, window: window,
                isArmed: isArmed, every: every)
        }
    }

    private static func effect(_ kind: Fault.Kind, _ fields: Fields<FaultKey>) -> Fault.Effect? {
        let time = fields.read(.time, by: .faultTime)
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
        if kind.isOfPayments { allowed.formUnion([.share, .every]) }
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

    static let companions = [(key: LimitKey.burst, with: [LimitKey.rate])]

    var field: Field {
        switch self {
        case .rate: Field("Payments a second; more are answered 429.", Rule.limitRate)
        case .burst:
            Field(
                "Payments that may come at once.", Rule.limitCount,
                .otherwise("as many as in a second"))
        case .concurrent: Field("Payments under way; more are answered 429.", Rule.limitCount)
        case .retryAfter:
            Field("The Retry-After of a 429.", Rule.patience, .defaultsTo("1s"))
        }
    }
}

extension Rule where Value == Int {
    fileprivate static var limitCount: Rule { .integer(in: 1...1_000_000) }
}

extension Rule where Value == Double {
    fileprivate static var limitRate: Rule {
        .perSecond(in: 0.001...1_000_000, allowed: "0.001/s to 1000000/s")
    }
}

extension Rule where Value == Duration {
    fileprivate static var patience: Rule { .duration(in: .seconds(1)...aDay) }
}

extension Rule where Value == Limits {
    static var limits: Rule {
        .mapping { (fields: Fields<LimitKey>) in
            var limits = Limits()
            let rate = fields.read(.rate, by: .limitRate)
            let burst = fields.read(.burst, by: .limitCount)
            if let rate {
                let second = max(1, Int(rate.rounded(.up)))
                limits.rate = Limits.Rate(perSecond: rate, burst: burst ?? second)
            } else if fields[.rate] == nil, let node = fields[.burst] {
                fields.complaints.add(ProviderProblem.burstWithoutRate, at: node.place)
            }
            limits.concurrent = fields.read(.concurrent, by: .limitCount)
            limits.retryAfter = fields.read(.retryAfter, by: .patience) ?? limits.retryAfter
            return limits
        }
    }
}
