import Documents
import Payments

extension Provider {
    /// YAML that `ProviderReader` reads back to an equal value, as a file of its own.
    package var documentText: String { Tree.mapping([("version", .plain("1"))] + members).yaml }

    /// The same without `version`, as it stands inside a scenario.
    package var tree: Tree { .mapping(members) }

    private var members: [(String, Tree)] {
        var pairs = [("name", Tree.text(name))] + behaviour
        if !adapters.isEmpty {
            pairs.append(("adapters", .mapping(adapters.map { ($0.provider.name, $0.tree) })))
        }
        return pairs
    }

    /// What an adapter may say too. Presets are written out.
    fileprivate var behaviour: [(String, Tree)] {
        var pairs: [(String, Tree)] = []
        if let seed { pairs.append(("seed", .plain("\(seed)"))) }
        if let credentials { pairs.append(("auth", credentials.tree)) }
        pairs.append(("latency", latency.tree))
        if let stall { pairs.append(("stall", stall.tree)) }
        pairs.append(("answers", .list(answers.map(\.tree))))
        pairs.append(("drops", .list(drops.map(\.tree))))
        if limits != Limits() { pairs.append(("limits", limits.tree)) }
        if !faults.isEmpty { pairs.append(("faults", .list(faults.map(\.tree)))) }
        if repeats != .chargeTwice { pairs.append(("repeat", .text(repeats.rawValue))) }
        if ledgerEntries != Self.usualLedgerEntries {
            pairs.append(("ledger_entries", .plain("\(ledgerEntries)")))
        }
        return pairs
    }
}

extension Adapter {
    fileprivate var tree: Tree {
        .mapping((port.map { [("port", .plain("\($0)"))] } ?? []) + provider.behaviour)
    }
}

extension Credentials {
    /// Secrets stand as `${secret:NAME}`.
    package var tree: Tree {
        switch self {
        case .bearer(let token): .mapping([("bearer", .text(token.masked))])
        case .apiKey(let key): .mapping([("api_key", .text(key.masked))])
        case .basic(let username, let password):
            .mapping([
                (
                    "basic",
                    .mapping([
                        ("username", .text(username.masked)), ("password", .text(password.masked)),
                    ])
                )
            ])
        }
    }
}

extension Stall {
    fileprivate var tree: Tree {
        .mapping([("after", .plain(after.written)), ("for", .plain(length.written))])
    }
}

extension ScriptedAnswer {
    fileprivate var tree: Tree {
        if outcome != .error {
            return .mapping([("share", .plain("\(share)")), ("outcome", .text(outcome.rawValue))])
        }
        var pairs: [(String, Tree)] = [
            ("share", .plain("\(share)")), ("status", .plain("\(status)")), ("code", .text(code)),
        ]
        if let field { pairs.append(("field", .text(field))) }
        if decline == .soft { pairs.append(("decline", .text(decline.rawValue))) }
        return .mapping(pairs)
    }
}

extension ScriptedDrop {
    fileprivate var tree: Tree {
        .mapping([("share", .plain("\(share)")), ("point", .text(point.rawValue))])
    }
}
