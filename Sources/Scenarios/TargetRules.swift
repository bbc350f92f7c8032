import Documents
import Payments

enum TargetKey: String, FieldKey {
    case baseURL = "base_url"
    case path, environment
    case allowHosts = "allow_hosts"
    case parameters, format, auth
    case declineCodes = "decline_codes"
    case headers, http, tls, timeouts
}

extension Rule where Value == Scenario.Target {
    static func target(_ surroundings: Surroundings) -> Rule {
        Rule { node, complaints in
            guard
                let fields = Fields<TargetKey>(node, required: [.baseURL], complaints: complaints)
            else { return nil }
            let base = fields.read(.baseURL, by: .base(surroundings))
            let path = fields.read(.path, by: .urlPath)
            let environment = fields.read(.environment, by: Rule<Scenario.Environment>.word)
            let hosts = fields.read(.allowHosts, by: Rule<Host>.host.list)
            let parameters = fields.read(.parameters, by: Rule<ParameterPlace>.word)
            let format = fields.read(.format, by: .answerFormat)
            let credentials = fields.read(.auth, by: .credentials(surroundings))
            let codes = fields.read(.declineCodes, by: Rule<String>.text.list)
            let headers = fields.read(
                .headers, by: .headers(surroundings, authorized: fields[.auth] != nil))
            let http = fields.read(.http, by: .http(surroundings))
            let tls = fields.read(.tls, by: .tls(surroundings))
            let timeouts = fields.read(.timeouts, by: .timeouts)
            guard let base else { return nil }
            if let http, let node = fields[.http] { http.check(node, for: base, complaints) }
            return Scenario.Target(
                base: base, path: path ?? "/mobile/payments/makePayment",
                environment: environment, allowedHosts: hosts?.map(\.name) ?? [],
                parameters: parameters ?? .body, format: format ?? .accept,
                credentials: credentials, signIn: nil,
                declineCodes: codes ?? ["CardDeclined", "Declined", "Refused"],
                headers: headers ?? [], http: http ?? Scenario.HTTP(), tls: tls ?? Scenario.TLS(),
                timeouts: timeouts ?? Scenario.Timeouts())
        }
    }
}

extension Rule where Value == String {
    static var urlPath: Rule {
        text.then { text throws(Violation) in
            if text.hasPrefix("/"), isURLPath(text) { return text }
            let allowed = "a path that begins with /, without query and fragment"
            throw Violation(ValueProblem.badText(text, allowed: allowed))
        }
    }
}

extension Rule where Value == Host {
    /// A host name or address without scheme, port and wildcard.
    static var host: Rule {
        Rule<String>.text.then { text throws(Violation) in
            let bracketed = text.contains(":") && !text.hasPrefix("[") ? "[\(text)]" : text
            if let host = Host(bracketed) { return host }
            let allowed = "one host name or address, without scheme, port and wildcard"
            throw Violation(ValueProblem.badText(text, allowed: allowed))
        }
    }
}

private enum FormatKey: String, FieldKey { case jsonp }

extension Rule where Value == AnswerFormat {
    static var answerFormat: Rule {
        Rule { node, complaints in
            guard case .mapping = node.content else {
                let words: [(String, AnswerFormat)] = [
                    ("accept", .accept), ("suffix", .suffix), ("query", .query),
                ]
                return Rule.word(words).described("accept, suffix, query or { jsonp: NAME }")
                    .read(node, complaints)
            }
            let fields = Fields<FormatKey>(node, required: [.jsonp], complaints: complaints)
            return fields?.read(.jsonp, by: .callbackName).map { .jsonp($0) }
        }
    }
}

extension Rule where Value == String {
    /// What the service leaves as it is: letters, digits and underscores.
    fileprivate static var callbackName: Rule {
        text.then { text throws(Violation) in
            let word = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            if word, let first = text.first, !first.isNumber { return text }
            let allowed = "letters, digits and _, beginning with no digit"
            throw Violation(ValueProblem.badText(text, allowed: allowed))
        }
    }
}
