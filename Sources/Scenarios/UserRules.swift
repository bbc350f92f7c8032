import Documents

private enum UserKey: String, FieldKey {
    case from, to

    var field: Field {
        switch self {
        case .from: Field("At the beginning of the phase.", Rule.userCount, .required)
        case .to:
            Field(
                "At its end; between, they come or go one by one.", Rule.userCount, .required,
                example: "100")
        }
    }
}

private enum ThinkTimeKey: String, FieldKey {
    case uniform, exponential

    static var choices: [[ThinkTimeKey]] { [allCases] }

    var field: Field {
        switch self {
        case .uniform: Field("Evenly between two times.", Rule.uniform)
        case .exponential: Field("Exponential, by its mean.", Rule.thought)
        }
    }
}

private enum ThoughtKey: String, FieldKey {
    case from, to

    var field: Field {
        switch self {
        case .from: Field("The shortest.", Rule.thought, .required, example: "50ms")
        case .to: Field("The longest.", Rule.thought, .required, example: "150ms")
        }
    }
}

extension Rule where Value == Int {
    fileprivate static var userCount: Rule { .integer(in: 0...100_000) }
}

extension Rule where Value == Duration {
    fileprivate static var thought: Rule { .duration(in: .zero...(.seconds(3600))) }
}

/// How many users there are at both ends of a phase.
struct UserCount {
    var from: Int
    var to: Int
}

extension Rule where Value == UserCount {
    /// A number, or `{ from, to }`.
    static var users: Rule {
        let allowed = "a whole number, 1 to 100000, or { from: 10, to: 100 }"
        return Rule<Int>.integer(in: 1...100_000).described(allowed)
            .then { count throws(Violation) in UserCount(from: count, to: count) }
            .or(mapping: comingAndGoing)
    }

    private static var comingAndGoing: Rule {
        .mapping { (fields: Fields<UserKey>) in
            let from = fields.read(.from, by: .userCount)
            let to = fields.read(.to, by: .userCount)
            guard let from, let to else { return nil }
            if from == 0, to == 0 {
                fields.complaints.add(LoadProblem.nothingDue, at: fields.place)
                return nil
            }
            return UserCount(from: from, to: to)
        }
    }
}

extension Rule where Value == Scenario.ThinkTime {
    /// A duration, `{ uniform: { from, to } }` or `{ exponential: mean }`.
    static var thinkTime: Rule {
        Rule<Duration>.thought.then { time throws(Violation) in .constant(time) }
            .or(mapping: drawn)
    }

    private static var drawn: Rule {
        .mapping { (fields: Fields<ThinkTimeKey>) in
            if fields.isEmpty, !fields.complaints.isEmpty { return nil }
            switch fields.onlyKey() {
            case .exponential:
                return fields.read(.exponential, by: .thought).map { .exponential(mean: $0) }
            case .uniform: return fields.read(.uniform, by: .uniform)
            case nil: return nil
            }
        }
    }

    fileprivate static var uniform: Rule {
        .mapping { (fields: Fields<ThoughtKey>) in
            let from = fields.read(.from, by: .thought)
            let to = fields.read(.to, by: .thought)
            guard let from, let to else { return nil }
            if from > to {
                let problem = LoadProblem.fromAboveTo(from.written, to.written)
                fields.complaints.add(problem, at: fields[.to]?.place)
                return nil
            }
            return .uniform(from: from, to: to)
        }
    }
}
