import Documents
import Payments

private enum RetryKey: String, FieldKey {
    case on, max, after

    var field: Field {
        switch self {
        case .on:
            Field("Outcomes after which it is sent again.", Rule.retried, .required)
        case .max: Field("How often, beside the first attempt.", Rule.retries, .defaultsTo("1"))
        case .after:
            Field(
                "When: as the answer's Retry-After says (1s where it says nothing), or after a time.",
                Rule.retryDelay, .defaultsTo("retry_after"), example: "500ms")
        }
    }
}

extension Rule where Value == Set<Outcome> {
    /// Only where another attempt may end better: an answer that is final is none.
    fileprivate static var retried: Rule {
        let outcomes: [Outcome] = [.throttled, .providerError, .notSent, .inDoubt]
        return .outcomes(among: outcomes.map { ($0.name, $0) })
    }
}

extension Rule where Value == Int {
    fileprivate static var retries: Rule { .integer(in: 1...10) }
}

extension Rule where Value == Scenario.Retry {
    static var retry: Rule {
        .mapping { (fields: Fields<RetryKey>) in
            let on = fields.read(.on, by: .retried)
            let most = fields.read(.max, by: .retries)
            let delay = fields.read(.after, by: .retryDelay)
            return on.map {
                Scenario.Retry(
                    outcomes: $0, most: most ?? 1,
                    delay: delay ?? .retryAfter(otherwise: .seconds(1)))
            }
        }
    }
}

extension Rule where Value == Scenario.Retry.Delay {
    /// `retry_after`, or how long.
    fileprivate static var retryDelay: Rule {
        let delay = Rule<Duration>.duration(in: .zero...(.seconds(600)))
        return Rule(.oneOf([.words(["retry_after"]), delay.shape])) { node, complaints in
            if case .scalar(let scalar) = node.content, scalar.text == "retry_after" {
                return .retryAfter(otherwise: .seconds(1))
            }
            if case .scalar(let scalar) = node.content, scalar.text.first?.isLetter ?? false {
                let allowed = ["retry_after", "a duration such as 500ms"]
                complaints.add(ValueProblem.notAWord(scalar.text, allowed: allowed), at: node.place)
                return nil
            }
            return delay.read(node, complaints).map { .fixed($0) }
        }
    }
}

private enum RepeatsKey: String, FieldKey {
    case share, when

    var field: Field {
        switch self {
        case .share: Field("Part that is sent again.", Rule.ratio, .required)
        case .when:
            Field(
                "After the answer, while the first is under way, or after it timed out.",
                Rule<Repeats.Timing>.word, .defaultsTo("after_answer"))
        }
    }
}

extension Rule where Value == Repeats {
    /// A share, or `{ share, when }`.
    static var repeats: Rule {
        Rule<Double>.ratio
            .then { share throws(Violation) in Repeats(share: share, timing: .afterAnswer) }
            .or(mapping: timed)
    }

    private static var timed: Rule {
        .mapping { (fields: Fields<RepeatsKey>) in
            let share = fields.read(.share, by: .ratio)
            let timing = fields.read(.when, by: Rule<Repeats.Timing>.word)
            return share.map { Repeats(share: $0, timing: timing ?? .afterAnswer) }
        }
    }
}
