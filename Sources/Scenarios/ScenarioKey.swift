import Documents
import Providers

/// The sections of a scenario.
enum ScenarioKey: String, FieldKey {
    case version, name, seed, target, simulator, limits, retry, data, payments, load, flows
    case budgets, baseline, adapters, compare, capacity

    static var alternatives: [[ScenarioKey]] { [[.load, .flows, .compare, .capacity]] }
    static var exclusives: [[ScenarioKey]] { [[.load, .flows]] }
    static var companions: [(key: ScenarioKey, with: [ScenarioKey])] {
        [(.adapters, [.compare]), (.compare, [.adapters])]
    }

    var field: Field {
        switch self {
        case .version: Field("Of this format.", Rule.formatVersion, .required)
        case .name:
            Field("Names the result folder.", Rule.label, .required, example: "make-payment")
        case .seed:
            Field(
                "Of every random choice.", Rule.seed, .otherwise("drawn, and recorded"),
                example: "42")
        case .target: Field("The service under load.", Rule.target(.none), .required)
        case .simulator:
            Field(
                "What the built-in provider does: a mapping, or the path of a provider file.",
                Rule.simulator(.none), .otherwise("every payment is accepted at once"),
                example: "provider.yaml")
        case .limits:
            Field("How much is allowed, and when the run stops.", Rule.limits(.none))
        case .retry:
            Field(
                "When a payment is sent again with the same id; counted apart.", Rule.retry,
                .otherwise("never"))
        case .data:
            Field(
                "Files of values for ${data.NAME.COLUMN}.", Rule.dataSets(.none),
                example: "{ cards: { file: cards.csv } }")
        case .payments: Field("The weighted mix of payments.", Rule.mix(.none), .required)
        case .load:
            Field(
                "Phases, one after another.", Rule.load(.none, .none), withoutLoad,
                example: "[{ phase: steady, rate: 500/s, for: 30s }]")
        case .flows:
            Field(
                "Lists of phases by name, which run at the same time.", Rule.flows(.none, .none),
                withoutLoad,
                example: "{ web: [{ phase: web, rate: 100/s, for: 30s }] }")
        case .budgets, .baseline, .adapters, .compare, .capacity: judgingField
        }
    }

    private var withoutLoad: Presence {
        .otherwise("load or flows is needed, unless there is compare or capacity")
    }

    private var judgingField: Field {
        switch self {
        case .baseline:
            Field(
                "What relative budgets are relative to.",
                Rule.baseline(.none, hasUsers: false), .otherwise("no budget may be relative"),
                example: "{ target: { base_url: http://127.0.0.1:8081 } }")
        case .adapters:
            Field(
                "Ways to the service that are compared, by name: what differs from target.",
                Rule.adapters(.none), .otherwise("nothing to compare"),
                example: "{ old: {}, new: { base_url: http://127.0.0.1:8081 } }")
        case .compare:
            Field(
                "How paybench compare measures the adapters.", Rule.compare,
                .otherwise("nothing to compare"), example: "{ rate: 100/s, for: 5m }")
        case .capacity:
            Field(
                "How paybench capacity looks for the highest rate that keeps the promises.",
                Rule.capacity(.none), .otherwise("nothing to search"))
        case .budgets, .version, .name, .seed, .target, .simulator, .limits, .retry, .data,
            .payments, .load, .flows:
            Field(
                "What the run has to keep to.", Rule.budgets(.none),
                .otherwise("nothing is judged"),
                example: "[response_time.p99 < 800ms, errors.rate < 0.1%]")
        }
    }
}

extension Rule where Value == Int {
    static var formatVersion: Rule { .word([("1", 1)]) }
}

extension Rule where Value == UInt64 {
    static var seed: Rule { .integer(in: 0...UInt64.max) }
}
