import Curl
import Testing

@Suite struct GuardTests {
    init() { Self.prepared }

    private static let prepared: Void = Libcurl.initialise()

    private let second: Nanoseconds = 1_000_000_000
    private let loopback = PeerAddress(bytes: [127, 0, 0, 1])

    private func options(port: Int) -> TransferOptions {
        TransferOptions(url: "http://127.0.0.1:\(port)/pay", userAgent: "paybench-tests")
    }

    @Test func anAllowedPeerIsConnectedTo() throws {
        let listener = Listener()
        try Preflight.connect(
            options(port: listener.port), allowed: AllowedPeers([loopback]), timeout: second)
        #expect(listener.takeConnections() == 1)
    }

    @Test func aPeerThatIsNotAllowedNeverSeesAConnection() {
        let listener = Listener()
        #expect(throws: Preflight.Failure.self) {
            try Preflight.connect(
                options(port: listener.port), allowed: AllowedPeers([]), timeout: second)
        }
        #expect(listener.takeConnections() == 0)
    }

    @Test func aNameThatLeadsElsewhereAtConnectTimeIsRefused() {
        // The name was looked up and led to 127.0.0.1; now it is pinned to 127.0.0.2.
        let listener = Listener()
        var moved = TransferOptions(
            url: "http://pay.example.test:\(listener.port)/pay", userAgent: "paybench-tests")
        moved.resolution = "pay.example.test:\(listener.port):127.0.0.2"
        #expect(throws: Preflight.Failure.self) {
            try Preflight.connect(moved, allowed: AllowedPeers([loopback]), timeout: second)
        }
        #expect(listener.takeConnections() == 0)
    }

    @Test func aTransferToAPeerThatIsNotAllowedEndsBeforeARequest() {
        let listener = Listener()
        let reactor = Reactor(options: options(port: listener.port), allowed: AllowedPeers([]))
        let transfer = reactor.makeTransfer()
        reactor.start(transfer)
        var ended: CurlCode?
        let deadline = MonotonicClock.now() + 5 * second
        while ended == nil, MonotonicClock.now() < deadline {
            reactor.turn(until: deadline, atLeast: 1) { _, code in ended = code }
        }
        reactor.stop(transfer)
        #expect(ended?.name == "COULDNT_CONNECT")
        #expect(!transfer.requestBegan)
        #expect(reactor.connectionsOpened == 0)
        #expect(listener.takeConnections() == 0)
    }

    @Test func anEnvironmentProxyIsNotUsed() throws {
        // Nothing listens at the proxy's port 9: with it the connection would fail.
        let listener = Listener()
        try #require(setenvForTest("http_proxy", "http://127.0.0.1:9"))
        try Preflight.connect(
            options(port: listener.port), allowed: AllowedPeers([loopback]), timeout: second)
        #expect(listener.takeConnections() == 1)
    }
}
