import Glibc

/// A TCP connection that lines of ASCII travel on; never blocks. Closed with its last owner.
final class LineSocket {
    let descriptor: Int32
    private var buffer: [UInt8] = []

    /// Takes over a connected socket.
    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var one: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, size)
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit { close(descriptor) }

    enum Reading: Equatable {
        /// Whole ones; what is no line of a barrier is nil.
        case lines([BarrierLine?])
        /// Or it broke, or somebody sends what is too long for a line.
        case closed
    }

    /// What has come until now.
    func read() -> Reading {
        var chunk = [UInt8](repeating: 0, count: 1024)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN || errno == EWOULDBLOCK { return .lines(takeLines()) }
            guard count > 0 else {
                let lines = takeLines()
                return lines.isEmpty ? .closed : .lines(lines)
            }
            buffer += chunk[..<count]
            guard buffer.count <= 2 * BarrierLine.longest else { return .closed }
        }
    }

    private func takeLines() -> [BarrierLine?] {
        var lines: [BarrierLine?] = []
        while let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(BarrierLine(String(decoding: buffer[..<end], as: UTF8.self)))
            buffer.removeSubrange(...end)
        }
        return lines
    }

    /// false: the other side is gone, or takes nothing any more.
    @discardableResult
    func write(_ line: BarrierLine) -> Bool {
        let bytes = Array((line.text + "\n").utf8)
        // So short that the kernel takes it whole or not at all.
        return send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }

    /// Nothing more will be written.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }
}

/// Waits until one of `descriptors` can be read, `milliseconds` at the most; returns which.
func wait(for descriptors: [Int32], milliseconds: Int32) -> [Int32] {
    var wishes = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&wishes, nfds_t(wishes.count), milliseconds) > 0 else { return [] }
    return wishes.filter { $0.revents != 0 }.map(\.fd)
}

enum Clocks {
    /// Nanoseconds since 1970, UTC.
    static var wall: Int64 { read(CLOCK_REALTIME) }
    static var monotonic: Int64 { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}

extension BarrierAddress {
    /// What the name stands for now; an error is in words.
    func resolved(toListen listens: Bool) throws(Unresolved) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        if listens { hints.ai_flags = AI_PASSIVE }
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, "\(port)", &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard code == 0 else { throw Unresolved(reason: String(cString: gai_strerror(code))) }
        return sequence(first: list) { $0?.pointee.ai_next }.prefix { $0 != nil }
            .compactMap { $0.flatMap { SocketAddress($0.pointee) } }
    }
}

struct Unresolved: Error { var reason: String }

/// One address of IPv4 or IPv6, with its port.
struct SocketAddress {
    let family: Int32
    private let bytes: [UInt8]

    fileprivate init?(_ info: addrinfo) {
        guard info.ai_family == AF_INET || info.ai_family == AF_INET6, let address = info.ai_addr
        else { return nil }
        family = info.ai_family
        bytes = Array(UnsafeRawBufferPointer(start: address, count: Int(info.ai_addrlen)))
    }

    /// A new socket of its family; -1 and errno on failure.
    func makeSocket() -> Int32 {
        let flags = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        return socket(family, Int32(SOCK_STREAM.rawValue) | flags, 0)
    }

    /// What `bind` or `connect` makes of it.
    func withPointer<Value>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value? {
        bytes.withUnsafeBytes { raw in
            // The kernel's own bytes of a socket address, copied as they were.
            raw.baseAddress.map { base in
                body(base.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
            }
        }
    }
}

/// Of the last call that failed.
func systemReason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
