import Documents
import Payments

private enum AuthKey: String, FieldKey {
    case bearer, basic, apiKey = "api_key", jwt, credentials

    var field: Field {
        switch self {
        case .bearer: Field("The token that is let in.", Rule.plainText, example: "test")
        case .basic: Field("The name and password that are let in.", Rule.loginSettings)
        case .apiKey:
            Field("The API key that is let in: the name of Basic.", Rule.plainText, example: "test")
        case .jwt: Field("JSON web tokens, HS256.", Rule.tokenSettings)
        case .credentials:
            Field("Signing in at /auth/credentials for a session.", Rule.loginSettings)
        }
    }
}

private enum PasswordKey: String, FieldKey {
    case username, password

    var field: Field {
        switch self {
        case .username: Field("The name.", Rule.plainText, .required, example: "bench")
        case .password: Field("The password.", Rule.plainText, .required, example: "test")
        }
    }
}

private enum TokenKey: String, FieldKey {
    case secret, requireTLS = "require_tls"

    var field: Field {
        switch self {
        case .secret:
            Field(
                "The key of HS256, its UTF-8 bytes.", Rule.plainText, .required, example: "test")
        case .requireTLS:
            Field(
                "A good token over plain HTTP is refused with 403.", Rule.boolean,
                .defaultsTo("false"))
        }
    }
}

extension Rule where Value == (Credentials?, TokenSettings?, LoginSettings?) {
    /// What the stand-in asks for, any of several; nothing in it is a template.
    static var providerAuth: Rule {
        .mapping { (fields: Fields<AuthKey>) in
            guard !fields.isEmpty else {
                let allowed = AuthKey.allCases.map(\.rawValue)
                fields.complaints.add(
                    KeyProblem.exactlyOne(read: [], allowed: allowed), at: fields.place)
                return nil
            }
            return (
                credentials(fields), fields.read(.jwt, by: .tokenSettings),
                fields.read(.credentials, by: .loginSettings)
            )
        }
    }

    /// At most one of the three that stand in `Authorization` as they are.
    private static func credentials(_ fields: Fields<AuthKey>) -> Credentials? {
        let schemes = [AuthKey.bearer, .basic, .apiKey]
        let present = schemes.filter { fields[$0] != nil }
        if present.count > 1 {
            let problem = KeyProblem.exactlyOne(
                read: present.map(\.rawValue), allowed: schemes.map(\.rawValue))
            fields.complaints.add(problem, at: fields.place)
        }
        switch present.first {
        case .bearer: return fields.read(.bearer, by: .plainText).map { .bearer(Template($0)) }
        case .apiKey: return fields.read(.apiKey, by: .plainText).map { .apiKey(Template($0)) }
        case .basic:
            return fields.read(.basic, by: .loginSettings).map {
                .basic(username: Template($0.username), password: Template($0.password))
            }
        case .jwt, .credentials, nil: return nil
        }
    }
}

extension Rule where Value == LoginSettings {
    fileprivate static var loginSettings: Rule {
        .mapping { (fields: Fields<PasswordKey>) in
            let username = fields.read(.username, by: .plainText)
            let password = fields.read(.password, by: .plainText)
            guard let username, let password else { return nil }
            return LoginSettings(username: username, password: password)
        }
    }
}

extension Rule where Value == TokenSettings {
    fileprivate static var tokenSettings: Rule {
        .mapping { (fields: Fields<TokenKey>) in
            let requiresTLS = fields.read(.requireTLS, by: .boolean) ?? false
            return fields.read(.secret, by: .plainText).map {
                TokenSettings(secret: $0, requiresTLS: requiresTLS)
            }
        }
    }
}

extension Rule where Value == String {
    fileprivate static var plainText: Rule {
        text.shaped(.text(pattern: #"^(?!.*\$\{)"#, words: "a text without templates")).then {
            text throws(Violation) in
            guard !text.contains("${") else { throw Violation(ProviderProblem.template(text)) }
            return text
        }
    }
}

private enum ServiceKey: String, FieldKey {
    case binding, validators, cors, html, sessions, bodyLimit = "body_limit"
    case requestsPerConnection = "requests_per_connection"

    var field: Field {
        switch self {
        case .binding:
            Field(
                "How a JSON body is read; strict: what cannot be read in it is an error.",
                Rule<ServiceSettings.Binding>.word, .defaultsTo("lenient"))
        case .validators:
            Field("Payments without id, method or client type are refused.", Rule.boolean, .yes)
        case .cors: Field("Pages of any origin may call it; answers OPTIONS.", Rule.boolean, .no)
        case .html:
            Field("Answers a page to those who ask for none of its formats.", Rule.boolean, .yes)
        case .sessions:
            Field("Sets session cookies where the client brings none.", Rule.boolean, .no)
        case .bodyLimit:
            Field(
                "Larger bodies, on the wire or decompressed, are answered 413.",
                Rule.size(in: ServiceSettings.bodyLimits), .defaultsTo("1MiB"))
        case .requestsPerConnection:
            Field(
                "The answer to the last of them closes the connection (HTTP/1.1).",
                Rule.integer(in: ServiceSettings.requestCounts), .otherwise("no end"))
        }
    }
}

extension Presence {
    fileprivate static let yes = defaultsTo("true")
    fileprivate static let no = defaultsTo("false")
}

extension Rule where Value == ServiceSettings {
    /// - Parameter base: what holds where the file says nothing.
    static func serviceSettings(over base: ServiceSettings) -> Rule {
        .mapping { (fields: Fields<ServiceKey>) in
            var settings = base
            settings.binding =
                fields.read(.binding, by: Rule<ServiceSettings.Binding>.word) ?? settings.binding
            settings.validators = fields.read(.validators, by: .boolean) ?? settings.validators
            settings.cors = fields.read(.cors, by: .boolean) ?? settings.cors
            settings.html = fields.read(.html, by: .boolean) ?? settings.html
            settings.sessions = fields.read(.sessions, by: .boolean) ?? settings.sessions
            settings.bodyLimit =
                fields.read(.bodyLimit, by: .size(in: ServiceSettings.bodyLimits))
                ?? settings.bodyLimit
            settings.requestsPerConnection =
                fields.read(
                    .requestsPerConnection, by: .integer(in: ServiceSettings.requestCounts))
                ?? settings.requestsPerConnection
            return settings
        }
    }
}
