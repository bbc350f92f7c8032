import Foundation
import Testing

/// A server or proxy of somebody else's, run for one test with a configuration of the test's.
final class Partner {
    enum Program: String {
        case nginx, caddy, tinyproxy

        var path: String? {
            ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"]
                .map { "\($0)/\(rawValue)" }
                .first { FileManager.default.isExecutableFile(atPath: $0) }
        }

        var isThere: Bool { path != nil }
    }

    static let advice: Comment = "needs nginx, caddy and tinyproxy: scripts/setup --interop"
    static let areThere =
        Program.nginx.isThere && Program.caddy.isThere && Program.tinyproxy.isThere

    let folder: Folder
    private let process = Process()

    /// Serves as soon as it returns.
    ///
    /// - Parameter configuration: is told of the folder that the program runs in.
    init(_ program: Program, port: Int?, socket: String? = nil, _ configuration: String) throws {
        folder = try Folder()
        let file = try folder.write(configuration, as: "partner.conf")
        process.executableURL = URL(fileURLWithPath: try #require(program.path))
        process.arguments =
            switch program {
            case .nginx: ["-p", folder.url.path, "-c", file, "-e", "stderr"]
            case .caddy: ["run", "--config", file, "--adapter", "caddyfile"]
            case .tinyproxy: ["-d", "-c", file]
            }
        process.currentDirectoryURL = folder.url
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["HOME": folder.url.path, "XDG_DATA_HOME": folder.url.path]) { $1 }
        process.standardInput = FileHandle.nullDevice
        let log = folder.url.appendingPathComponent("log")
        try Data().write(to: log)
        process.standardError = try FileHandle(forWritingTo: log)
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        try eventually(within: 30, "\(program.rawValue) listens") {
            guard process.isRunning else {
                throw TookTooLong(what: try String(contentsOf: log, encoding: .utf8))
            }
            let hasPort = port.map { Socket.answers(port: $0) } ?? true
            let hasSocket = socket.map { FileManager.default.fileExists(atPath: $0) } ?? true
            return hasPort && hasSocket
        }
    }

    /// At once: a proxy takes its time over a good end.
    deinit { kill(process.processIdentifier, SIGKILL) }
}

extension Partner {
    private static let answer = #"{"data":"x"}"#

    /// nginx with one server; `server` are further lines of it, after `listen`.
    static func nginx(listen: String, _ server: [String]) throws -> Partner {
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        let text =
            """
            daemon off; master_process off; pid nginx.pid; error_log stderr;
            events { worker_connections 2048; }
            http {
                access_log off; keepalive_requests 1000000; default_type application/json;
                \(temporary.map { "\($0)_temp_path \($0);" }.joined(separator: " "))
                server {
                    listen \(listen);
                    \(server.joined(separator: "\n        "))
                }
            }

            """
        let isSocket = listen.hasPrefix("unix:")
        return try Partner(
            .nginx, port: isSocket ? nil : port(of: listen),
            socket: isSocket ? String(listen.dropFirst("unix:".count)) : nil, text)
    }

    /// Answers every request itself.
    static let answersAll = "location / { return 200 '\(answer)'; }"

    /// caddy with one site; `site` are further lines of it.
    static func caddy(address: String, socket: String? = nil, _ site: [String]) throws -> Partner {
        let text =
            """
            {
                admin off
                auto_https off
            }
            \(address) {
                \(site.joined(separator: "\n    "))
                header Content-Type application/json
                respond `\(answer)` 200
            }

            """
        let port = socket == nil ? port(of: address) : nil
        return try Partner(.caddy, port: port, socket: socket, text)
    }

    static func tinyproxy(port: Int, _ lines: [String] = []) throws -> Partner {
        let text = ["Port \(port)", "Listen 127.0.0.1", "Timeout 60", "MaxClients 200"] + lines
        return try Partner(.tinyproxy, port: port, text.joined(separator: "\n") + "\n")
    }

    /// The last run of digits.
    private static func port(of text: String) -> Int? {
        text.split(whereSeparator: { !$0.isNumber }).last.flatMap { Int($0) }
    }
}
