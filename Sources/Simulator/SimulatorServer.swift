import NIOCore
import NIOHTTP1
import NIOPosix

/// The stand-in makePayment service, on a payments port and an admin port of the loopback.
package final class SimulatorServer: Sendable {
    /// The payments port that was bound.
    package let port: Int
    package let adminPort: Int
    /// Of every random choice: the provider's, or the one drawn at the start.
    package let seed: UInt64
    /// What it really did to each payment.
    package let ledger: Ledger

    private let provider: SimulatedProvider
    private let groups: [MultiThreadedEventLoopGroup]
    private let listeners: [any Channel]

    private init(
        seed: UInt64, provider: SimulatedProvider, groups: [MultiThreadedEventLoopGroup],
        payments: any Channel, admin: any Channel
    ) {
        self.seed = seed
        self.provider = provider
        self.groups = groups
        ledger = provider.ledger
        listeners = [payments, admin]
        port = payments.localAddress?.port ?? 0
        adminPort = admin.localAddress?.port ?? 0
    }

    /// Serves as soon as it returns. Throws `SimulatorError`; nothing is left behind then.
    package static func start(_ settings: SimulatorSettings) async throws -> SimulatorServer {
        let address = try Loopback.address(settings.host, port: settings.port)
        let adminAddress = try Loopback.address(settings.host, port: settings.adminPort)
        let seed = settings.provider.seed ?? .random(in: .min ... .max)
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: settings.threads)
        let adminLoop = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let provider = SimulatedProvider(settings, seed: seed, loops: loops)
        do {
            let payments = try await listen(at: address, on: loops) { pipeline in
                try pipeline.addHandler(ByteToMessageHandler(requestDecoder()))
                try pipeline.addHandler(PaymentHandler(provider))
            }
            let admin = try await listen(at: adminAddress, on: adminLoop) { pipeline in
                try pipeline.configureHTTPServerPipeline()
                try pipeline.addHandler(AdminHandler(provider.ledger))
            }
            return SimulatorServer(
                seed: seed, provider: provider, groups: [loops, adminLoop], payments: payments,
                admin: admin)
        } catch {
            try? await loops.shutdownGracefully()
            try? await adminLoop.shutdownGracefully()
            throw error
        }
    }

    /// Takes no more connections, then closes those there are. Payments that are with the provider
    /// stay pending in the ledger, which can be read on. Calling it again does nothing.
    package func stop() async {
        guard provider.stop() else { return }
        for listener in listeners { try? await listener.close() }
        for group in groups { try? await group.shutdownGracefully() }
    }

    private static func requestDecoder() -> HTTPRequestDecoder {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 16 << 10
        limits.maxHeaderListSize = 64 << 10
        return HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
    }

    private static func listen(
        at address: SocketAddress, on group: MultiThreadedEventLoopGroup,
        _ fill: @escaping @Sendable (ChannelPipeline.SynchronousOperations) throws -> Void
    ) async throws -> any Channel {
        do {
            return try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 4096)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try fill(channel.pipeline.syncOperations)
                    }
                }
                .bind(to: address).get()
        } catch let error as IOError {
            let port = address.port ?? 0
            throw error.errnoCode == EADDRINUSE
                ? SimulatorError.portInUse(port)
                : SimulatorError.cannotBind(port: port, errno: error.errnoCode)
        }
    }
}

enum Loopback {
    /// The address to bind, if it cannot be reached from outside.
    static func address(_ host: String, port: Int) throws -> SocketAddress {
        guard (0...65535).contains(port) else { throw SimulatorError.portOutOfRange(port) }
        let name = host == "localhost" ? "127.0.0.1" : host
        guard let address = try? SocketAddress(ipAddress: name, port: port), address.isLoopback
        else { throw SimulatorError.notLoopback(host: host) }
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
