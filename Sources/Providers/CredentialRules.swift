import Documents
import Payments

private enum AuthKey: String, FieldKey { case bearer, basic, apiKey = "api_key" }
private enum BasicKey: String, FieldKey { case username, password }

extension Rule where Value == Credentials {
    /// What the stand-in asks for; nothing in it is a template.
    static var providerCredentials: Rule {
        Rule { node, complaints in
            guard let fields = Fields<AuthKey>(node, complaints: complaints) else { return nil }
            switch fields.onlyKey() {
            case .bearer: return fields.read(.bearer, by: .plainTemplate).map { .bearer($0) }
            case .apiKey: return fields.read(.apiKey, by: .plainTemplate).map { .apiKey($0) }
            case .basic: return fields.read(.basic, by: .basicCredentials)
            case nil: return nil
            }
        }
    }

    private static var basicCredentials: Rule {
        Rule { node, complaints in
            guard
                let fields = Fields<BasicKey>(
                    node, required: [.username, .password], complaints: complaints)
            else { return nil }
            let username = fields.read(.username, by: .plainTemplate)
            let password = fields.read(.password, by: .plainTemplate)
            guard let username, let password else { return nil }
            return .basic(username: username, password: password)
        }
    }
}

extension Rule where Value == Template {
    fileprivate static var plainTemplate: Rule {
        Rule<String>.text.then { text throws(Violation) in
            guard !text.contains("${") else {
                throw Violation(ProviderProblem.template(text))
            }
            return Template(text)
        }
    }
}
