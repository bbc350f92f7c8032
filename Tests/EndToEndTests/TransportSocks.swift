import Foundation
import Synchronization

/// A SOCKS5 proxy (RFC 1928) that is its own target: behind the handshake it answers every payment.
final class SocksTarget: Sendable {
    let port: Int
    private let socket: OpenSocket
    private let asked = Mutex<[String]>([])

    init() throws {
        let listener = try Socket.listen()
        port = listener.port
        let socket = OpenSocket(number: listener.socket)
        self.socket = socket
        let thread = Thread { [weak self] in
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
        thread.start()
    }

    deinit { shutdown(socket.number, Int32(SHUT_RDWR)) }

    /// The names that it was asked to connect to, one for each connection.
    var hosts: [String] { asked.withLock { $0 } }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        // Version 5 and the methods; none is needed.
        guard Socket.receive(from: connection)?.first == 5 else { return }
        Socket.send("\u{5}\u{0}", to: connection)
        // Version, CONNECT, 0, 3 for a name, its length, the name, the port.
        guard let wish = Socket.receive(from: connection), wish.count > 5, wish[3] == 3 else {
            return
        }
        let name = String(decoding: wish[5..<(5 + Int(wish[4]))], as: UTF8.self)
        asked.withLock { $0.append(name) }
        Socket.send("\u{5}\u{0}\u{0}\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", to: connection)
        var bytes: [UInt8] = []
        while let more = Socket.receive(from: connection) {
            bytes += more
            guard RawTarget.Request(bytes) != nil else { continue }
            bytes = []
            Socket.send(RawTarget.answer("200 OK", body: "{}"), to: connection)
        }
    }
}
