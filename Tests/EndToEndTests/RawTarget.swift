import Foundation
import Synchronization

/// A target that keeps every request as it came, and answers each with the same few bytes.
final class RawTarget: Sendable {
    struct Request {
        var line: String
        /// Names in lower case.
        var headers: [String: String]
        var body: String

        init?(_ bytes: [UInt8]) {
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
            let lines = text[..<end.lowerBound].split(separator: "\r\n")
            line = String(lines[0])
            headers = lines.dropFirst().reduce(into: [:]) { headers, line in
                let parts = line.split(separator: ":", maxSplits: 1)
                headers[parts[0].lowercased()] =
                    parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
            }
            body = String(text[end.upperBound...])
            guard body.utf8.count == Int(headers["content-length"] ?? "0") else { return nil }
        }
    }

    /// The whole answer to a request.
    enum Answer {
        case text(String)
        /// The connection ends behind it.
        case last(String)
    }

    let port: Int
    private let socket: OpenSocket
    private let answer: @Sendable (Request, Int) -> Answer
    private let state = Mutex<(requests: [Request], connections: Int)>(([], 0))

    convenience init(_ answer: @escaping @Sendable (Request) -> String) throws {
        try self.init { request, _ in .text(answer(request)) }
    }

    /// - Parameter answer: is told of the request, and which one of its connection it is, from 1.
    init(_ answer: @escaping @Sendable (Request, Int) -> Answer) throws {
        let listener = try Socket.listen()
        port = listener.port
        let socket = OpenSocket(number: listener.socket)
        self.socket = socket
        self.answer = answer
        let thread = Thread { [weak self] in
            while true {
                let connection = accept(socket.number, nil, nil)
                guard connection >= 0 else { return }
                guard let self else {
                    close(connection)
                    return
                }
                self.state.withLock { $0.connections += 1 }
                Thread.detachNewThread { self.serve(connection) }
            }
        }
        thread.start()
    }

    deinit { refuseConnections() }

    /// From now on nobody listens.
    func refuseConnections() { shutdown(socket.number, Int32(SHUT_RDWR)) }

    var address: String { "http://127.0.0.1:\(port)" }
    var requests: [Request] { state.withLock { $0.requests } }
    var connections: Int { state.withLock { $0.connections } }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var bytes: [UInt8] = []
        var count = 0
        while let more = Socket.receive(from: connection) {
            bytes += more
            guard let request = Request(bytes) else { continue }
            bytes = []
            state.withLock { $0.requests.append(request) }
            count += 1
            switch answer(request, count) {
            case .text(let text): Socket.send(text, to: connection)
            case .last(let text):
                Socket.send(text, to: connection)
                return
            }
        }
    }

    static func answer(_ status: String, _ headers: [String] = [], body: String = "") -> String {
        (["HTTP/1.1 \(status)"] + headers + ["Content-Length: \(body.utf8.count)"])
            .joined(separator: "\r\n") + "\r\n\r\n" + body
    }
}
