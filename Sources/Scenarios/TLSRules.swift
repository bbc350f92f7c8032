import Documents
import Glibc
import Payments

private enum TLSKey: String, FieldKey {
    case verify
    case caFile = "ca_file"
    case clientCertificate = "client_cert"
    case clientKey = "client_key"
    case versions

    var field: Field {
        switch self {
        case .verify:
            Field(
                "false only for a test system with a certificate of its own.", Rule.boolean,
                .defaultsTo("true"))
        case .caFile:
            Field(
                "Certificates to trust, PEM; relative to the scenario.",
                Rule.file(.visible, .none), .otherwise("those of the system"), example: "ca.pem")
        case .clientCertificate:
            Field(
                "Our certificate for mutual TLS, PEM.", Rule.file(.visible, .none),
                example: "client.pem")
        case .clientKey:
            Field(
                "Its key, PEM.", Rule.file(.constant, .none),
                example: #""${secret:PAY_KEY_FILE}""#)
        case .versions: Field("Versions of TLS.", Rule.tlsVersions, .defaultsTo("[1.2, 1.3]"))
        }
    }
}

extension Rule where Value == Scenario.TLS {
    /// - Parameter base: what holds where a key is missing.
    static func tls(
        _ surroundings: Surroundings, over base: Scenario.TLS = Scenario.TLS()
    ) -> Rule {
        .mapping { (fields: Fields<TLSKey>) in
            let file = { (key: TLSKey) in
                fields.read(key, by: .file(.visible, surroundings))?.constant
            }
            var tls = base
            tls.verify = fields.read(.verify, by: .boolean) ?? base.verify
            tls.caFile = file(.caFile) ?? base.caFile
            tls.clientCertificate = file(.clientCertificate) ?? base.clientCertificate
            tls.clientKey =
                fields.read(.clientKey, by: .file(.constant, surroundings)) ?? base.clientKey
            if let versions = fields.read(.versions, by: .tlsVersions) { tls.versions = versions }
            return tls
        }
    }
}

extension Rule where Value == Set<Scenario.TLS.Version> {
    fileprivate static var tlsVersions: Rule {
        Rule(.list(of: Rule<Scenario.TLS.Version>.word.shape, least: 1)) { node, complaints in
            guard let list = Rule<Scenario.TLS.Version>.word.list.read(node, complaints) else {
                return nil
            }
            if !list.isEmpty { return Set(list) }
            complaints.add(ValueProblem.emptyList(allowed: "1.2, 1.3 or both"), at: node.place)
            return nil
        }
    }
}

extension Rule where Value == Template {
    /// The path of a file that can be read, made absolute where the surroundings are.
    static func file(_ scope: TemplateScope, _ surroundings: Surroundings) -> Rule {
        let shape = scope.shape("the path of a file")
        return template(scope, surroundings).shaped(shape).then { template throws(Violation) in
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

private enum TimeoutsKey: String, FieldKey {
    case connect, total

    var field: Field {
        switch self {
        case .connect: Field("Until the connection stands.", Rule.timeout, .defaultsTo("2s"))
        case .total:
            Field(
                "Until a payment is given up: it is in doubt then.", Rule.timeout,
                .defaultsTo("10s"))
        }
    }
}

extension Rule where Value == Duration {
    fileprivate static var timeout: Rule { .duration(in: .milliseconds(1)...(.seconds(600))) }
}

extension Rule where Value == Scenario.Timeouts {
    static var timeouts: Rule { timeouts(over: Scenario.Timeouts()) }

    /// - Parameter base: what holds where a key is missing.
    static func timeouts(over base: Scenario.Timeouts) -> Rule {
        .mapping { (fields: Fields<TimeoutsKey>) in
            var timeouts = base
            if let connect = fields.read(.connect, by: .timeout) {
                timeouts.connect = connect
            }
            if let total = fields.read(.total, by: .timeout) { timeouts.total = total }
            return timeouts
        }
    }
}
