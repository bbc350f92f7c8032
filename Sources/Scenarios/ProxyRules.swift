import Documents
import Payments

private enum ProxyKey: String, FieldKey { case url, username, password }

extension Rule where Value == Scenario.Proxy {
    /// A URL, or a mapping of one with credentials.
    static func proxy(_ surroundings: Surroundings) -> Rule {
        Rule { node, complaints in
            guard case .mapping = node.content else {
                return Rule<Template>.template(.visible, surroundings)
                    .described("http://HOST:PORT, or { url: …, username: …, password: … }")
                    .then(Scenario.Proxy.init).read(node, complaints)
            }
            guard
                let fields = Fields<ProxyKey>(node, required: [.url], complaints: complaints)
            else { return nil }
            let url = Rule<Template>.template(.visible, surroundings).then(Scenario.Proxy.init)
            var proxy = fields.read(.url, by: url)
            let credential = { Rule<Template>.credential(surroundings, without: $0) }
            proxy?.username = fields.read(.username, by: credential(":"))
            proxy?.password = fields.read(.password, by: credential(""))
            for (key, other) in [(ProxyKey.username, ProxyKey.password), (.password, .username)]
            where fields[key] != nil && fields[other] == nil {
                let problem = TransportProblem.needs(key.rawValue, other.rawValue)
                complaints.add(problem, at: fields[key]?.place)
            }
            return proxy
        }
    }
}

extension Scenario.Proxy {
    /// Reads `http://host:port` or `socks5://host:port`.
    fileprivate init(_ template: Template) throws(Violation) {
        let text = template.constant ?? ""
        // Not shown: it may hold a password.
        if text.contains("@") { throw Violation(TransportProblem.proxy("a user or a password")) }
        let refused = Violation(TransportProblem.proxy(quoted(text)))
        guard let mark = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<mark.lowerBound].lowercased())
        else { throw refused }
        let rest = text[mark.upperBound...]
        let authority = rest.hasSuffix("/") ? rest.dropLast() : rest
        guard let url = try? Scenario.BaseURL(parsing: "http://\(authority)"), url.prefix.isEmpty,
            authority.hasSuffix(":\(url.port)")
        else { throw refused }
        self.init(scheme: scheme, host: url.host, port: url.port)
    }
}
