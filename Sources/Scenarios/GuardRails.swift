import Documents

/// What is checked before anything is sent anywhere: which hosts, how much, how long.
struct GuardRails {
    let fields: Fields<ScenarioKey>

    /// Who may be put under load, and whether limits were set.
    func check(target: Scenario.Target?, _ sections: Sections) {
        guard let target else { return }
        refuseProviders(target)
        refuseProviders(sections.otherBases)
        let place = targetField(.baseURL)?.place ?? fields[.target]?.place
        var remote: [(host: String, place: Place?)] = []
        if case .url(let url) = target.base, !url.isLoopback { remote.append((url.host, place)) }
        // What goes through another machine leaves this one, wherever it is meant to end.
        if let proxy = target.http.proxy, !proxy.isLoopback {
            remote.append((proxy.host, targetField(.http)?[HTTPKey.proxy.rawValue]?.place ?? place))
        }
        for (base, place) in sections.otherBases {
            if case .url(let url) = base, !url.isLoopback { remote.append((url.host, place)) }
        }
        guard let (host, place) = remote.first else { return }
        if target.environment == nil, targetField(.environment) == nil {
            fields.complaints.add(GuardRail.noEnvironment(host: host), at: place)
        }
        for (host, place) in remote where !target.allowedHosts.contains(host) {
            let problem = GuardRail.hostNotAllowed(host: host, allowed: target.allowedHosts)
            fields.complaints.add(problem, at: targetField(.allowHosts)?.place ?? place)
        }
        let given = limitKeys
        let missing = ["payments", "duration"].filter { !given.contains($0) }
        if !missing.isEmpty {
            let problem = GuardRail.noLimits(host: host, missing: missing)
            fields.complaints.add(problem, at: fields[.limits]?.place ?? place)
        }
    }

    /// Payment providers are no targets, whatever else the file says.
    private func refuseProviders(_ target: Scenario.Target) {
        if case .url(let url) = target.base, let domain = PaymentProviders.domain(of: url.host) {
            let problem = GuardRail.paymentProvider(host: url.host, domain: domain)
            fields.complaints.add(problem, at: targetField(.baseURL)?.place)
        }
        if let proxy = target.http.proxy, let domain = PaymentProviders.domain(of: proxy.host) {
            let problem = GuardRail.paymentProvider(host: proxy.host, domain: domain)
            fields.complaints.add(problem, at: targetField(.http)?.place)
        }
        guard case .sequence(let nodes) = targetField(.allowHosts)?.content else { return }
        for (host, node) in zip(target.allowedHosts, nodes) {
            guard let domain = PaymentProviders.domain(of: host) else { continue }
            let problem = GuardRail.paymentProvider(host: host, domain: domain)
            fields.complaints.add(problem, at: node.place)
        }
    }

    private func refuseProviders(_ bases: [(base: Scenario.Base, place: Place)]) {
        for (base, place) in bases {
            guard case .url(let url) = base, let domain = PaymentProviders.domain(of: url.host)
            else { continue }
            let problem = GuardRail.paymentProvider(host: url.host, domain: domain)
            fields.complaints.add(problem, at: place)
        }
    }

    /// Whether what is known of the plan, at its worst, is within the limits.
    func check(planOf scenario: Scenario) {
        checkLoad(of: scenario)
        checkSums(of: scenario)
    }

    /// What several targets receive together, and how long the other measurements take.
    private func checkSums(of scenario: Scenario) {
        if let most = scenario.limits.payments {
            let both = scenario.isBesideBaseline ? 2 * KnownPlan(scenario).sent : 0
            let sums = [
                (fields[.baseline], 2, both),
                (fields[.compare], scenario.adapters.count, scenario.mostCompared ?? 0),
            ]
            for (node, targets, payments) in sums where payments > most {
                let problem = GuardRail.tooManyInAll(payments, targets: targets, limit: most)
                fields.complaints.add(problem, at: node?.place)
            }
        }
        guard let longest = scenario.limits.duration else { return }
        let lengths = [
            (ScenarioKey.compare, scenario.compare?.length),
            (.capacity, scenario.capacity.map { $0.length + ($0.then.soak ?? .zero) }),
        ]
        for (key, length) in lengths {
            guard let length, length > longest else { continue }
            let problem = GuardRail.sectionTooLong(key.rawValue, length, limit: longest)
            fields.complaints.add(problem, at: fields[key]?.place)
        }
    }

    private func checkLoad(of scenario: Scenario) {
        let place = (fields[.load] ?? fields[.flows])?.place
        let plan = KnownPlan(scenario)
        if let most = scenario.limits.payments {
            if plan.payments > most {
                let problem = GuardRail.tooManyPayments(plan.payments, limit: most)
                fields.complaints.add(problem, at: place)
            } else if plan.drawn > most {
                fields.complaints.add(GuardRail.tooManyDrawn(plan.drawn, limit: most), at: place)
            } else if plan.sent > most {
                fields.complaints.add(GuardRail.tooManySent(plan.sent, limit: most), at: place)
            }
        }
        if let longest = scenario.limits.duration {
            if plan.length > longest {
                fields.complaints.add(GuardRail.tooLong(plan.length, limit: longest), at: place)
            } else if plan.drawnLength > longest {
                let problem = GuardRail.tooLongDrawn(plan.drawnLength, limit: longest)
                fields.complaints.add(problem, at: place)
            }
        }
    }

    private func targetField(_ key: TargetKey) -> Node? { fields[.target]?[key.rawValue] }

    /// What `limits` names, also where the value is wrong: that has its own complaint.
    private var limitKeys: [String] {
        guard case .mapping(let entries) = fields[.limits]?.content else { return [] }
        return entries.map(\.key)
    }
}
