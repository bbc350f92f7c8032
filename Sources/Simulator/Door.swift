import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A listening port that can be shut and opened again, so that connections to it are refused.
final class Door: Sendable {
    typealias Fill = @Sendable (ChannelPipeline.SynchronousOperations) throws -> Void

    private let group: MultiThreadedEventLoopGroup
    private let fill: Fill
    /// As it was bound: a port that was any free one stays the same.
    let address: SocketAddress
    private let channel: Mutex<(any Channel)?>

    /// Throws `SimulatorError`.
    init(at wanted: SocketAddress, on group: MultiThreadedEventLoopGroup, _ fill: @escaping Fill)
        async throws
    {
        self.group = group
        self.fill = fill
        do {
            let channel = try await Self.bootstrap(group, fill).bind(to: wanted).get()
            address = channel.localAddress ?? wanted
            self.channel = Mutex(channel)
        } catch let error as IOError {
            let port = wanted.port ?? 0
            throw error.errnoCode == EADDRINUSE
                ? SimulatorError.portInUse(port)
                : SimulatorError.cannotBind(port: port, errno: error.errnoCode)
        }
    }

    var port: Int { address.port ?? 0 }

    /// The kernel refuses new connections until `open`; those there are stay.
    func shut() {
        channel.withLock { channel in
            channel?.close(promise: nil)
            channel = nil
        }
    }

    /// Listens again; tried again by the caller if the port is not free yet.
    func open() {
        guard channel.withLock({ $0 == nil }) else { return }
        Self.bootstrap(group, fill).bind(to: address).whenSuccess { opened in
            self.channel.withLock { $0 = opened }
        }
    }

    func close() async {
        guard let channel = channel.withLock({ $0 }) else { return }
        try? await channel.close()
    }

    private static func bootstrap(
        _ group: MultiThreadedEventLoopGroup, _ fill: @escaping Fill
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.recvAllocator, value: ReadBuffers())
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try fill(channel.pipeline.syncOperations) }
            }
    }
}

enum ListenAddress {
    /// The address to bind; one that can be reached from outside only where that is allowed.
    static func address(_ host: String, port: Int, allowsAny: Bool) throws -> SocketAddress {
        guard (0...65535).contains(port) else { throw SimulatorError.portOutOfRange(port) }
        let name = host == "localhost" ? "127.0.0.1" : host
        guard let address = try? SocketAddress(ipAddress: name, port: port) else {
            throw allowsAny
                ? SimulatorError.notAnAddress(host: host) : .notLoopback(host: host)
        }
        guard allowsAny || address.isLoopback else { throw SimulatorError.notLoopback(host: host) }
        return address
    }
}

extension SocketAddress {
    fileprivate var isLoopback: Bool {
        switch self {
        case .v4(let address): UInt32(bigEndian: address.address.sin_addr.s_addr) >> 24 == 127
        case .v6: ipAddress == "::1"
        case .unixDomainSocket: false
        }
    }
}
