import Curl
import Testing

/// A name that leads elsewhere in the course of a run.
@Suite struct DirectoryTests {
    init() { Self.prepared }

    private static let prepared: Void = Libcurl.initialise()

    private let second: Nanoseconds = 1_000_000_000
    private let first = PeerAddress(bytes: [127, 0, 0, 1])
    private let other = PeerAddress(bytes: [127, 0, 0, 2])

    /// Opens a connection of its own; nobody answers.
    private func connect(_ transfer: Transfer, in reactor: Reactor) -> CurlCode? {
        var ended: CurlCode?
        reactor.start(transfer)
        let deadline = MonotonicClock.now() + 5 * second
        while ended == nil, !transfer.requestBegan, MonotonicClock.now() < deadline {
            reactor.turn(until: deadline, atLeast: 1) { _, code in ended = code }
        }
        reactor.stop(transfer)
        return ended
    }

    @Test func newConnectionsGoWhereTheNameLeadsNowAndNowhereElse() {
        let listener = Listener()
        let moved = Listener(address: 0x7F00_0002, port: listener.port)
        let name = "pay.example.test:\(listener.port)"
        var options = TransferOptions(url: "http://\(name)/pay", userAgent: "paybench-tests")
        options.resolution = "\(name):127.0.0.1"
        options.reusesConnections = false
        let directory = Directory(
            resolution: "\(name):127.0.0.1", allowed: AllowedPeers([first]))
        options.directory = directory
        let reactor = Reactor(options: options, allowed: AllowedPeers([first]))
        let transfer = reactor.makeTransfer()

        _ = connect(transfer, in: reactor)
        #expect(listener.takeConnections() == 1 && moved.takeConnections() == 0)

        directory.list("\(name):127.0.0.2", allowed: AllowedPeers([first, other]))
        _ = connect(transfer, in: reactor)
        #expect(listener.takeConnections() == 0 && moved.takeConnections() == 1)

        // Listed, and not allowed: the guard has the last word.
        directory.list("\(name):127.0.0.3", allowed: AllowedPeers([first]))
        #expect(connect(transfer, in: reactor)?.name == "COULDNT_CONNECT")
        #expect(listener.takeConnections() == 0 && moved.takeConnections() == 0)
    }
}

@Suite struct LocalPortTests {
    private let usual = 32768...60999

    /// 60,999 − 32,768 + 1 = 28,232 ports; at 470/s, 60 s keep 28,200 of them, at 471/s 28,260.
    @Test func aPortIsKeptForAMinute() {
        let ports = LocalPorts(range: usual, isReusedEarly: false)
        #expect(ports.count == 28_232)
        #expect(ports.warning(connectionsPerSecond: 470) == nil)
        #expect(
            ports.warning(connectionsPerSecond: 471)
                == "reuse: false at 471/s needs 28260 local ports, since the kernel keeps each one "
                + "for 60 s; there are 28232 (raise net.ipv4.ip_local_port_range, or set "
                + "net.ipv4.tcp_tw_reuse=1)")
    }

    @Test func aPortThatIsReusedEarlyIsKeptForTwoSeconds() {
        let ports = LocalPorts(range: usual, isReusedEarly: true)
        #expect(ports.warning(connectionsPerSecond: 14_116) == nil)
        #expect(ports.warning(connectionsPerSecond: 14_117)?.contains("tw_reuse") == false)
    }

    @Test func noMoreConnectionsThanPortsCanBeOpen() {
        let ports = LocalPorts(range: usual, isReusedEarly: true)
        #expect(ports.warning(connections: 28_232) == nil)
        #expect(ports.warning(connections: 28_233)?.contains("at most 28232") == true)
    }

    @Test func theKernelIsAsked() {
        #expect((1...65_536).contains(LocalPorts(toLoopback: true).count))
    }
}
