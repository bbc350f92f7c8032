import Glibc

/// A socket that listens on a free port of 127.0.0.1 and never reads; counts who connects.
struct Listener: ~Copyable {
    private let socket: Int32
    let port: Int

    /// - Parameters:
    ///   - address: in the host's byte order.
    ///   - port: 0: any free one.
    init(address host: UInt32 = 0x7F00_0001, port wanted: Int = 0, backlog: Int32 = 16) {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = host.bigEndian
        address.sin_port = UInt16(wanted).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let length = size
        port = withUnsafeMutablePointer(to: &address) { [socket] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                precondition(bind(socket, generic, length) == 0, "a free port")
                precondition(listen(socket, backlog) == 0, "it listens")
                getsockname(socket, generic, &size)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
    }

    /// How many connections wait to be taken; they are taken and closed.
    func takeConnections() -> Int {
        var count = 0
        while true {
            let peer = accept(socket, nil, nil)
            if peer < 0 { return count }
            close(peer)
            count += 1
        }
    }

    /// The same, but only of those on which nothing came.
    func takeSilentConnections() -> Int {
        var count = 0
        while true {
            let peer = accept(socket, nil, nil)
            if peer < 0 { return count }
            var byte: UInt8 = 0
            if recv(peer, &byte, 1, Int32(MSG_DONTWAIT)) < 0, errno == EAGAIN { count += 1 }
            close(peer)
        }
    }

    /// Nobody listens there: it was free a moment ago.
    static var freePort: Int { Listener().port }

    deinit { close(socket) }
}

func setenvForTest(_ name: String, _ value: String) -> Bool { setenv(name, value, 1) == 0 }
