import Documents

private enum StallKey: String, FieldKey { case after, `for` }

extension Rule where Value == Stall {
    static var stall: Rule {
        Rule { node, complaints in
            let keys = Set(StallKey.allCases)
            guard let fields = Fields(node, required: keys, complaints: complaints) else {
                return nil
            }
            let day: Duration = .seconds(86_400)
            let after = fields.read(.after, by: .duration(in: .zero...day))
            let length = fields.read(.for, by: .duration(in: .microseconds(1)...day))
            guard let after, let length else { return nil }
            return Stall(after: after, length: length)
        }
    }
}

private enum AnswerKey: String, FieldKey { case share, outcome, status, code, field, decline }

extension Rule where Value == ScriptedAnswer {
    static var scriptedAnswer: Rule {
        Rule { node, complaints in
            let outcome = node["outcome"].map {
                Rule<ScriptedAnswer.Outcome>.word.read($0, complaints)
            }
            switch outcome ?? .error {
            case .error: return error(node, complaints)
            case .challenge: return share(node, complaints).map { .challenge(share: $0) }
            case .pending: return share(node, complaints).map { .pending(share: $0) }
            case nil: return nil
            }
        }
    }

    private static func error(_ node: Node, _ complaints: Complaints) -> ScriptedAnswer? {
        let required: Set<AnswerKey> = [.share, .status, .code]
        guard let fields = Fields(node, required: required, complaints: complaints) else {
            return nil
        }
        let share = fields.read(.share, by: .ratio)
        let status = fields.read(.status, by: .integer(in: 200...599))
        let code = fields.read(.code, by: .label)
        let field = fields.read(.field, by: .label)
        let decline = fields.read(.decline, by: Rule<ScriptedAnswer.Decline>.word)
        guard let share, let status, let code else { return nil }
        var answer = ScriptedAnswer(share: share, status: status, code: code, field: field)
        answer.decline = decline ?? answer.decline
        return answer
    }

    /// Of an answer that has nothing but its share.
    private static func share(_ node: Node, _ complaints: Complaints) -> Double? {
        let keys = Set(BareAnswerKey.allCases)
        return Fields(node, required: keys, complaints: complaints)?.read(.share, by: .ratio)
    }
}

private enum BareAnswerKey: String, FieldKey { case share, outcome }

private enum DropKey: String, FieldKey { case share, point }

extension Rule where Value == ScriptedDrop {
    static var scriptedDrop: Rule {
        Rule { node, complaints in
            let keys = Set(DropKey.allCases)
            guard let fields = Fields(node, required: keys, complaints: complaints) else {
                return nil
            }
            let share = fields.read(.share, by: .ratio)
            let point = fields.read(.point, by: Rule<ScriptedDrop.Point>.word)
            guard let share, let point else { return nil }
            return ScriptedDrop(share: share, point: point)
        }
    }
}
