import Documents
import Glibc
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
            let proof = fields.read(.auth, by: .proof(surroundings))
            let isAuthorized = fields[.auth].map { $0["credentials"] == nil } ?? false
            let codes = fields.read(.declineCodes, by: Rule<String>.text.list)
            let headers = fields.read(
                .headers, by: .headers(surroundings, authorized: isAuthorized))
            let http = fields.read(.http, by: .http)
            let tls = fields.read(.tls, by: .tls(surroundings))
            let timeouts = fields.read(.timeouts, by: .timeouts)
            guard let base else { return nil }
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

private enum HTTPKey: String, FieldKey { case version, connections, reuse }

extension Rule where Value == Scenario.HTTP {
    static var http: Rule {
        Rule { node, complaints in
            guard let fields = Fields<HTTPKey>(node, complaints: complaints) else { return nil }
            _ = fields.read(.version, by: .httpVersion)
            var http = Scenario.HTTP()
            http.connections = fields.read(.connections, by: .integer(in: 1...100_000))
            http.reuse = fields.read(.reuse, by: .boolean) ?? true
            return http
        }
    }
}

extension Rule where Value == String {
    /// `1.1`, or `auto`, which means 1.1 with this libcurl.
    fileprivate static var httpVersion: Rule {
        scalar("1.1 or auto") { scalar in
            switch scalar.text {
            case "1.1", "auto": return "1.1"
            case "2", "2.0": throw Violation(TargetProblem.http2)
            default: throw Violation(ValueProblem.notAWord(scalar.text, allowed: ["1.1", "auto"]))
            }
        }
    }
}

private enum TLSKey: String, FieldKey {
    case verify
    case caFile = "ca_file"
    case clientCertificate = "client_cert"
    case clientKey = "client_key"
}

extension Rule where Value == Scenario.TLS {
    static func tls(_ surroundings: Surroundings) -> Rule {
        Rule { node, complaints in
            guard let fields = Fields<TLSKey>(node, complaints: complaints) else { return nil }
            var tls = Scenario.TLS()
            tls.verify = fields.read(.verify, by: .boolean) ?? true
            tls.caFile = fields.read(.caFile, by: .file(.visible, surroundings))?.constant
            tls.clientCertificate =
                fields.read(.clientCertificate, by: .file(.visible, surroundings))?.constant
            tls.clientKey = fields.read(.clientKey, by: .file(.constant, surroundings))
            return tls
        }
    }
}

extension Rule where Value == Template {
    /// The path of a file that can be read, made absolute where the surroundings are.
    fileprivate static func file(_ scope: TemplateScope, _ surroundings: Surroundings) -> Rule {
        template(scope, surroundings).then { template throws(Violation) in
            let written = template.constant ?? ""
            let path = surroundings.path(written)
            var status = stat()
            guard stat(path, &status) == 0, access(path, R_OK) == 0 else {
                let reason = String(cString: strerror(errno))
                throw Violation(TargetProblem.missingFile(template.masked, reason: reason))
            }
            guard status.st_mode & S_IFMT != S_IFDIR else {
                throw Violation(
                    TargetProblem.missingFile(template.masked, reason: "Is a directory"))
            }
            if written.hasPrefix("/") { return template }
            return Template([.literal(surroundings.directoryPrefix)] + template.pieces).joined
        }
    }
}

private enum TimeoutsKey: String, FieldKey { case connect, total }

extension Rule where Value == Scenario.Timeouts {
    static var timeouts: Rule {
        Rule { node, complaints in
            guard let fields = Fields<TimeoutsKey>(node, complaints: complaints) else { return nil }
            let range: ClosedRange<Duration> = .milliseconds(1)...(.seconds(600))
            var timeouts = Scenario.Timeouts()
            if let connect = fields.read(.connect, by: .duration(in: range)) {
                timeouts.connect = connect
            }
            if let total = fields.read(.total, by: .duration(in: range)) { timeouts.total = total }
            return timeouts
        }
    }
}
