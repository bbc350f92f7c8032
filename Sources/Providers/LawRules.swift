import Documents

// One rule for each law that has parameters.

private enum UniformKey: String, FieldKey { case from, to }
private enum ExponentialKey: String, FieldKey { case mean }
private enum QuantileKey: String, FieldKey { case p50, p99 }
private enum BimodalKey: String, FieldKey { case fast, slow, slowShare = "slow_share" }
private enum PointKey: String, FieldKey { case quantile, time }

private let positiveTime: ClosedRange<Duration> = .microseconds(1)...Latency.longest

extension Rule where Value == LatencyLaw {
    static var uniform: Rule {
        Rule { node, complaints in
            let keys = Set(UniformKey.allCases)
            guard let fields = Fields(node, required: keys, complaints: complaints) else {
                return nil
            }
            let from = fields.read(.from, by: .latencyTime)
            let to = fields.read(.to, by: .latencyTime)
            guard let from, let to else { return nil }
            if to < from {
                let problem = ProviderProblem.outOfOrder(lower: "from", from, upper: "to", to)
                complaints.add(problem, at: fields[.to]?.place)
            }
            return .uniform(from: from, to: to)
        }
    }

    static var exponential: Rule {
        Rule { node, complaints in
            let keys = Set(ExponentialKey.allCases)
            let fields = Fields(node, required: keys, complaints: complaints)
            return fields?.read(.mean, by: .duration(in: positiveTime)).map {
                .exponential(mean: $0)
            }
        }
    }

    static var bimodal: Rule {
        Rule { node, complaints in
            let keys = Set(BimodalKey.allCases)
            guard let fields = Fields(node, required: keys, complaints: complaints) else {
                return nil
            }
            let fast = fields.read(.fast, by: .latencyTime)
            let slow = fields.read(.slow, by: .latencyTime)
            let share = fields.read(.slowShare, by: .ratio)
            guard let fast, let slow, let share else { return nil }
            return .bimodal(fast: fast, slow: slow, slowShare: share)
        }
    }

    /// A law that two of its quantiles give.
    static func quantiles(_ law: @escaping (Duration, Duration) -> LatencyLaw) -> Rule {
        Rule { node, complaints in
            let keys = Set(QuantileKey.allCases)
            guard let fields = Fields(node, required: keys, complaints: complaints) else {
                return nil
            }
            let p50 = fields.read(.p50, by: .duration(in: positiveTime))
            let p99 = fields.read(.p99, by: .duration(in: positiveTime))
            guard let p50, let p99 else { return nil }
            if p99 < p50 {
                let problem = ProviderProblem.outOfOrder(lower: "p50", p50, upper: "p99", p99)
                complaints.add(problem, at: fields[.p99]?.place)
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
        Rule { node, complaints in
            let keys = Set(PointKey.allCases)
            guard let fields = Fields(node, required: keys, complaints: complaints) else {
                return nil
            }
            let quantile = fields.read(.quantile, by: .ratio)
            let time = fields.read(.time, by: .latencyTime)
            guard let quantile, let time else { return nil }
            return QuantilePoint(quantile: quantile, time: time)
        }
    }
}
