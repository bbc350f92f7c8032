import Foundation
import Glibc
import Synchronization

/// A target that answers every payment at once, but for one stall: what comes while it lasts is
/// answered when it ends, all together.
///
/// Unlike the simulator's stall it goes on accepting and reading, so that the end of the stall is one
/// short burst of writes: with thousands of answers due at one instant, their truth is the instant.
final class StallTarget: Sendable {
    let port: Int
    private let listener: Int32
    private let isOver = Mutex(false)

    /// - Parameters:
    ///   - count: the stall begins after this many payments, which are past what a start costs,
    ///   - pause: nanoseconds after the last of them arrived,
    ///   - length: nanoseconds, and lasts so long.
    init(afterPayments count: Int, pause: Int64, length: Int64) throws {
        (listener, port) = try Socket.listen()
        _ = fcntl(listener, F_SETFL, O_NONBLOCK)
        Thread.detachNewThread { [self] in
            Precedence.take(0)
            var loop = StallLoop(
                listener: listener, before: count, pause: pause, length: length)
            while !isOver.withLock({ $0 }) { loop.turn() }
            loop.end()
        }
    }

    var address: String { "http://127.0.0.1:\(port)" }

    func stop() { isOver.withLock { $0 = true } }
}

/// Everything on one thread, by `poll`.
private struct StallLoop {
    private static let answer = Array(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"data\":\"x\"}"
            .utf8)

    private var before: Int
    private let pause: Int64
    private let length: Int64
    /// The listener first.
    private var polled: [pollfd]
    private var held: [Int32] = []
    /// Known when the last payment before it has come.
    private var stall: Range<Int64>?
    private var chunk = [UInt8](repeating: 0, count: 1 << 14)

    init(listener: Int32, before: Int, pause: Int64, length: Int64) {
        self.before = before
        self.pause = pause
        self.length = length
        polled = [pollfd(fd: listener, events: Int16(POLLIN), revents: 0)]
    }

    /// Once round: answers what was held, waits 20 ms at most, takes what is there.
    mutating func turn() {
        if let stall, !held.isEmpty, now() >= stall.upperBound {
            for connection in held { reply(to: connection) }
            held.removeAll()
        }
        let left = held.isEmpty ? Int64.max : (stall?.upperBound ?? .max) - now()
        // A wait is whole milliseconds; the last of them is spent asking.
        let wait = Int32(max(0, min(20, left / 1_000_000)))
        guard poll(&polled, nfds_t(polled.count), wait) > 0 else { return }
        for place in stride(from: polled.count - 1, to: 0, by: -1)
        where polled[place].revents != 0 {
            take(place)
        }
        if polled[0].revents != 0 { acceptAll() }
    }

    func end() { for entry in polled { close(entry.fd) } }

    private mutating func acceptAll() {
        while true {
            let connection = accept(polled[0].fd, nil, nil)
            guard connection >= 0 else { return }
            var on: Int32 = 1
            setsockopt(
                connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on,
                socklen_t(MemoryLayout<Int32>.size))
            polled.append(pollfd(fd: connection, events: Int16(POLLIN), revents: 0))
        }
    }

    /// Reads from a connection; a payment is whole when its JSON object is closed.
    private mutating func take(_ place: Int) {
        let connection = polled[place].fd
        let count = recv(connection, &chunk, chunk.count, Int32(MSG_DONTWAIT))
        guard count > 0 else {
            close(connection)
            polled.swapAt(place, polled.count - 1)
            polled.removeLast()
            return
        }
        guard chunk[count - 1] == UInt8(ascii: "}") else { return }
        let arrival = now()
        before -= 1
        if before == 0 { stall = (arrival + pause)..<(arrival + pause + length) }
        if stall?.contains(arrival) == true {
            held.append(connection)
        } else {
            reply(to: connection)
        }
    }

    private func reply(to connection: Int32) {
        _ = send(connection, Self.answer, Self.answer.count, Int32(MSG_NOSIGNAL))
    }

    private func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
