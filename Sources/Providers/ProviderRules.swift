import Documents
import Payments

private enum LatencyKey: String, FieldKey { case constant, bimodal, lognormal }
private enum BimodalKey: String, FieldKey { case fast, slow, slowShare = "slow_share" }
private enum LognormalKey: String, FieldKey { case p50, p99 }

private let longestLatency: Duration = .seconds(600)

extension Rule where Value == LatencyLaw {
    static var latencyLaw: Rule {
        Rule { node, complaints in
            guard let fields = Fields<LatencyKey>(node, complaints: complaints) else { return nil }
            switch fields.onlyKey() {
            case .constant:
                return fields.read(.constant, by: .duration(in: .zero...longestLatency))
                    .map { .constant($0) }
            case .bimodal: return fields.read(.bimodal, by: .bimodal)
            case .lognormal: return fields.read(.lognormal, by: .lognormal)
            case nil: return nil
            }
        }
    }

    private static var bimodal: Rule {
        Rule { node, complaints in
            let keys = Set(BimodalKey.allCases)
            guard let fields = Fields(node, required: keys, complaints: complaints) else {
                return nil
            }
            let fast = fields.read(.fast, by: .duration(in: .zero...longestLatency))
            let slow = fields.read(.slow, by: .duration(in: .zero...longestLatency))
            let share = fields.read(.slowShare, by: .ratio)
            guard let fast, let slow, let share else { return nil }
            return .bimodal(fast: fast, slow: slow, slowShare: share)
        }
    }

    private static var lognormal: Rule {
        Rule { node, complaints in
            let keys = Set(LognormalKey.allCases)
            guard let fields = Fields(node, required: keys, complaints: complaints) else {
                return nil
            }
            let range: ClosedRange<Duration> = .microseconds(1)...longestLatency
            let p50 = fields.read(.p50, by: .duration(in: range))
            let p99 = fields.read(.p99, by: .duration(in: range))
            guard let p50, let p99 else { return nil }
            if p99 < p50 {
                let problem = ProviderProblem.quantilesOutOfOrder(p50: p50, p99: p99)
                complaints.add(problem, at: fields[.p99]?.place)
            }
            return .lognormal(p50: p50, p99: p99)
        }
    }
}

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

private enum AnswerKey: String, FieldKey { case share, status, code, field }

extension Rule where Value == ScriptedAnswer {
    static var scriptedAnswer: Rule {
        Rule { node, complaints in
            guard
                let fields = Fields<AnswerKey>(
                    node, required: [.share, .status, .code], complaints: complaints)
            else { return nil }
            let share = fields.read(.share, by: .ratio)
            let status = fields.read(.status, by: .integer(in: 200...599))
            let code = fields.read(.code, by: .label)
            let field = fields.read(.field, by: .label)
            guard let share, let status, let code else { return nil }
            return ScriptedAnswer(share: share, status: status, code: code, field: field)
        }
    }
}

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
