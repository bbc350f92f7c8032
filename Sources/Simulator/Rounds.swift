import NIOCore

/// Looks after the connections of one event loop from time to time, so that none needs a timer of its
/// own.
final class Rounds: Sendable {
    let loop: any EventLoop
    private let watched: NIOLoopBoundBox<[PaymentHandler]>

    /// - Parameters:
    ///   - limit: the shortest time that a connection may have; it is kept to a twentieth and 5 ms.
    ///   - idleLimit: how long one may be idle at an instant.
    init(
        on loop: any EventLoop, limit: TimeAmount,
        idleLimit: @escaping @Sendable (NIODeadline) -> TimeAmount
    ) {
        self.loop = loop
        let watched = NIOLoopBoundBox.makeBoxSendingValue(
            [PaymentHandler](), as: [PaymentHandler].self, eventLoop: loop)
        self.watched = watched
        let pace = max(TimeAmount.nanoseconds(limit.nanoseconds / 20), .milliseconds(5))
        loop.scheduleRepeatedTask(initialDelay: pace, delay: pace) { _ in
            let now = NIODeadline.now()
            let limit = idleLimit(now)
            for handler in watched.value { handler.look(at: now, idleLimit: limit) }
        }
    }

    /// On the loop only.
    func add(_ handler: PaymentHandler) {
        handler.place = watched.value.count
        watched.value.append(handler)
    }

    /// On the loop only.
    func remove(_ handler: PaymentHandler) {
        guard let place = handler.place else { return }
        handler.place = nil
        let last = watched.value.removeLast()
        guard last !== handler else { return }
        watched.value[place] = last
        last.place = place
    }
}
