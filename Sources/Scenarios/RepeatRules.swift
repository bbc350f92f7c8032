import Documents
import Payments

private enum RetryKey: String, FieldKey { case on, max, after }

extension Rule where Value == Scenario.Retry {
    /// Only where another attempt may end better: an answer that is final is none.
    static var retry: Rule {
        let outcomes: [Outcome] = [.throttled, .providerError, .notSent, .inDoubt]
        let words = outcomes.map { ($0.name, $0) }
        return Rule { node, complaints in
            guard let fields = Fields<RetryKey>(node, required: [.on], complaints: complaints)
            else { return nil }
            let on = fields.read(.on, by: .outcomes(among: words))
            let most = fields.read(.max, by: .integer(in: 1...10))
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
        Rule { node, complaints in
            if case .scalar(let scalar) = node.content, scalar.text == "retry_after" {
                return .retryAfter(otherwise: .seconds(1))
            }
            if case .scalar(let scalar) = node.content, scalar.text.first?.isLetter ?? false {
                let allowed = ["retry_after", "a duration such as 500ms"]
                complaints.add(ValueProblem.notAWord(scalar.text, allowed: allowed), at: node.place)
                return nil
            }
            return Rule<Duration>.duration(in: .zero...(.seconds(600))).read(node, complaints)
                .map { .fixed($0) }
        }
    }
}

private enum RepeatsKey: String, FieldKey { case share, when }

extension Rule where Value == Repeats {
    /// A share, or `{ share, when }`.
    static var repeats: Rule {
        Rule { node, complaints in
            guard case .mapping = node.content else {
                return Rule<Double>.ratio.read(node, complaints)
                    .map { Repeats(share: $0, timing: .afterAnswer) }
            }
            guard let fields = Fields<RepeatsKey>(node, required: [.share], complaints: complaints)
            else { return nil }
            let share = fields.read(.share, by: .ratio)
            let timing = fields.read(.when, by: Rule<Repeats.Timing>.word)
            return share.map { Repeats(share: $0, timing: timing ?? .afterAnswer) }
        }
    }
}
