import Documents
import Payments

extension Rule where Value == [Scenario.Header] {
    /// Names are tokens (RFC 9110, 5.6.2), no name twice, none that paybench sets itself.
    static func headers(_ surroundings: Surroundings, authorized: Bool) -> Rule {
        let token = Shape.text(pattern: "^[-!#$%&'*+.^_`|~A-Za-z0-9]+$", words: "a header's name")
        let value = Rule<Template>.headerValue("", surroundings).shape
        return Rule(.map(of: value, keys: token, least: 0)) { node, complaints in
            guard case .mapping(let entries) = node.content else {
                let allowed = "a mapping of header names to values"
                complaints.add(
                    ValueProblem.wrongType(read: node.content, allowed: allowed), at: node.place)
                return nil
            }
            var first: [String: Place] = [:]
            var headers: [Scenario.Header] = []
            for entry in entries {
                let lower = entry.key.lowercased()
                if let problem = problem(ofName: entry.key, authorized: authorized) {
                    complaints.add(problem, at: entry.keyPlace)
                } else if let place = first[lower] {
                    complaints.add(
                        KeyProblem.duplicate(entry.key, first: place), at: entry.keyPlace)
                }
                first[lower] = first[lower] ?? entry.keyPlace
                let value = Rule<Template>.headerValue(entry.key, surroundings)
                if let value = value.read(entry.value, complaints) {
                    headers.append(Scenario.Header(name: entry.key, value: value))
                }
            }
            return headers
        }
    }

    private static func problem(ofName name: String, authorized: Bool) -> TargetProblem? {
        let others = Set("!#$%&'*+-.^_`|~".utf8)
        let token = name.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || others.contains($0)
        }
        guard token, !name.isEmpty else { return .headerName(name) }
        let owned = [
            "content-type", "content-length", "accept", "host", "user-agent", "expect",
            "transfer-encoding", "connection",
        ]
        let lower = name.lowercased()
        if owned.contains(lower) { return .ownedHeader(name) }
        return authorized && lower == "authorization" ? .authorizationTwice : nil
    }
}

extension Rule where Value == Template {
    /// Visible ASCII with blanks and tabs inside, after substitution. Cells of data are checked with
    /// their files.
    fileprivate static func headerValue(_ name: String, _ surroundings: Surroundings) -> Rule {
        template(.request, surroundings).withoutCardNumbers.then { value throws(Violation) in
            let bytes = Array(value.example.utf8)
            let visible = bytes.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x09 }
            let blanks: [UInt8] = [0x20, 0x09]
            guard visible, let first = bytes.first, let last = bytes.last,
                !blanks.contains(first), !blanks.contains(last)
            else { throw Violation(TargetProblem.headerValue(name)) }
            return value
        }
    }
}

private enum AuthKey: String, FieldKey {
    case bearer, basic, apiKey = "api_key", credentials

    static var choices: [[AuthKey]] { [allCases] }

    var field: Field {
        switch self {
        case .bearer:
            Field(
                "A token: Authorization: Bearer.", Rule.token(.none),
                example: #""${secret:PAY_TOKEN}""#)
        case .basic: Field("A name and a password: Authorization: Basic.", Rule.basic(.none))
        case .apiKey:
            Field(
                "An API key: the name of Basic, without password.", Rule.name(.none),
                example: #""${secret:PAY_KEY}""#)
        case .credentials:
            Field("Signs in for a session and keeps its cookies.", Rule.signIn(.none))
        }
    }
}

private enum BasicKey: String, FieldKey {
    case username, password

    var field: Field {
        switch self {
        case .username: Field("The name.", Rule.name(.none), .required, example: "bench")
        case .password:
            Field(
                "The password.", Rule.password(.none), .required,
                example: #""${secret:PAY_PASSWORD}""#)
        }
    }
}

private enum SignInKey: String, FieldKey {
    case username, password, path, per

    var field: Field {
        switch self {
        case .username: Field("The name.", Rule.password(.none), .required, example: "bench")
        case .password: BasicKey.password.field
        case .path:
            Field("Where to sign in.", Rule.urlPath, .defaultsTo("/auth/credentials"))
        case .per:
            Field(
                "Whose session it is: of a worker's connections, or of each user.",
                Rule<SignIn.Scope>.word, .defaultsTo("worker"))
        }
    }
}

/// How a scenario says that requests prove who sends them.
enum Proof {
    /// With each request.
    case header(Credentials)
    /// Once for each session.
    case signIn(SignIn)

    var credentials: Credentials? {
        if case .header(let credentials) = self { credentials } else { nil }
    }
    var signIn: SignIn? { if case .signIn(let signIn) = self { signIn } else { nil } }
}

extension Rule where Value == Proof {
    static func proof(_ surroundings: Surroundings) -> Rule {
        .mapping { (fields: Fields<AuthKey>) in
            if fields.isEmpty, !fields.complaints.isEmpty { return nil }
            switch fields.onlyKey() {
            case .bearer:
                return fields.read(.bearer, by: .token(surroundings)).map { .header(.bearer($0)) }
            case .apiKey:
                return fields.read(.apiKey, by: .name(surroundings)).map { .header(.apiKey($0)) }
            case .basic:
                return fields.read(.basic, by: .basic(surroundings)).map { .header($0) }
            case .credentials:
                return fields.read(.credentials, by: .signIn(surroundings)).map { .signIn($0) }
            case nil: return nil
            }
        }
    }
}

extension Rule where Value == SignIn {
    fileprivate static func signIn(_ surroundings: Surroundings) -> Rule {
        .mapping { (fields: Fields<SignInKey>) in
            let username = fields.read(.username, by: .password(surroundings))
            let password = fields.read(.password, by: .password(surroundings))
            let path = fields.read(.path, by: .urlPath)
            let scope = fields.read(.per, by: Rule<SignIn.Scope>.word)
            guard let username, let password else { return nil }
            return SignIn(
                username: username, password: password, path: path ?? "/auth/credentials",
                scope: scope ?? .worker)
        }
    }
}

extension Rule where Value == Credentials {
    fileprivate static func basic(_ surroundings: Surroundings) -> Rule {
        .mapping { (fields: Fields<BasicKey>) in
            let username = fields.read(.username, by: .name(surroundings))
            let password = fields.read(.password, by: .password(surroundings))
            guard let username, let password else { return nil }
            return .basic(username: username, password: password)
        }
    }
}

extension Rule where Value == Template {
    fileprivate static func token(_ surroundings: Surroundings) -> Rule {
        credential(surroundings, .request, without: " ")
    }

    static func name(_ surroundings: Surroundings) -> Rule {
        credential(surroundings, without: ":")
    }

    /// Nothing but control characters is forbidden.
    static func password(_ surroundings: Surroundings) -> Rule {
        credential(surroundings, without: "")
    }

    /// Not empty, no control characters, and none of `without`; complaints never show the value.
    ///
    /// - Parameter scope: what travels in Base64 is the same for all requests.
    static func credential(
        _ surroundings: Surroundings, _ scope: TemplateScope = .constant, without forbidden: String
    ) -> Rule {
        template(scope, surroundings).then { template throws(Violation) in
            let text = template.example
            let printable = text.unicodeScalars.allSatisfy {
                $0.properties.generalCategory != .control
            }
            guard !text.isEmpty, printable, !text.contains(where: forbidden.contains) else {
                throw Violation(TargetProblem.credential(without: forbidden))
            }
            return template
        }
    }
}
