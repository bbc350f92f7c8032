import Documents
import Glibc
import Payments

private enum TLSKey: String, FieldKey {
    case verify
    case caFile = "ca_file"
    case clientCertificate = "client_cert"
    case clientKey = "client_key"
    case versions
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
            if let versions = fields.read(.versions, by: .tlsVersions) { tls.versions = versions }
            return tls
        }
    }
}

extension Rule where Value == Set<Scenario.TLS.Version> {
    fileprivate static var tlsVersions: Rule {
        Rule { node, complaints in
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
