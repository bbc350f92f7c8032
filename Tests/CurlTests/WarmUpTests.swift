import Curl
import Testing

/// Connections opened ahead: they stand, nothing is sent on them, and requests use them.
@Suite struct WarmUpTests {
    init() { Self.prepared }

    private static let prepared: Void = Libcurl.initialise()

    private let second: Nanoseconds = 1_000_000_000
    private let allowed = AllowedPeers([PeerAddress(bytes: [127, 0, 0, 1])])

    private func reactor(port: Int, allowed: AllowedPeers) -> Reactor {
        Reactor(
            options: TransferOptions(
                url: "http://127.0.0.1:\(port)/pay", userAgent: "paybench-tests"),
            allowed: allowed)
    }

    /// Over the bound of one multi handle (64), so that the connections lie in several.
    @Test(arguments: [1, 64, 65, 150])
    func everyConnectionStandsAndNothingIsSentOnIt(count: Int) {
        let listener = Listener(backlog: 256)
        let reactor = reactor(port: listener.port, allowed: allowed)
        let result = reactor.warmUp(count, patience: 10 * second)
        #expect(result.opened == count)
        #expect(result.failed == 0 && result.failure == nil)
        #expect(reactor.connectionsOpened == count)
        #expect(listener.takeSilentConnections() == count)
    }

    @Test func requestsTakeTheConnectionsThatStand() throws {
        let listener = Listener(backlog: 256)
        let reactor = reactor(port: listener.port, allowed: allowed)
        #expect(reactor.warmUp(70, patience: 10 * second).opened == 70)
        let body = UnsafeMutableRawBufferPointer.allocate(byteCount: 2, alignment: 1)
        defer { body.deallocate() }
        body.copyBytes(from: "{}".utf8)
        let transfers = (0..<70).map { _ in reactor.makeTransfer() }
        for transfer in transfers {
            transfer.setBody(UnsafeRawBufferPointer(body))
            reactor.start(transfer)
        }
        reactor.turn(until: MonotonicClock.now() + second / 20, atLeast: 0) { _, _ in }
        let areSent = transfers.allSatisfy { $0.requestBegan && !$0.openedConnection }
        #expect(areSent)
        #expect(reactor.connectionsOpened == 70)
        for transfer in transfers { reactor.stop(transfer) }
    }

    @Test func aRefusedConnectionIsCountedWithItsCause() {
        let reactor = reactor(port: Listener.freePort, allowed: allowed)
        let result = reactor.warmUp(3, patience: 10 * second)
        #expect(result.opened == 0 && result.failed == 3)
        #expect(result.failure?.name == "COULDNT_CONNECT")
    }

    @Test func aPeerThatIsNotAllowedSeesNoConnection() {
        let listener = Listener()
        let reactor = reactor(port: listener.port, allowed: AllowedPeers([]))
        #expect(reactor.warmUp(3, patience: 10 * second).failed == 3)
        #expect(listener.takeConnections() == 0)
    }
}
