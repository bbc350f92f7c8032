import Documents
import Payments

extension Provider {
    /// YAML that `ProviderReader` reads back to an equal value, as a file of its own.
    package var documentText: String { Tree.mapping([("version", .plain("1"))] + members).yaml }

    /// The same without `version`, as it stands inside a scenario.
    package var tree: Tree { .mapping(members) }

    private var members: [(String, Tree)] {
        var pairs: [(String, Tree)] = [("name", .text(name))]
        if let seed { pairs.append(("seed", .plain("\(seed)"))) }
        if let auth { pairs.append(("auth", auth)) }
        if service != ServiceSettings() { pairs.append(("service", service.tree)) }
        pairs.append(("latency", latency.tree))
        if let stall { pairs.append(("stall", stall.tree)) }
        pairs.append(("answers", .list(answers.map(\.tree))))
        pairs.append(("drops", .list(drops.map(\.tree))))
        return pairs
    }
}

extension Provider {
    /// nil: everybody is let in.
    private var auth: Tree? {
        var pairs: [(String, Tree)] = []
        if case .mapping(let scheme) = credentials?.tree { pairs += scheme }
        if let tokens { pairs.append(("jwt", tokens.tree)) }
        if let login { pairs.append(("credentials", login.tree)) }
        return pairs.isEmpty ? nil : .mapping(pairs)
    }
}

extension TokenSettings {
    fileprivate var tree: Tree {
        .mapping([("secret", .text(secret)), ("require_tls", .plain("\(requiresTLS)"))])
    }
}

extension LoginSettings {
    fileprivate var tree: Tree {
        .mapping([("username", .text(username)), ("password", .text(password))])
    }
}

extension ServiceSettings {
    fileprivate var tree: Tree {
        .mapping([
            ("binding", .text(binding.rawValue)), ("validators", .plain("\(validators)")),
            ("cors", .plain("\(cors)")), ("html", .plain("\(html)")),
            ("sessions", .plain("\(sessions)")), ("body_limit", .plain("\(bodyLimit)B")),
        ])
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

extension LatencyLaw {
    fileprivate var tree: Tree {
        switch self {
        case .constant(let time): .mapping([("constant", .plain(time.written))])
        case .bimodal(let fast, let slow, let share):
            .mapping([
                (
                    "bimodal",
                    .mapping([
                        ("fast", .plain(fast.written)), ("slow", .plain(slow.written)),
                        ("slow_share", .plain("\(share)")),
                    ])
                )
            ])
        case .lognormal(let p50, let p99):
            .mapping([
                (
                    "lognormal",
                    .mapping([("p50", .plain(p50.written)), ("p99", .plain(p99.written))])
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
        var pairs: [(String, Tree)] = [
            ("share", .plain("\(share)")), ("status", .plain("\(status)")), ("code", .text(code)),
        ]
        if let field { pairs.append(("field", .text(field))) }
        return .mapping(pairs)
    }
}

extension ScriptedDrop {
    fileprivate var tree: Tree {
        .mapping([("share", .plain("\(share)")), ("point", .text(point.rawValue))])
    }
}
