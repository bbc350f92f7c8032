import Foundation
import Testing

/// Certificates made for one test by openssl, in a folder of its own.
final class Certificates {
    let folder: Folder

    /// What a server shows.
    enum Identity: String, CaseIterable {
        /// For localhost and 127.0.0.1, by the CA.
        case good
        /// By the CA, until yesterday.
        case expired
        /// For localhost, by itself.
        case own
        /// For other.example.test, by the CA.
        case other
    }

    init() throws {
        folder = try Folder()
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        try openssl(
            ["req", "-x509"] + key + [
                "-keyout", path("ca.key"), "-out", path("ca.pem"), "-days", "2", "-subj",
                "/CN=paybench interop CA",
            ])
        try sign("good", days: 2, name: "DNS:localhost,IP:127.0.0.1")
        try sign("expired", days: -1, name: "DNS:localhost,IP:127.0.0.1")
        try sign("other", days: 2, name: "DNS:other.example.test")
        try sign("client", days: 2, name: "DNS:client.example.test")
        try openssl(
            ["req", "-x509"] + key + [
                "-keyout", path("own.key"), "-out", path("own.pem"), "-days", "2", "-subj",
                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            ])
    }

    /// PEM file of the CA.
    var authority: String { path("ca.pem") }
    /// Keys of `target.tls`.
    var clientKeys: String {
        "client_cert: \(path("client.pem")), client_key: \(path("client.key"))"
    }

    func certificate(_ identity: Identity) -> String { path("\(identity.rawValue).pem") }
    func key(_ identity: Identity) -> String { path("\(identity.rawValue).key") }

    private func path(_ file: String) -> String { folder.url.appendingPathComponent(file).path }

    private func sign(_ file: String, days: Int, name: String) throws {
        try openssl([
            "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", path("\(file).key"), "-out", path("\(file).csr"), "-subj", "/CN=\(file)",
        ])
        let extensions = try folder.write("subjectAltName=\(name)\n", as: "\(file).ext")
        try openssl([
            "x509", "-req", "-in", path("\(file).csr"), "-CA", path("ca.pem"), "-CAkey",
            path("ca.key"), "-CAcreateserial", "-days", "\(days)", "-out", path("\(file).pem"),
            "-extfile", extensions,
        ])
    }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        try #require(ended.wait(timeout: .now() + 30) == .success, "openssl ends")
        try #require(process.terminationStatus == 0, "openssl \(arguments.joined(separator: " "))")
    }
}
