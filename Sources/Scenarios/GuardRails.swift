import Documents

/// What is checked before anything is sent anywhere: which hosts, how much, how long.
struct GuardRails {
    let fields: Fields<ScenarioKey>

    func check(target: Scenario.Target?, limits: Scenario.Limits?, load: [Scenario.Phase]?) {
        if let target { check(hostsOf: target, limits: limits) }
        if let limits, let load { check(load, within: limits) }
    }

    private func check(hostsOf target: Scenario.Target, limits: Scenario.Limits?) {
        refuseProviders(target)
        guard case .url(let url) = target.base, !url.isLoopback else { return }
        let place = targetField(.baseURL)?.place ?? fields[.target]?.place
        if target.environment == nil, targetField(.environment) == nil {
            fields.complaints.add(GuardRail.noEnvironment(host: url.host), at: place)
        }
        if !target.allowedHosts.contains(url.host) {
            let problem = GuardRail.hostNotAllowed(host: url.host, allowed: target.allowedHosts)
            fields.complaints.add(problem, at: targetField(.allowHosts)?.place ?? place)
        }
        let given = limitKeys
        let missing = ["payments", "duration"].filter { !given.contains($0) }
        if !missing.isEmpty {
            let problem = GuardRail.noLimits(host: url.host, missing: missing)
            fields.complaints.add(problem, at: fields[.limits]?.place ?? place)
        }
    }

    /// Payment providers are no targets, whatever else the file says.
    private func refuseProviders(_ target: Scenario.Target) {
        if case .url(let url) = target.base, let domain = PaymentProviders.domain(of: url.host) {
            let problem = GuardRail.paymentProvider(host: url.host, domain: domain)
            fields.complaints.add(problem, at: targetField(.baseURL)?.place)
        }
        guard case .sequence(let nodes) = targetField(.allowHosts)?.content else { return }
        for (host, node) in zip(target.allowedHosts, nodes) {
            guard let domain = PaymentProviders.domain(of: host) else { continue }
            let problem = GuardRail.paymentProvider(host: host, domain: domain)
            fields.complaints.add(problem, at: node.place)
        }
    }

    private func check(_ load: [Scenario.Phase], within limits: Scenario.Limits) {
        let place = fields[.load]?.place
        if let most = limits.payments {
            let planned = Int(load.compactMap(\.plannedPayments).reduce(0, +).rounded())
            let drawn = load.compactMap(\.mostPayments).reduce(0, +)
            if planned > most {
                fields.complaints.add(GuardRail.tooManyPayments(planned, limit: most), at: place)
            } else if drawn > most {
                fields.complaints.add(GuardRail.tooManyDrawn(drawn, limit: most), at: place)
            }
        }
        if let longest = limits.duration {
            let planned = load.compactMap(\.plannedDuration).reduce(.zero, +)
            let drawn = load.compactMap(\.longestDuration).reduce(.zero, +)
            if planned > longest {
                fields.complaints.add(GuardRail.tooLong(planned, limit: longest), at: place)
            } else if drawn > longest {
                fields.complaints.add(GuardRail.tooLongDrawn(drawn, limit: longest), at: place)
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
