import Glibc

/// Shard 0: the sockets; what is done with them `BarrierBook` decides.
final class BarrierHost {
    /// Who else connects is turned away at once.
    private static let mostConnections = 2 * ShardNumber.most

    private let listener: Int32
    private var sockets: [Int: LineSocket] = [:]
    private var nextConnection = 0
    private let opened = Clocks.monotonic

    /// Listens at the address that `address` stands for; a name may need a while until it does.
    init(
        at address: BarrierAddress, seconds: Int, isInterrupted: () -> Bool
    ) throws(BarrierFailure) {
        let deadline = opened + Int64(seconds) * 1_000_000_000
        var reason = ""
        var own: SocketAddress?
        while own == nil {
            do { own = try address.resolved(toListen: true).first } catch { reason = error.reason }
            guard own == nil else { break }
            if isInterrupted() { throw .interrupted }
            guard Clocks.monotonic < deadline else { break }
            _ = wait(for: [], milliseconds: 4 * Barrier.turn)
        }
        guard let own else { throw .cannotListen(address.description, reason: reason) }
        listener = try Self.listen(at: own, address)
    }

    deinit { close(listener) }

    private static func listen(
        at socketAddress: SocketAddress, _ address: BarrierAddress
    ) throws(BarrierFailure) -> Int32 {
        let listener = socketAddress.makeSocket()
        guard listener >= 0 else {
            throw .cannotListen(address.description, reason: systemReason())
        }
        var one: Int32 = 1
        setsockopt(
            listener, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        let isBound = socketAddress.withPointer { bind(listener, $0, $1) } == 0
        guard isBound, Glibc.listen(listener, 1024) == 0 else {
            let reason = systemReason()
            close(listener)
            throw .cannotListen(address.description, reason: reason)
        }
        return listener
    }

    func gather(
        _ pass: BarrierPass, seconds: Int, isInterrupted: () -> Bool
    ) throws(BarrierFailure) -> BarrierStart {
        var book = BarrierBook(pass, opened: opened, seconds: seconds)
        while true {
            perform(book.tick(wall: Clocks.wall, at: Clocks.monotonic), &book)
            if isInterrupted() { perform(book.fail(.interrupted), &book) }
            switch book.state {
            case .open: break
            case .started(let instant):
                seeOff()
                return BarrierStart(instant: instant, offset: 0, bound: 0)
            case .failed(let failure):
                seeOff()
                throw failure
            }
            let ready = Set(
                wait(
                    for: [listener] + sockets.values.map(\.descriptor),
                    milliseconds: Barrier.turn))
            let wall = Clocks.wall
            for (connection, socket) in sockets where ready.contains(socket.descriptor) {
                hear(connection, socket, wall: wall, &book)
            }
            if ready.contains(listener) { accept(&book) }
        }
    }

    private func hear(
        _ connection: Int, _ socket: LineSocket, wall: Int64, _ book: inout BarrierBook
    ) {
        switch socket.read() {
        case .closed:
            sockets[connection] = nil
            perform(book.close(connection), &book)
        case .lines(let lines):
            for line in lines {
                let actions = book.hear(
                    line, from: connection, wall: wall, at: Clocks.monotonic)
                perform(actions, &book)
            }
        }
    }

    private func accept(_ book: inout BarrierBook) {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            let socket = LineSocket(descriptor)
            guard sockets.count < Self.mostConnections else { continue }
            sockets[nextConnection] = socket
            book.accept(nextConnection, at: Clocks.monotonic)
            nextConnection += 1
        }
    }

    private func perform(_ actions: [BarrierBook.Action], _ book: inout BarrierBook) {
        for action in actions {
            switch action {
            case .drop(let connection): sockets[connection] = nil
            case .send(let line, let connection):
                guard let socket = sockets[connection], !socket.write(line) else { continue }
                sockets[connection] = nil
                perform(book.close(connection), &book)
            }
        }
    }

    /// What was written last arrives before the connections close: a close with something unread would
    /// take it back.
    private func seeOff() {
        for socket in sockets.values { socket.finish() }
        let deadline = Clocks.monotonic + 300_000_000
        while !sockets.isEmpty, Clocks.monotonic < deadline {
            let ready = Set(wait(for: sockets.values.map(\.descriptor), milliseconds: 20))
            for (connection, socket) in sockets where ready.contains(socket.descriptor) {
                if socket.read() == .closed { sockets[connection] = nil }
            }
        }
        sockets.removeAll()
    }
}
