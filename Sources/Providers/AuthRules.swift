import Documents
import Payments

private enum AuthKey: String, FieldKey { case bearer, basic, apiKey = "api_key", jwt, credentials }
private enum PasswordKey: String, FieldKey { case username, password }
private enum TokenKey: String, FieldKey { case secret, requireTLS = "require_tls" }

extension Rule where Value == (Credentials?, TokenSettings?, LoginSettings?) {
    /// What the stand-in asks for, any of several; nothing in it is a template.
    static var providerAuth: Rule {
        Rule { node, complaints in
            guard let fields = Fields<AuthKey>(node, complaints: complaints) else { return nil }
            guard !fields.isEmpty else {
                let allowed = AuthKey.allCases.map(\.rawValue)
                complaints.add(KeyProblem.exactlyOne(read: [], allowed: allowed), at: fields.place)
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
        Rule { node, complaints in
            let keys = Set(PasswordKey.allCases)
            guard let fields = Fields(node, required: keys, complaints: complaints) else {
                return nil
            }
            let username = fields.read(.username, by: .plainText)
            let password = fields.read(.password, by: .plainText)
            guard let username, let password else { return nil }
            return LoginSettings(username: username, password: password)
        }
    }
}

extension Rule where Value == TokenSettings {
    fileprivate static var tokenSettings: Rule {
        Rule { node, complaints in
            guard
                let fields = Fields<TokenKey>(node, required: [.secret], complaints: complaints)
            else { return nil }
            let requiresTLS = fields.read(.requireTLS, by: .boolean) ?? false
            return fields.read(.secret, by: .plainText).map {
                TokenSettings(secret: $0, requiresTLS: requiresTLS)
            }
        }
    }
}

extension Rule where Value == String {
    fileprivate static var plainText: Rule {
        text.then { text throws(Violation) in
            guard !text.contains("${") else { throw Violation(ProviderProblem.template(text)) }
            return text
        }
    }
}

private enum ServiceKey: String, FieldKey {
    case binding, validators, cors, html, sessions, bodyLimit = "body_limit"
}

extension Rule where Value == ServiceSettings {
    /// - Parameter base: what holds where the file says nothing.
    static func serviceSettings(over base: ServiceSettings) -> Rule {
        Rule { node, complaints in
            guard let fields = Fields<ServiceKey>(node, complaints: complaints) else { return nil }
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
            return settings
        }
    }
}
