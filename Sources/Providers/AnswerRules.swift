import Documents

private enum StallKey: String, FieldKey {
    case after, `for`

    var field: Field {
        switch self {
        case .after: Field("From the first payment on.", Rule.stallStart, .required)
        case .for: Field("How long nothing is read and answered.", Rule.stallTime, .required)
        }
    }
}

extension Rule where Value == Duration {
    fileprivate static var stallStart: Rule { .duration(in: .zero...aDay) }
    fileprivate static var stallTime: Rule { .duration(in: .microseconds(1)...aDay) }
}

extension Rule where Value == Stall {
    static var stall: Rule {
        .mapping { (fields: Fields<StallKey>) in
            let after = fields.read(.after, by: .stallStart)
            let length = fields.read(.for, by: .stallTime)
            guard let after, let length else { return nil }
            return Stall(after: after, length: length)
        }
    }
}

private enum AnswerKey: String, FieldKey {
    case share, outcome, status, code, errorField = "field", decline

    var field: Field {
        switch self {
        case .share: Field("Part of all payments that is answered so.", Rule.ratio, .required)
        case .outcome:
            Field(
                "error, challenge (3-D Secure: a redirect; not booked) or pending (booked).",
                Rule<ScriptedAnswer.Outcome>.word, .defaultsTo("error"))
        case .status: Field("HTTP status of the error.", Rule.status, .required)
        case .code:
            Field("Its errorCode.", Rule.label, .required, example: "CardDeclined")
        case .errorField:
            Field("The field that the error names.", Rule.label, example: "PaymentId")
        case .decline:
            Field(
                "hard, or soft: not kept for a repeat.", Rule<ScriptedAnswer.Decline>.word,
                .defaultsTo("hard"))
        }
    }
}

private enum BareAnswerKey: String, FieldKey {
    case share, outcome

    var field: Field {
        switch self {
        case .share: AnswerKey.share.field
        case .outcome:
            Field(
                "challenge (3-D Secure: a redirect; not booked) or pending (booked).",
                Rule<ScriptedAnswer.Outcome>.word, .required)
        }
    }
}

extension Rule where Value == Int {
    fileprivate static var status: Rule { .integer(in: 200...599) }
}

extension Rule where Value == ScriptedAnswer {
    static var scriptedAnswer: Rule {
        Rule(.oneOf([error.shape, bareShare.shape])) { node, complaints in
            let outcome = node["outcome"].map {
                Rule<ScriptedAnswer.Outcome>.word.read($0, complaints)
            }
            switch outcome ?? .error {
            case .error: return error.read(node, complaints)
            case .challenge:
                return bareShare.read(node, complaints).map { .challenge(share: $0) }
            case .pending: return bareShare.read(node, complaints).map { .pending(share: $0) }
            case nil: return nil
            }
        }
    }

    private static var error: Rule {
        .mapping { (fields: Fields<AnswerKey>) in
            let share = fields.read(.share, by: .ratio)
            let status = fields.read(.status, by: .status)
            let code = fields.read(.code, by: .label)
            let field = fields.read(.errorField, by: .label)
            let decline = fields.read(.decline, by: Rule<ScriptedAnswer.Decline>.word)
            guard let share, let status, let code else { return nil }
            var answer = ScriptedAnswer(share: share, status: status, code: code, field: field)
            answer.decline = decline ?? answer.decline
            return answer
        }
    }

    /// Of an answer that has nothing but its share.
    private static var bareShare: Rule<Double> {
        .mapping { (fields: Fields<BareAnswerKey>) in fields.read(.share, by: .ratio) }
    }
}

private enum DropKey: String, FieldKey {
    case share, point

    var field: Field {
        switch self {
        case .share: Field("Part of all payments.", Rule.ratio, .required)
        case .point:
            Field(
                "Whether the connection goes before or after the payment is booked.",
                Rule<ScriptedDrop.Point>.word, .required)
        }
    }
}

extension Rule where Value == ScriptedDrop {
    static var scriptedDrop: Rule {
        .mapping { (fields: Fields<DropKey>) in
            let share = fields.read(.share, by: .ratio)
            let point = fields.read(.point, by: Rule<ScriptedDrop.Point>.word)
            guard let share, let point else { return nil }
            return ScriptedDrop(share: share, point: point)
        }
    }
}
