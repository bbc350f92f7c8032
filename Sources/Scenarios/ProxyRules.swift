import Documents
import Payments

private enum ProxyKey: String, FieldKey {
    case url, username, password

    static var companions: [(key: ProxyKey, with: [ProxyKey])] {
        [(.username, [.password]), (.password, [.username])]
    }

    var field: Field {
        switch self {
        case .url:
            Field(
                "Where the proxy is.", Rule.proxyURL(.none), .required,
                example: "http://127.0.0.1:3128")
        case .username: Field("The name for it.", Rule.name(.none), example: "bench")
        case .password:
            Field(
                "The password for it.", Rule.password(.none),
                example: #""${secret:PROXY_PASSWORD}""#)
        }
    }
}

extension Rule where Value == Scenario.Proxy {
    /// A URL, or a mapping of one with credentials.
    static func proxy(_ surroundings: Surroundings) -> Rule {
        proxyURL(surroundings)
            .described("http://HOST:PORT, or { url: …, username: …, password: … }")
            .or(mapping: proxyWithCredentials(surroundings))
    }

    fileprivate static func proxyURL(_ surroundings: Surroundings) -> Rule {
        let shape = TemplateScope.visible.shape("http://host:port or socks5://host:port")
        return Rule<Template>.template(.visible, surroundings).shaped(shape)
            .then(Scenario.Proxy.init)
    }

    private static func proxyWithCredentials(_ surroundings: Surroundings) -> Rule {
        .mapping { (fields: Fields<ProxyKey>) in
            var proxy = fields.read(.url, by: .proxyURL(surroundings))
            proxy?.username = fields.read(.username, by: .name(surroundings))
            proxy?.password = fields.read(.password, by: .password(surroundings))
            for (key, other) in [(ProxyKey.username, ProxyKey.password), (.password, .username)]
            where fields[key] != nil && fields[other] == nil {
                let problem = TransportProblem.needs(key.rawValue, other.rawValue)
                fields.complaints.add(problem, at: fields[key]?.place)
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
