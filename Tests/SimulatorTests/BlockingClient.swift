import Glibc

/// One TCP connection to the loopback that sends bytes as given and waits for answers.
final class BlockingClient {
    struct Failure: Error { var call: String }

    struct Answer {
        var status: Int
        var reason: String
        /// Names in lower case.
        var headers: [String: String]
        /// Names of the cookies that are set.
        var cookies: [String]
        var body: String
    }

    private let socket: Int32
    private var received: [UInt8] = []
    /// Whether the connection ended with RST.
    private(set) var wasReset = false

    init(port: Int) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, size)
            }
        }
        guard connected == 0 else { throw Failure(call: "connect") }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(socket) }

    /// Sends all of it, or as much as the server takes before it goes away.
    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(
                    socket, $0.baseAddress?.advanced(by: sent), bytes.count - sent,
                    Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Says that nothing more will come.
    func endSending() { shutdown(socket, Int32(SHUT_WR)) }

    /// The next answer on this connection; nil if the server closed it first.
    func answer() throws -> Answer? {
        while true {
            if let end = endOfHead(), let answer = take(headBefore: end) { return answer }
            guard try receive() else { return nil }
        }
    }

    /// Whether the server closes the connection without another byte.
    func isClosedByServer() throws -> Bool {
        try received.isEmpty && !receive()
    }

    /// Everything up to the end of the connection.
    func rest() throws -> String {
        while try receive() {}
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// False at the end of the stream, a reset included.
    private func receive() throws -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = recv(socket, &chunk, chunk.count, 0)
        wasReset = count < 0 && errno == ECONNRESET
        if count < 0, errno != ECONNRESET { throw Failure(call: "recv") }
        guard count > 0 else { return false }
        received += chunk[..<count]
        return true
    }

    private func endOfHead() -> Int? {
        let blank = Array("\r\n\r\n".utf8)
        return received.indices.first { received[$0...].starts(with: blank) }.map { $0 + 4 }
    }

    private func take(headBefore end: Int) -> Answer? {
        let lines = String(decoding: received[..<(end - 4)], as: UTF8.self).split(separator: "\r\n")
        let first = lines[0].split(separator: " ", maxSplits: 2)
        var headers: [String: String] = [:]
        var cookies: [String] = []
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            let value = parts[1].drop { $0 == " " }.description
            headers[parts[0].lowercased()] = value
            if parts[0] == "Set-Cookie" { cookies.append(String(value.prefix { $0 != "=" })) }
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard received.count >= end + length else { return nil }
        let body = String(decoding: received[end..<(end + length)], as: UTF8.self)
        received.removeFirst(end + length)
        return Answer(
            status: Int(first[1]) ?? 0, reason: first.count > 2 ? String(first[2]) : "",
            headers: headers, cookies: cookies, body: body)
    }
}
