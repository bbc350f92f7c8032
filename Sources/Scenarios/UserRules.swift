import Documents

private enum RangeKey: String, FieldKey { case from, to }
private enum ThinkTimeKey: String, FieldKey { case uniform, exponential }

/// How many users there are at both ends of a phase.
struct UserCount {
    var from: Int
    var to: Int
}

extension Rule where Value == UserCount {
    /// A number, or `{ from, to }`.
    static var users: Rule {
        Rule { node, complaints in
            guard case .mapping = node.content else {
                let allowed = "a whole number, 1 to 100000, or { from: 10, to: 100 }"
                return Rule<Int>.integer(in: 1...100_000).described(allowed)
                    .read(node, complaints).map { UserCount(from: $0, to: $0) }
            }
            let keys = Set(RangeKey.allCases)
            guard let fields = Fields(node, required: keys, complaints: complaints) else {
                return nil
            }
            let from = fields.read(.from, by: .integer(in: 0...100_000))
            let to = fields.read(.to, by: .integer(in: 0...100_000))
            guard let from, let to else { return nil }
            if from == 0, to == 0 {
                complaints.add(LoadProblem.nothingDue, at: fields.place)
                return nil
            }
            return UserCount(from: from, to: to)
        }
    }
}

extension Rule where Value == Scenario.ThinkTime {
    /// A duration, `{ uniform: { from, to } }` or `{ exponential: mean }`.
    static var thinkTime: Rule {
        let duration = Rule<Duration>.duration(in: .zero...(.seconds(3600)))
        return Rule { node, complaints in
            guard case .mapping = node.content else {
                return duration.read(node, complaints).map { .constant($0) }
            }
            guard let fields = Fields<ThinkTimeKey>(node, complaints: complaints) else {
                return nil
            }
            if fields.isEmpty, !complaints.isEmpty { return nil }
            switch fields.onlyKey() {
            case .exponential:
                return fields.read(.exponential, by: duration).map { .exponential(mean: $0) }
            case .uniform: return fields.read(.uniform, by: .uniform(duration))
            case nil: return nil
            }
        }
    }

    private static func uniform(_ duration: Rule<Duration>) -> Rule {
        Rule { node, complaints in
            let keys = Set(RangeKey.allCases)
            guard let fields = Fields(node, required: keys, complaints: complaints) else {
                return nil
            }
            let from = fields.read(.from, by: duration)
            let to = fields.read(.to, by: duration)
            guard let from, let to else { return nil }
            if from > to {
                let problem = LoadProblem.fromAboveTo(from.written, to.written)
                complaints.add(problem, at: fields[.to]?.place)
                return nil
            }
            return .uniform(from: from, to: to)
        }
    }
}
