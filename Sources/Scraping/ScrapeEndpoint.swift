import Dispatch
import Glibc
import Synchronization

/// Gives out one page over HTTP on 127.0.0.1, a connection at a time, on a queue of its own: for whoever
/// scrapes every few seconds. A connection has two seconds to ask and to take what it gets.
///
/// Nobody else can reach it: it listens on the loopback only.
package final class ScrapeEndpoint: Sendable {
    /// Why it can't listen; `code` is the system's `errno`.
    package struct Refusal: Error, Sendable {
        package let port: UInt16
        package let code: Int32

        package var isPortTaken: Bool { code == EADDRINUSE }
        package var words: String { String(cString: strerror(code)) }
    }

    package static let path = "/metrics"

    /// The one that was asked for, or the one that the system chose.
    package let port: UInt16
    private let listener: Int32
    /// Its end that is written to is closed when all is over; the other one then says so.
    private let over: (reader: Int32, writer: Int32)
    private let isClosed = Mutex(false)
    private let queue = DispatchQueue(label: "paybench.metrics", qos: .utility)

    /// Listens; whoever connects has to wait for `serve`.
    ///
    /// - Parameter port: 0: the system chooses one.
    package init(port: UInt16) throws(Refusal) {
        let listener = socket(AF_INET, Self.streamKind, 0)
        guard listener >= 0 else { throw Refusal(port: port, code: errno) }
        var ends: [Int32] = [-1, -1]
        guard Self.listen(listener, port), let bound = Self.port(of: listener),
            socketpair(AF_UNIX, Self.streamKind, 0, &ends) == 0
        else {
            let code = errno
            Glibc.close(listener)
            throw Refusal(port: port, code: code)
        }
        self.listener = listener
        self.port = bound
        over = (ends[0], ends[1])
    }

    deinit { close() }

    package var address: String { "http://127.0.0.1:\(port)\(Self.path)" }

    /// Call it once.
    ///
    /// - Parameter page: for a request with this `Accept`; called on the endpoint's queue.
    package func serve(_ page: @escaping @Sendable (_ accept: String?) -> ScrapePage) {
        let (listener, over) = (listener, over.reader)
        queue.async {
            while let client = Self.accept(at: listener, unless: over) {
                ScrapeConnection(client, unless: over).serve(page)
            }
        }
    }

    /// Ends it; who is being served is cut off. The second time, nothing.
    package func close() {
        let isFirst = isClosed.withLock { closed in
            defer { closed = true }
            return !closed
        }
        guard isFirst else { return }
        Glibc.close(over.writer)
        queue.sync {}
        Glibc.close(over.reader)
        Glibc.close(listener)
    }

    private static var streamKind: Int32 {
        Int32(
            SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    }

    private static func listen(_ socket: Int32, _ port: UInt16) -> Bool {
        var yes: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        let isBound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        return isBound && Glibc.listen(socket, 16) == 0
    }

    private static func port(of socket: Int32) -> UInt16? {
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isKnown = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(socket, $0, &length) == 0
            }
        }
        return isKnown ? UInt16(bigEndian: address.sin_port) : nil
    }

    /// nil when all is over.
    private static func accept(at listener: Int32, unless over: Int32) -> Int32? {
        while Readiness.wait(for: listener, POLLIN, unless: over, within: nil) {
            let client = Glibc.accept(listener, nil, nil)
            if client >= 0 {
                // Glibc's module map lacks accept4. No process is started while it is served.
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                _ = fcntl(client, F_SETFL, O_NONBLOCK)
                return client
            }
            // A client that went away again is no matter; without a descriptor it has to wait.
            if errno == EMFILE || errno == ENFILE { usleep(50_000) }
        }
        return nil
    }
}

/// Waiting for a socket.
enum Readiness {
    /// false where all is over, or the time.
    static func wait(
        for socket: Int32, _ events: Int32, unless over: Int32, within limit: Duration?
    ) -> Bool {
        let deadline = limit.map { ContinuousClock.now + $0 }
        while true {
            var wanted = [
                pollfd(fd: socket, events: Int16(events), revents: 0),
                pollfd(fd: over, events: Int16(POLLIN), revents: 0),
            ]
            let left = deadline.map { $0 - .now }
            let milliseconds = left.map { Int32(max(0, ($0 / .milliseconds(1)).rounded(.up))) }
            let ready = poll(&wanted, nfds_t(wanted.count), milliseconds ?? -1)
            if ready < 0, errno == EINTR { continue }
            return ready > 0 && wanted[1].revents == 0 && wanted[0].revents != 0
        }
    }
}
