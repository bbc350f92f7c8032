import Documents

// One rule for each law that has parameters.

private enum UniformKey: String, FieldKey {
    case from, to

    var field: Field {
        switch self {
        case .from: Field("The shortest.", Rule.latencyTime, .required)
        case .to: Field("The longest.", Rule.latencyTime, .required)
        }
    }
}

private enum ExponentialKey: String, FieldKey {
    case mean

    var field: Field {
        switch self {
        case .mean: Field("The mean.", Rule.positiveTime, .required)
        }
    }
}

private enum QuantileKey: String, FieldKey {
    case p50, p99

    var field: Field {
        switch self {
        case .p50: Field("Half of the payments take at most this.", Rule.positiveTime, .required)
        case .p99: Field("99 % of the payments take at most this.", Rule.positiveTime, .required)
        }
    }
}

private enum BimodalKey: String, FieldKey {
    case fast, slow, slowShare = "slow_share"

    var field: Field {
        switch self {
        case .fast: Field("What most payments take.", Rule.latencyTime, .required)
        case .slow: Field("What the others take.", Rule.latencyTime, .required)
        case .slowShare: Field("Part of the others.", Rule.ratio, .required)
        }
    }
}

private enum PointKey: String, FieldKey {
    case quantile, time

    var field: Field {
        switch self {
        case .quantile: Field("This part of the payments …", Rule.ratio, .required)
        case .time: Field("… takes at most this.", Rule.latencyTime, .required)
        }
    }
}

extension Rule where Value == Duration {
    fileprivate static var positiveTime: Rule {
        .duration(in: .microseconds(1)...Latency.longest)
    }
}

extension Rule where Value == LatencyLaw {
    static var uniform: Rule {
        .mapping { (fields: Fields<UniformKey>) in
            let from = fields.read(.from, by: .latencyTime)
            let to = fields.read(.to, by: .latencyTime)
            guard let from, let to else { return nil }
            if to < from {
                let problem = ProviderProblem.outOfOrder(lower: "from", from, upper: "to", to)
                fields.complaints.add(problem, at: fields[.to]?.place)
            }
            return .uniform(from: from, to: to)
        }
    }

    static var exponential: Rule {
        .mapping { (fields: Fields<ExponentialKey>) in
            fields.read(.mean, by: .positiveTime).map {
                .exponential(mean: $0)
            }
        }
    }

    static var bimodal: Rule {
        .mapping { (fields: Fields<BimodalKey>) in
            let fast = fields.read(.fast, by: .latencyTime)
            let slow = fields.read(.slow, by: .latencyTime)
            let share = fields.read(.slowShare, by: .ratio)
            guard let fast, let slow, let share else { return nil }
            return .bimodal(fast: fast, slow: slow, slowShare: share)
        }
    }

    /// A law that two of its quantiles give.
    static func quantiles(_ law: @escaping (Duration, Duration) -> LatencyLaw) -> Rule {
        .mapping { (fields: Fields<QuantileKey>) in
            let p50 = fields.read(.p50, by: .positiveTime)
            let p99 = fields.read(.p99, by: .positiveTime)
            guard let p50, let p99 else { return nil }
            if p99 < p50 {
                let problem = ProviderProblem.outOfOrder(lower: "p50", p50, upper: "p99", p99)
                fields.complaints.add(problem, at: fields[.p99]?.place)
            }
            return law(p50, p99)
        }
    }

    static var pareto: Rule {
        Rule<LatencyLaw>.quantiles { .pareto(p50: $0, p99: $1) }
            .then { law throws(Violation) in
                if case .pareto(let p50, let p99) = law, p50 == p99 {
                    throw Violation(ProviderProblem.equalQuantiles(p50))
                }
                return law
            }
    }

    static var empirical: Rule {
        Rule<QuantilePoint>.point.list.then { points throws(Violation) in
            guard points.count >= 2, points.first?.quantile == 0, points.last?.quantile == 1 else {
                throw Violation(ProviderProblem.tableEnds)
            }
            for (lower, upper) in zip(points, points.dropFirst())
            where upper.quantile <= lower.quantile || upper.time < lower.time {
                throw Violation(ProviderProblem.tableFalls(quantile: upper.quantile))
            }
            return .empirical(points)
        }
    }
}

extension Rule where Value == QuantilePoint {
    fileprivate static var point: Rule {
        .mapping { (fields: Fields<PointKey>) in
            let quantile = fields.read(.quantile, by: .ratio)
            let time = fields.read(.time, by: .latencyTime)
            guard let quantile, let time else { return nil }
            return QuantilePoint(quantile: quantile, time: time)
        }
    }
}
