import Foundation
import Testing

/// Ways to a service: each sends its payments and counts every answer.
enum Way: String, CaseIterable, CustomTestStringConvertible {
    case simulatorTLS12, simulatorTLS13, simulatorClient, simulatorProxy, simulatorConnect
    case simulatorSocket
    case nginxTLS12, nginxTLS13, nginxClient, nginxProxy, nginxConnect, nginxSocket
    case caddyTLS12, caddyTLS13, caddyClient, caddyConnect, caddySocket

    var testDescription: String { rawValue }

    static let count: Int =
        ProcessInfo.processInfo.environment["PAYBENCH_INTEROP_REQUESTS"].flatMap { Int($0) }
        ?? 2000
}

/// What a way needs while payments travel on it.
struct Stand {
    var base: String
    /// Keys of `target`.
    var target: String
    var simulator: Target?
    var partners: [Partner] = []
    var folders: [Folder] = []
}

extension Sending {
    /// Transports as other people's software speaks them.
    @Suite(.enabled(if: Partner.areThere, Partner.advice))
    struct TransportInteropTests {
        @Test(arguments: Way.allCases)
        func everyPaymentIsAccepted(way: Way) throws {
            let certificates = try Certificates()
            let stand = try way.stand(certificates)
            let folder = try Folder()
            let started = Date()
            let ended = try start(
                scenario(
                    stand.base, load: ["phase: closed, users: 8, payments: \(Way.count)"],
                    target: stand.target), in: folder
            ).wait(seconds: 300)
            let seconds = Date().timeIntervalSince(started)
            #expect([0, 5].contains(ended.status), "\(ended.talk)")
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            #expect(summary.totals["accepted"] == Way.count, "\(summary.errors)")
            if let ledger = try stand.simulator?.ledger { #expect(ledger.payments == Way.count) }
            let cells: [Any] = [
                way.rawValue, Way.count, summary.totals["accepted"],
                summary.generator.connectionsOpened, String(format: "%.2f", seconds),
            ]
            withExtendedLifetime(stand) {}
            print("| \(cells.map { "\($0)" }.joined(separator: " | ")) |")
        }
    }
}

extension Way {
    private static let tls12 = "versions: [1.2]"
    private static let tls13 = "versions: [1.3]"

    func stand(_ certificates: Certificates) throws -> Stand {
        switch self {
        case .simulatorTLS12: try simulator(certificates, tls: Self.tls12)
        case .simulatorTLS13: try simulator(certificates, tls: Self.tls13)
        case .simulatorClient:
            try simulator(certificates, tls: certificates.clientKeys, asksForClient: true)
        case .simulatorProxy: try plainProxy(to: Target())
        case .simulatorConnect: try connecting(simulator(certificates, tls: ""))
        case .simulatorSocket: try simulatorBehindSocket()
        case .nginxTLS12: try nginx(certificates, tls: Self.tls12)
        case .nginxTLS13: try nginx(certificates, tls: Self.tls13)
        case .nginxClient:
            try nginx(certificates, tls: certificates.clientKeys, asksForClient: true)
        case .nginxProxy: try nginxProxy()
        case .nginxConnect: try connecting(nginx(certificates, tls: ""))
        case .nginxSocket: try nginxSocket()
        case .caddyTLS12: try caddy(certificates, tls: Self.tls12)
        case .caddyTLS13: try caddy(certificates, tls: Self.tls13)
        case .caddyClient:
            try caddy(certificates, tls: certificates.clientKeys, asksForClient: true)
        case .caddyConnect: try connecting(caddy(certificates, tls: ""))
        case .caddySocket: try caddySocket()
        }
    }

    private func simulator(
        _ certificates: Certificates, tls: String, asksForClient: Bool = false
    ) throws -> Stand {
        let target = try Target(
            arguments: ["--tls"]
                + (asksForClient ? ["--client-ca", certificates.authority] : []))
        let authority = try #require(target.authority)
        return Stand(
            base: target.address, target: "tls: { ca_file: \(authority), \(tls) }",
            simulator: target)
    }

    private func nginx(
        _ certificates: Certificates, tls: String, asksForClient: Bool = false
    ) throws -> Stand {
        let port = try Socket.unusedPort()
        let partner = try Partner.nginx(
            listen: "127.0.0.1:\(port) ssl",
            TransportServers.nginxTLS(certificates)
                + (asksForClient
                    ? [
                        "ssl_verify_client on;",
                        "ssl_client_certificate \(certificates.authority);",
                    ] : []))
        return Stand(
            base: "https://localhost:\(port)",
            target: "tls: { ca_file: \(certificates.authority), \(tls) }", partners: [partner])
    }

    private func caddy(
        _ certificates: Certificates, tls: String, asksForClient: Bool = false
    ) throws -> Stand {
        let port = try Socket.unusedPort()
        let partner = try Partner.caddy(
            address: "https://localhost:\(port)",
            TransportServers.caddyTLS(certificates, asksForClient: asksForClient))
        return Stand(
            base: "https://localhost:\(port)",
            target: "tls: { ca_file: \(certificates.authority), \(tls) }", partners: [partner])
    }

    /// tinyproxy closes connections of plain HTTP without saying so before, hence a new one each time.
    private func plainProxy(to target: Target) throws -> Stand {
        let port = try Socket.unusedPort()
        return Stand(
            base: target.address,
            target: "http: { reuse: false, proxy: \"http://127.0.0.1:\(port)\" }",
            simulator: target, partners: [try .tinyproxy(port: port)])
    }

    private func nginxProxy() throws -> Stand {
        let port = try Socket.unusedPort()
        let proxy = try Socket.unusedPort()
        return Stand(
            base: "http://127.0.0.1:\(port)",
            target: "http: { reuse: false, proxy: { url: \"http://127.0.0.1:\(proxy)\", "
                + "username: u, password: p } }",
            partners: [
                try .nginx(listen: "127.0.0.1:\(port)", [Partner.answersAll]),
                try .tinyproxy(port: proxy, ["BasicAuth u p"]),
            ])
    }

    private func connecting(_ stand: Stand) throws -> Stand {
        let port = try Socket.unusedPort()
        var stand = stand
        stand.target += ", http: { proxy: \"http://127.0.0.1:\(port)\" }"
        stand.partners.append(try .tinyproxy(port: port))
        return stand
    }

    private func nginxSocket() throws -> Stand {
        let folder = try Folder()
        let path = folder.url.appendingPathComponent("s").path
        return Stand(
            base: "http://localhost", target: "http: { unix_socket: \(path) }",
            partners: [try .nginx(listen: "unix:\(path)", [Partner.answersAll])],
            folders: [folder])
    }

    private func simulatorBehindSocket() throws -> Stand {
        let target = try Target()
        let folder = try Folder()
        let path = folder.url.appendingPathComponent("s").path
        let passes = "location / { proxy_pass \(target.address); }"
        return Stand(
            base: "http://localhost", target: "http: { unix_socket: \(path) }", simulator: target,
            partners: [try .nginx(listen: "unix:\(path)", [passes])], folders: [folder])
    }

    private func caddySocket() throws -> Stand {
        let folder = try Folder()
        let path = folder.url.appendingPathComponent("s").path
        return Stand(
            base: "http://localhost", target: "http: { unix_socket: \(path) }",
            partners: [
                try .caddy(address: "http://localhost", socket: path, ["bind unix/\(path)"])
            ], folders: [folder])
    }
}

/// Lines of configurations that several tests have.
enum TransportServers {
    static func nginxTLS(
        _ certificates: Certificates, _ identity: Certificates.Identity = .good,
        protocols: String = "TLSv1.2 TLSv1.3"
    ) -> [String] {
        [
            "ssl_certificate \(certificates.certificate(identity));",
            "ssl_certificate_key \(certificates.key(identity));", "ssl_protocols \(protocols);",
            Partner.answersAll,
        ]
    }

    static func caddyTLS(
        _ certificates: Certificates, _ identity: Certificates.Identity = .good,
        asksForClient: Bool = false, protocols: String = "tls1.2 tls1.3"
    ) -> [String] {
        let clients =
            asksForClient
            ? "client_auth {\nmode require_and_verify\n"
                + "trusted_ca_cert_file \(certificates.authority)\n}\n" : ""
        let files = "\(certificates.certificate(identity)) \(certificates.key(identity))"
        return ["tls \(files) {\nprotocols \(protocols)\n\(clients)}"]
    }
}
