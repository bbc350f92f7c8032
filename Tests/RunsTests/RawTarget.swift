import Foundation
import Glibc
import Synchronization

/// A target that takes its time for every request, answers `{}`, and keeps what it was sent.
final class RawTarget: Sendable {
    let port: Int
    private let socket: OpenSocket
    private let latency: UInt32
    private let kept = Mutex<[String]>([])

    /// - Parameter latency: in microseconds.
    init(latency: UInt32) {
        self.latency = latency
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.socket = OpenSocket(number: socket)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let length = size
        port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                precondition(bind(socket, generic, length) == 0, "a free port")
                precondition(listen(socket, 256) == 0, "it listens")
                getsockname(socket, generic, &size)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
        Thread.detachNewThread { [weak self, socket = self.socket] in
            while true {
                let connection = accept(socket.number, nil, nil)
                guard connection >= 0 else { return }
                guard let self else {
                    close(connection)
                    return
                }
                Thread.detachNewThread { self.serve(connection) }
            }
        }
    }

    deinit { shutdown(socket.number, Int32(SHUT_RDWR)) }

    var address: String { "http://127.0.0.1:\(port)" }
    /// In the order in which they came.
    var bodies: [String] { kept.withLock { $0 } }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            text += String(decoding: buffer[..<count], as: UTF8.self)
            guard let head = text.firstRange(of: "\r\n\r\n"),
                let field = text.firstRange(of: "Content-Length: "),
                let length = Int(text[field.upperBound...].prefix { $0.isNumber }),
                text[head.upperBound...].utf8.count >= length
            else { continue }
            let body = String(text[head.upperBound...])
            kept.withLock { $0.append(body) }
            text = ""
            usleep(latency)
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
            _ = answer.withCString { send(connection, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
        }
    }
}

/// Closed when nobody has it any more: a number that is closed while a thread is about to accept on it
/// becomes the next target's, whose connections that thread would take.
private final class OpenSocket: Sendable {
    let number: Int32

    init(number: Int32) { self.number = number }

    deinit { close(number) }
}
