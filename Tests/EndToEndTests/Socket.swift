import Glibc

struct SocketFailure: Error { var call: String }

/// TCP on the loopback, blocking.
enum Socket {
    /// A socket that listens on a free port.
    static func listen() throws -> (socket: Int32, port: Int) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try onLoopback(port: 0) { bind(socket, $0, $1) }
        guard Glibc.listen(socket, 4096) == 0 else { throw SocketFailure(call: "listen") }
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let named = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(socket, $0, &size)
            }
        }
        guard named == 0 else { throw SocketFailure(call: "getsockname") }
        return (socket, Int(in_port_t(bigEndian: address.sin_port)))
    }

    /// A port on which nobody listens: it was free a moment ago.
    static func unusedPort() throws -> Int {
        let (socket, port) = try listen()
        close(socket)
        return port
    }

    /// Whether somebody listens there.
    static func answers(port: Int) -> Bool {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        return (try? onLoopback(port: port) { connect(socket, $0, $1) }) != nil
    }

    /// The body of the answer.
    static func get(_ path: String, port: Int) throws -> String {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        try onLoopback(port: port) { connect(socket, $0, $1) }
        send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", to: socket)
        var bytes: [UInt8] = []
        while let more = receive(from: socket) { bytes += more }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let head = text.firstRange(of: "\r\n\r\n") else { throw SocketFailure(call: "recv") }
        return String(text[head.upperBound...])
    }

    static func send(_ text: String, to socket: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }

    /// nil at the end of the stream.
    static func receive(from socket: Int32) -> [UInt8]? {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(socket, &chunk, chunk.count, 0)
        return count > 0 ? Array(chunk[..<count]) : nil
    }

    private static func onLoopback(
        port: Int, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw SocketFailure(call: "bind or connect") }
    }
}

/// Closed when nobody has it any more: a number that is closed while a thread is about to accept on it
/// becomes the next target's, whose connections that thread would take.
final class OpenSocket: Sendable {
    let number: Int32

    init(number: Int32) { self.number = number }

    deinit { close(number) }
}
