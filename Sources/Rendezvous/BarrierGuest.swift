import Glibc

/// Another shard: calls until somebody answers, tells its time, waits for the start.
struct BarrierGuest {
    /// Shard 0 asks four times a second; when it has not for so long, it is gone.
    private static let patience: Int64 = 5_000_000_000

    private let address: BarrierAddress
    private let pass: BarrierPass
    private let seconds: Int
    private let deadline: Int64

    init(_ address: BarrierAddress, _ pass: BarrierPass, seconds: Int) {
        self.address = address
        self.pass = pass
        self.seconds = seconds
        deadline = Clocks.monotonic + Int64(seconds) * 1_000_000_000
    }

    func attend(isInterrupted: () -> Bool) throws(BarrierFailure) -> BarrierStart {
        var reason = "nobody listens there"
        while Clocks.monotonic < deadline {
            if isInterrupted() { throw .interrupted }
            var socket: LineSocket?
            do { socket = try connect() } catch { reason = error.reason }
            if let socket {
                socket.write(.hello(pass))
                if let start = try converse(socket, isInterrupted) { return start }
                reason = "it closed the connection at once"
            }
            _ = wait(for: [], milliseconds: 2 * Barrier.turn)
        }
        throw .cannotReach(address.description, reason: reason)
    }

    private func connect() throws(Unresolved) -> LineSocket {
        var reason = "no address"
        for candidate in try address.resolved(toListen: false) {
            let descriptor = candidate.makeSocket()
            guard descriptor >= 0 else { throw Unresolved(reason: systemReason()) }
            let socket = LineSocket(descriptor)
            let isThere = candidate.withPointer { Glibc.connect(descriptor, $0, $1) } == 0
            if isThere { return socket }
            guard errno == EINPROGRESS else {
                reason = systemReason()
                continue
            }
            if let failure = outcome(of: socket) { reason = failure } else { return socket }
        }
        throw Unresolved(reason: reason)
    }

    /// Of a connection that is being made; nil: it is there.
    private func outcome(of socket: LineSocket) -> String? {
        var wish = pollfd(fd: socket.descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&wish, 1, 1000) > 0 else { return systemReason(ETIMEDOUT) }
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(socket.descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        return code == 0 ? nil : systemReason(code)
    }

    /// nil: the connection closed before anything was said; somebody between us and shard 0 may do that
    /// while it is not there yet.
    private func converse(
        _ socket: LineSocket, _ isInterrupted: () -> Bool
    ) throws(BarrierFailure) -> BarrierStart? {
        var heard = Clocks.monotonic
        var isKnown = false
        while true {
            let isReady = !wait(for: [socket.descriptor], milliseconds: Barrier.turn).isEmpty
            let (wall, now) = (Clocks.wall, Clocks.monotonic)
            if isInterrupted() { throw .interrupted }
            // Whom shard 0 talks to hears from it who is missing: it may have begun to wait later.
            let grace = isKnown ? Self.patience : 0
            guard now < deadline + grace else { throw .late(seconds: seconds) }
            guard isReady else {
                if now >= heard + Self.patience { throw .silent(shard: 0) }
                continue
            }
            guard case .lines(let lines) = socket.read() else {
                if isKnown { throw .gone(shard: 0) }
                return nil
            }
            heard = now
            for line in lines {
                if let start = try answer(line, to: socket, wall: wall) { return start }
                isKnown = true
            }
        }
    }

    private func answer(
        _ line: BarrierLine?, to socket: LineSocket, wall: Int64
    ) throws(BarrierFailure) -> BarrierStart? {
        switch line {
        case .probe(let sent):
            socket.write(.echo(sent: sent, received: wall, answered: Clocks.wall))
            return nil
        case .start(let start):
            let ahead = start.ownInstant.subtractingReportingOverflow(wall)
            guard !ahead.overflow, (0...60_000_000_000).contains(ahead.partialValue) else {
                throw .wrongStart
            }
            return start
        case .refused(let reason): throw .refused(reason)
        case .hello, .echo, nil: throw .cannotReach(address.description, reason: "no barrier")
        }
    }
}
