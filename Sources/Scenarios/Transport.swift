import Documents
import Payments

extension Scenario {
    /// How payments travel: `target.http`.
    package struct HTTP: Sendable, Equatable {
        package enum Version: String, CaseIterable, Sendable {
            case one = "1.1"
            case two = "2"
            /// 2 over TLS where the libcurl of the run is fit for it and the server speaks it, else 1.1.
            case auto
        }

        package var version = Version.one
        /// HTTP/2 also with a libcurl that is known to fail at it.
        package var allowsDefectiveHTTP2 = false
        /// Payments at one time on one connection; above 1 only with `version: 2`.
        package var streams = 1
        /// Ceiling over all workers; nil: as many as may be in flight.
        package var connections: Int?
        /// false: a connection of its own for each payment.
        package var reuse = true
        /// Each payment takes the connection that has been idle longest, so that all stay in use.
        package var rotate = false
        /// Connections opened before the first phase, over all workers.
        package var warmUp = 0
        /// Older connections are not used again.
        package var lifetime: Duration?
        /// The host is looked up again this often; nil: once for the whole run.
        package var refresh: Duration?
        package var proxy: Proxy?
        /// Connections go to this socket of the machine instead of the URL's host.
        package var unixSocket: String?
    }

    /// Who passes everything on; it resolves the target's name.
    package struct Proxy: Sendable, Equatable {
        package enum Scheme: String, CaseIterable, Sendable { case http, socks5 }

        package var scheme: Scheme
        /// Lower case, without brackets.
        package var host: String
        package var port: Int
        /// Both or neither.
        package var username: Template?
        package var password: Template?
    }

    /// `target.tls`
    package struct TLS: Sendable, Equatable {
        package enum Version: String, CaseIterable, Sendable {
            case one2 = "1.2"
            case one3 = "1.3"
        }

        package var verify = true
        package var caFile: String?
        package var clientCertificate: String?
        package var clientKey: Template?
        /// What the server may choose from; not empty.
        package var versions: Set<Version> = [.one2, .one3]
    }

    package struct Timeouts: Sendable, Equatable {
        package var connect: Duration = .seconds(2)
        package var total: Duration = .seconds(10)
    }
}

extension Scenario.Proxy {
    /// `http://127.0.0.1:3128`, without the credentials.
    package var text: String {
        "\(scheme.rawValue)://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    package var isLoopback: Bool {
        Host(host.contains(":") ? "[\(host)]" : host)?.isLoopback ?? false
    }
}

extension Scenario.HTTP {
    var tree: Tree {
        var pairs: [(String, Tree)] = [("version", .plain(version.rawValue))]
        if allowsDefectiveHTTP2 { pairs.append(("allow_defective_http2", .plain("true"))) }
        if version == .two { pairs.append(("max_streams", .plain("\(streams)"))) }
        if let connections { pairs.append(("connections", .plain("\(connections)"))) }
        pairs.append(("reuse", .plain("\(reuse)")))
        if rotate { pairs.append(("rotate", .plain("true"))) }
        if warmUp > 0 { pairs.append(("warm_up", .plain("\(warmUp)"))) }
        if let lifetime { pairs.append(("lifetime", .plain(lifetime.written))) }
        if let refresh {
            pairs.append(("dns", .mapping([("refresh", .plain(refresh.written))])))
        }
        if let proxy { pairs.append(("proxy", proxy.tree)) }
        if let unixSocket { pairs.append(("unix_socket", .text(unixSocket))) }
        return .mapping(pairs)
    }
}

extension Scenario.Proxy {
    fileprivate var tree: Tree {
        guard let username, let password else { return .text(text) }
        return .mapping([
            ("url", .text(text)), ("username", .text(username.concealed)),
            ("password", .text(password.concealed)),
        ])
    }
}

extension Scenario.TLS {
    var tree: Tree {
        var pairs: [(String, Tree)] = [("verify", .plain("\(verify)"))]
        if let caFile { pairs.append(("ca_file", .text(caFile))) }
        if let clientCertificate { pairs.append(("client_cert", .text(clientCertificate))) }
        if let clientKey { pairs.append(("client_key", .text(clientKey.masked))) }
        let names = versions.map(\.rawValue).sorted()
        pairs.append(("versions", .list(names.map { .plain($0) })))
        return .mapping(pairs)
    }
}

extension Scenario.Timeouts {
    var tree: Tree {
        .mapping([
            ("connect", .plain(connect.written)), ("total", .plain(total.written)),
        ])
    }
}
