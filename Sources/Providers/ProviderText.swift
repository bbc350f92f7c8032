import Documents
import Payments

extension Provider {
    /// YAML that `ProviderReader` reads back to an equal value, as a file of its own.
    package var documentText: String {
        Tree.mapping([("version", .plain("1"))] + members(revealing: .everything)).yaml
    }

    /// As it stands inside a scenario that others may see.
    package var concealedTree: Tree { .mapping(members(revealing: .names)) }

    private func members(revealing disclosure: Disclosure) -> [(String, Tree)] {
        var pairs = [("name", Tree.text(name))]
        pairs += behaviour(revealing: disclosure, over: ServiceSettings())
        if !adapters.isEmpty {
            let trees = adapters.map { adapter in
                (adapter.provider.name, adapter.tree(revealing: disclosure, over: service))
            }
            pairs.append(("adapters", .mapping(trees)))
        }
        return pairs
    }

    /// What an adapter may say too. Presets are written out.
    /// - Parameter base: the service that is meant where none is written.
    fileprivate func behaviour(
        revealing disclosure: Disclosure, over base: ServiceSettings
    ) -> [(String, Tree)] {
        var pairs: [(String, Tree)] = []
        if let seed { pairs.append(("seed", .plain("\(seed)"))) }
        if let auth = auth(revealing: disclosure) { pairs.append(("auth", auth)) }
        if service != base { pairs.append(("service", service.tree)) }
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
    fileprivate func tree(revealing disclosure: Disclosure, over base: ServiceSettings) -> Tree {
        .mapping(
            (port.map { [("port", .plain("\($0)"))] } ?? [])
                + provider.behaviour(revealing: disclosure, over: base))
    }
}

/// How much of credentials is written.
package enum Disclosure: Sendable {
    /// For who has to use them.
    case everything
    /// For who may read: user names, and secrets by name.
    case names

    /// A secret that is no template.
    fileprivate func shown(_ secret: String) -> String {
        switch self {
        case .everything: secret
        case .names: "***"
        }
    }
}

extension Provider {
    /// nil: everybody is let in.
    private func auth(revealing disclosure: Disclosure) -> Tree? {
        var pairs: [(String, Tree)] = []
        if case .mapping(let scheme) = credentials?.tree(revealing: disclosure) { pairs += scheme }
        if let tokens { pairs.append(("jwt", tokens.tree(revealing: disclosure))) }
        if let login { pairs.append(("credentials", login.tree(revealing: disclosure))) }
        return pairs.isEmpty ? nil : .mapping(pairs)
    }
}

extension TokenSettings {
    fileprivate func tree(revealing disclosure: Disclosure) -> Tree {
        .mapping([
            ("secret", .text(disclosure.shown(secret))),
            ("require_tls", .plain("\(requiresTLS)")),
        ])
    }
}

extension LoginSettings {
    fileprivate func tree(revealing disclosure: Disclosure) -> Tree {
        .mapping([
            ("username", .text(username)), ("password", .text(disclosure.shown(password))),
        ])
    }
}

extension ServiceSettings {
    fileprivate var tree: Tree {
        var pairs: [(String, Tree)] = [
            ("binding", .text(binding.rawValue)), ("validators", .plain("\(validators)")),
            ("cors", .plain("\(cors)")), ("html", .plain("\(html)")),
            ("sessions", .plain("\(sessions)")), ("body_limit", .plain("\(bodyLimit)B")),
        ]
        if let most = requestsPerConnection {
            pairs.append(("requests_per_connection", .plain("\(most)")))
        }
        return .mapping(pairs)
    }
}

extension Credentials {
    /// Secrets stand as `${secret:NAME}`, whatever is revealed.
    package func tree(revealing disclosure: Disclosure) -> Tree {
        switch self {
        case .bearer(let token): .mapping([("bearer", token.tree(revealing: disclosure))])
        case .apiKey(let key): .mapping([("api_key", key.tree(revealing: disclosure))])
        case .basic(let username, let password):
            .mapping([
                (
                    "basic",
                    .mapping([
                        ("username", .text(username.masked)),
                        ("password", password.tree(revealing: disclosure)),
                    ])
                )
            ])
        }
    }
}

extension Template {
    fileprivate func tree(revealing disclosure: Disclosure) -> Tree {
        switch disclosure {
        case .everything: .text(masked)
        case .names: .text(concealed)
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
