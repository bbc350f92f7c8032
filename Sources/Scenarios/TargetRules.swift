import Documents
import Payments

enum TargetKey: String, FieldKey {
    case baseURL = "base_url"
    case path, environment
    case allowHosts = "allow_hosts"
    case parameters, format, auth
    case declineCodes = "decline_codes"
    case headers, http, tls, timeouts

    var field: Field {
        switch self {
        case .baseURL:
            Field(
                "Where the service is; simulator starts the built-in one on this machine.",
                Rule.base(.none), .required, example: "http://127.0.0.1:8080")
        case .path:
            Field(
                "The path of makePayment.", Rule.urlPath,
                .defaultsTo("/mobile/payments/makePayment"))
        case .environment:
            Field(
                "What the host is; needed for all but this machine; production asks for --yes.",
                Rule<Scenario.Environment>.word)
        case .allowHosts:
            Field(
                "The only hosts that anything is sent to; needed for all but this machine.",
                Rule<Host>.host.list, example: "[pay.example.test]")
        case .parameters:
            Field(
                "Where paymentId, clientType and the like travel; paymentMethod is in the body.",
                Rule<ParameterPlace>.word, .defaultsTo("body"))
        case .format:
            Field(
                "How JSON is asked for: Accept, .json behind the path, ?format=json, or JSONP.",
                Rule.answerFormat, .defaultsTo("accept"), example: "{ jsonp: callback }")
        case .auth:
            Field(
                "How paybench identifies itself: one way.", Rule.proof(.none),
                example: #"{ bearer: "${secret:PAY_TOKEN}" }"#)
        case .declineCodes:
            Field(
                "Error codes that mean declined, not failed.", Rule<String>.text.list,
                .defaultsTo("[CardDeclined, Declined, Refused]"))
        case .headers:
            Field(
                "Sent with every payment.", Rule.headers(.none, authorized: false),
                example: "{ X-Channel: bench }")
        case .http:
            Field("Versions of HTTP, connections and the way to the service.", Rule.http(.none))
        case .tls: Field("Whom to trust, and who we are.", Rule.tls(.none))
        case .timeouts: Field("When paybench gives up.", Rule.timeouts)
        }
    }
}

extension Rule where Value == Scenario.Target {
    static func target(_ surroundings: Surroundings) -> Rule {
        .mapping { (fields: Fields<TargetKey>) in
            let base = fields.read(.baseURL, by: .base(surroundings))
            let path = fields.read(.path, by: .urlPath)
            let environment = fields.read(.environment, by: Rule<Scenario.Environment>.word)
            let hosts = fields.read(.allowHosts, by: Rule<Host>.host.list)
            let parameters = fields.read(.parameters, by: Rule<ParameterPlace>.word)
            let format = fields.read(.format, by: .answerFormat)
            let proof = fields.read(.auth, by: .proof(surroundings))
            let isAuthorized = fields[.auth].map { $0["credentials"] == nil } ?? false
            let codes = fields.read(.declineCodes, by: Rule<String>.text.list)
            let headers = fields.read(
                .headers, by: .headers(surroundings, authorized: isAuthorized))
            let http = fields.read(.http, by: .http(surroundings))
            let tls = fields.read(.tls, by: .tls(surroundings))
            let timeouts = fields.read(.timeouts, by: .timeouts)
            guard let base else { return nil }
            if let http, let node = fields[.http] {
                http.check(node, for: base, fields.complaints)
            }
            return Scenario.Target(
                base: base, path: path ?? "/mobile/payments/makePayment",
                environment: environment, allowedHosts: hosts?.map(\.name) ?? [],
                parameters: parameters ?? .body, format: format ?? .accept,
                credentials: proof?.credentials, signIn: proof?.signIn,
                declineCodes: codes ?? ["CardDeclined", "Declined", "Refused"],
                headers: headers ?? [], http: http ?? Scenario.HTTP(), tls: tls ?? Scenario.TLS(),
                timeouts: timeouts ?? Scenario.Timeouts())
        }
    }
}

extension Rule where Value == String {
    static var urlPath: Rule {
        let allowed = "a path that begins with /, without query and fragment"
        let pattern = "^/[-A-Za-z0-9._~!$&'()*+,;=:@/%]*$"
        return text.shaped(.text(pattern: pattern, words: allowed)).then {
            text throws(Violation) in
            if text.hasPrefix("/"), isURLPath(text) { return text }
            throw Violation(ValueProblem.badText(text, allowed: allowed))
        }
    }
}

extension Rule where Value == Host {
    /// A host name or address without scheme, port and wildcard.
    static var host: Rule {
        let allowed = "one host name or address, without scheme, port and wildcard"
        let shape = Shape.text(pattern: #"^[-A-Za-z0-9._:\[\]]+$"#, words: allowed)
        return Rule<String>.text.shaped(shape).then { text throws(Violation) in
            let bracketed = text.contains(":") && !text.hasPrefix("[") ? "[\(text)]" : text
            if let host = Host(bracketed) { return host }
            throw Violation(ValueProblem.badText(text, allowed: allowed))
        }
    }
}

private enum FormatKey: String, FieldKey {
    case jsonp

    var field: Field {
        switch self {
        case .jsonp: Field("The name of the callback.", Rule.callbackName, .required, example: "cb")
        }
    }
}

extension Rule where Value == AnswerFormat {
    static var answerFormat: Rule {
        let words: [(String, AnswerFormat)] = [
            ("accept", .accept), ("suffix", .suffix), ("query", .query),
        ]
        let jsonp = Rule.mapping { (fields: Fields<FormatKey>) in
            fields.read(.jsonp, by: .callbackName).map { .jsonp($0) }
        }
        return Rule.word(words).described("accept, suffix, query or { jsonp: NAME }")
            .or(mapping: jsonp)
    }
}

extension Rule where Value == String {
    /// What the service leaves as it is: letters, digits and underscores.
    fileprivate static var callbackName: Rule {
        let allowed = "letters, digits and _, beginning with no digit"
        let shape = Shape.text(pattern: "^[A-Za-z_][A-Za-z0-9_]*$", words: allowed)
        return text.shaped(shape).then { text throws(Violation) in
            let word = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            if word, let first = text.first, !first.isNumber { return text }
            throw Violation(ValueProblem.badText(text, allowed: allowed))
        }
    }
}
