import Foundation
import Testing

extension Sending {
    /// A connection that can't be had says why: before the start with status 69.
    @Suite(.enabled(if: Partner.areThere, Partner.advice))
    struct TransportRefusalTests {
        private static let load = ["phase: closed, users: 2, payments: 20"]

        /// The code and words that a run which can't begin names.
        private func expectRefusal(
            _ base: String, _ target: String, code: String, says words: String,
            more: [String] = [], environment: [String: String] = [:]
        ) throws {
            let folder = try Folder()
            let ended = try run(
                scenario(base, load: Self.load, more: more, target: target), in: folder,
                environment: environment)
            #expect(ended.status == 69, "\(ended.talk)")
            #expect(ended.talk.contains("(\(code): "), "\(ended.talk)")
            #expect(ended.talk.contains(words), "\(ended.talk)")
            #expect(ended.talk.contains("nothing was sent"))
            #expect(ended.output.isEmpty && folder.resultFolders.isEmpty)
        }

        @Test(arguments: [
            (Certificates.Identity.expired, "CERTIFICATE_EXPIRED", "has expired"),
            (.own, "CERTIFICATE_SELF_SIGNED", "is self-signed"),
            (.other, "CERTIFICATE_WRONG_HOST", "another host name"),
        ])
        func aCertificateThatIsNotRightIsNamed(
            identity: Certificates.Identity, code: String, words: String
        ) throws {
            let certificates = try Certificates()
            let tls = "tls: { ca_file: \(certificates.authority) }"
            let ports = [try Socket.unusedPort(), try Socket.unusedPort()]
            let partners = [
                try Partner.nginx(
                    listen: "127.0.0.1:\(ports[0]) ssl",
                    TransportServers.nginxTLS(certificates, identity)),
                try Partner.caddy(
                    address: "https://localhost:\(ports[1])",
                    TransportServers.caddyTLS(certificates, identity)),
            ]
            for port in ports {
                let base = "https://localhost:\(port)"
                try expectRefusal(base, tls, code: code, says: words)
                // Who does not look at it does not mind.
                let folder = try Folder()
                let text = scenario(base, load: Self.load, target: "tls: { verify: false }")
                #expect([0, 5].contains(try run(text, in: folder).status))
                #expect(try Results(folder).summary.totals["accepted"] == 20)
            }
            withExtendedLifetime(partners) {}
        }

        @Test func theSimulatorsCertificateIsOfItsOwnCAAndForTheLoopbackOnly() throws {
            let target = try Target(arguments: ["--tls", "--host", "127.0.0.2"])
            let authority = try #require(target.authority)
            try expectRefusal(
                target.address, "tls: { ca_file: \(authority) }", code: "CERTIFICATE_WRONG_HOST",
                says: "127.0.0.2")
            try expectRefusal(
                target.address, "", code: "CERTIFICATE_UNKNOWN_CA", says: "unknown CA")
        }

        @Test(arguments: ["1.2", "1.3"])
        func aMissingClientCertificateIsNamed(version: String) throws {
            let certificates = try Certificates()
            let target = try Target(
                arguments: ["--tls", "--client-ca", certificates.authority])
            let tls = "tls: { ca_file: \(try #require(target.authority)), versions: [\(version)] }"
            try expectRefusal(
                target.address, tls,
                code: version == "1.3" ? "CLIENT_CERTIFICATE_MISSING" : "TLS_HANDSHAKE_REFUSED",
                says: "client certificate")
            let port = try Socket.unusedPort()
            let caddy = try Partner.caddy(
                address: "https://localhost:\(port)",
                TransportServers.caddyTLS(certificates, asksForClient: true))
            try expectRefusal(
                "https://localhost:\(port)",
                "tls: { ca_file: \(certificates.authority), versions: [\(version)] }",
                code: "CLIENT_CERTIFICATE_MISSING", says: "client_cert")
            withExtendedLifetime(caddy) {}
            #expect(try target.ledger.requests == 0)
        }

        /// nginx takes everybody in and then answers 400, so it shows in the answers.
        @Test func nginxSaysThatItWantsAClientCertificateInItsAnswer() throws {
            let certificates = try Certificates()
            let port = try Socket.unusedPort()
            let nginx = try Partner.nginx(
                listen: "127.0.0.1:\(port) ssl",
                TransportServers.nginxTLS(certificates) + [
                    "ssl_verify_client on;", "ssl_client_certificate \(certificates.authority);",
                ])
            let folder = try Folder()
            _ = try run(
                scenario(
                    "https://localhost:\(port)", load: Self.load,
                    target: "tls: { ca_file: \(certificates.authority) }"), in: folder)
            #expect(try Results(folder).summary.count("rejected", "HTTP 400") == 20)
            withExtendedLifetime(nginx) {}
        }

        @Test func anotherVersionOfTLSIsNamed() throws {
            let certificates = try Certificates()
            let ports = [try Socket.unusedPort(), try Socket.unusedPort()]
            let partners = [
                try Partner.nginx(
                    listen: "127.0.0.1:\(ports[0]) ssl",
                    TransportServers.nginxTLS(certificates, protocols: "TLSv1.3")),
                try Partner.caddy(
                    address: "https://localhost:\(ports[1])",
                    TransportServers.caddyTLS(certificates, protocols: "tls1.3")),
            ]
            for port in ports {
                try expectRefusal(
                    "https://localhost:\(port)",
                    "tls: { ca_file: \(certificates.authority), versions: [1.2] }",
                    code: "TLS_VERSION", says: "TLS versions")
            }
            withExtendedLifetime(partners) {}
        }

        @Test func aServerWithoutHTTP2IsNamed() throws {
            let certificates = try Certificates()
            let port = try Socket.unusedPort()
            let nginx = try Partner.nginx(
                listen: "127.0.0.1:\(port) ssl", TransportServers.nginxTLS(certificates))
            try expectRefusal(
                "https://localhost:\(port)",
                "tls: { ca_file: \(certificates.authority) }, "
                    + "http: { version: 2, allow_defective_http2: true }",
                code: "HTTP2_NOT_OFFERED", says: "no HTTP/2")
            withExtendedLifetime(nginx) {}
        }

        @Test func aServerWithoutTLSIsNamed() throws {
            let target = try Target()
            try expectRefusal(
                target.address.replacing("http:", with: "https:"), "", code: "NOT_TLS",
                says: "no TLS")
        }

        @Test func aProxyThatDoesNotLetUsThroughIsNamed() throws {
            let target = try Target(arguments: ["--tls"])
            let authority = try #require(target.authority)
            let ports = try (0..<3).map { _ in try Socket.unusedPort() }
            let partners = [
                try Partner.tinyproxy(port: ports[0], ["BasicAuth u right"]),
                try Partner.tinyproxy(port: ports[1], ["ConnectPort 443"]),
            ]
            func http(_ port: Int, _ more: String = "") -> String {
                "tls: { ca_file: \(authority) }, "
                    + "http: { proxy: { url: \"http://127.0.0.1:\(port)\"\(more) } }"
            }
            try expectRefusal(
                target.address, http(ports[0]), code: "PROXY_HTTP_407", says: "credentials")
            let secret = ["PROXY_WORD": "hush-51d7"]
            try expectRefusal(
                target.address,
                http(ports[0], ", username: u, password: \"${secret:PROXY_WORD}\""),
                // What tinyproxy makes of wrong words.
                code: "PROXY_HTTP_401", says: "proxy", environment: secret)
            try expectRefusal(
                target.address, http(ports[1]), code: "PROXY_HTTP_403", says: "does not let")
            try expectRefusal(
                target.address, http(ports[2]), code: "PROXY_UNREACHABLE", says: "proxy")
            #expect(try target.ledger.requests == 0)
            withExtendedLifetime(partners) {}
        }

        @Test func aSocketThatIsNotThereIsNamed() throws {
            let folder = try Folder()
            let path = folder.url.appendingPathComponent("nobody").path
            try expectRefusal(
                "http://localhost", "http: { unix_socket: \(path) }",
                code: "UNIX_SOCKET_MISSING", says: "no socket")
        }

        /// What happens after the start has the same names in the error distribution.
        @Test func aProxyThatGoesAwayIsNamedInTheErrors() throws {
            let target = try Target(["latency: { constant: 20ms }"])
            let port = try Socket.unusedPort()
            var proxy: Partner? = try .tinyproxy(port: port)
            let folder = try Folder()
            let command = try start(
                scenario(
                    target.address, load: ["phase: open, rate: 100/s, for: 3s"],
                    target: "http: { reuse: false, proxy: \"http://127.0.0.1:\(port)\" }"),
                in: folder)
            try target.waitForPayments(20)
            withExtendedLifetime(proxy) {}
            proxy = nil
            _ = try command.wait()
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            #expect(summary.count("not_sent", "PROXY_UNREACHABLE") > 0)
        }
    }
}
