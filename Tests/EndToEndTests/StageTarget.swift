import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// A target that breaks off each connection where it is told to, over TCP or TLS, and keeps a ledger of
/// what it read.
final class StageTarget {
    /// How far it lets a payment come.
    enum Point: String, Sendable {
        /// The connection is taken, and nothing else.
        case accept
        /// Nothing of the request is read.
        case unread
        case midRequest, afterRequest, midStatusLine, midHead, midBody, badGateway, gatewayTimeout
    }

    /// What it does then.
    enum Manner: String, Sendable, CaseIterable {
        case close, reset, silence
    }

    /// What happens to one connection.
    struct Break: Sendable, Hashable, CustomStringConvertible {
        var point: Point
        var manner: Manner
        /// Payments that are answered on it before.
        var answered = 0

        var description: String { "\(point.rawValue) \(manner.rawValue) \(answered)" }
    }

    let port: Int
    let ledger: StageLedger
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    /// - Parameters:
    ///   - breaks: of the connections in turn; the first connection of all, which only knocks, has none.
    ///   - isNarrow: a connection takes about 40 KB that nobody reads, and no more.
    init(_ breaks: [Break], certificates: Certificates?, isNarrow: Bool) throws {
        let ledger = StageLedger(breaks)
        let context = try certificates.map(Self.context)
        var bootstrap = ServerBootstrap(group: group)
        if isNarrow {
            bootstrap =
                bootstrap
                .serverChannelOption(.socketOption(.so_rcvbuf), value: 2048)
                .serverChannelOption(.tcpOption(.init(rawValue: TCP_MAXSEG)), value: 536)
        }
        bootstrap =
            bootstrap
            .childChannelOption(
                .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 512)
            )
            .childChannelOption(.maxMessagesPerRead, value: 1)
        let server = try bootstrap.childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                let socket = StageConnection.Socket()
                try pipeline.addHandler(socket)
                if let context { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
                try pipeline.addHandler(
                    StageConnection(ledger, socket, isEncrypted: context != nil))
            }
        }.bind(host: "127.0.0.1", port: 0).wait()
        self.ledger = ledger
        port = server.localAddress?.port ?? 0
    }

    deinit { try? group.syncShutdownGracefully() }

    private static func context(_ certificates: Certificates) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(certificates.certificate(.good))
        let key = try NIOSSLPrivateKey(file: certificates.key(.good), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key)))
    }
}

/// One connection: reads requests, answers those that it is to answer, and breaks off.
private final class StageConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// In front of TLS: what is closed there is closed without a word, and TLS reads no more than it lets.
    final class Socket: ChannelOutboundHandler {
        typealias OutboundIn = Any
        var isShut = false

        func read(context: ChannelHandlerContext) { if !isShut { context.read() } }
    }

    /// Bytes of a request that is broken off in its middle; the payment's id is in its first line.
    private static let part = 2000
    /// For what came or went before to be where it is going.
    private static let pause = TimeAmount.milliseconds(60)

    private let ledger: StageLedger
    private let socket: Socket
    private let isEncrypted: Bool
    private let fate: StageTarget.Break?
    private var bytes: [UInt8] = []
    private var answered = 0
    private var isOver = false

    init(_ ledger: StageLedger, _ socket: Socket, isEncrypted: Bool) {
        self.ledger = ledger
        self.socket = socket
        self.isEncrypted = isEncrypted
        fate = ledger.nextBreak()
    }

    func channelActive(context: ChannelHandlerContext) {
        guard let fate else { return }
        if fate.point == .accept || (fate.point == .unread && !isEncrypted) {
            ledger.breaksOff(fate)
            breakOff(context, after: fate.point == .accept ? .zero : Self.pause)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let fate, fate.point == .unread, let event = event as? TLSUserEvent,
            case .handshakeCompleted = event
        else { return context.fireUserInboundEventTriggered(event) }
        ledger.breaksOff(fate)
        breakOff(context, after: Self.pause)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        bytes += unwrapInboundIn(data).readableBytesView
        let text = String(decoding: bytes, as: UTF8.self)
        guard let id = StageLedger.paymentID(text) else { return }
        if let fate, fate.point == .midRequest, answered >= fate.answered, bytes.count >= Self.part
        {
            ledger.breaksOff(fate, id: id)
            return breakOff(context, after: Self.pause)
        }
        guard StageLedger.isWhole(text) else { return }
        bytes = []
        ledger.books(id)
        guard let fate, answered >= fate.answered, fate.point != .midRequest else {
            answered += 1
            ledger.accepts(id)
            return send(StageAnswer.accepted, context)
        }
        ledger.breaksOff(fate, id: id)
        send(StageAnswer.text(of: fate.point), context)
        breakOff(context, after: Self.pause)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func send(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }

    private func breakOff(_ context: ChannelHandlerContext, after pause: TimeAmount) {
        isOver = true
        // A connection that is to be closed takes what comes until then.
        socket.isShut = fate?.manner != .close
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: pause) {
            guard let fate = self.fate, context.channel.isActive else { return }
            switch fate.manner {
            case .silence: break
            case .close: context.close(promise: nil)
            case .reset: self.reset(context)
            }
        }
    }

    private func reset(_ context: ChannelHandlerContext) {
        let nothing = linger(l_onoff: 1, l_linger: 0)
        (context.channel as? any SocketOptionProvider)?.setSoLinger(nothing).whenComplete { _ in }
        let socket = try? context.pipeline.syncOperations.context(handlerType: Socket.self)
        socket?.close(promise: nil)
    }
}

/// What a target sends before it breaks off.
private enum StageAnswer {
    static let accepted = answer("200 OK")

    static func text(of point: StageTarget.Point) -> String {
        switch point {
        case .accept, .unread, .midRequest, .afterRequest: ""
        case .midStatusLine: String(accepted.prefix(10))
        case .midHead: String(accepted.prefix(30))
        case .midBody: String(accepted.dropLast(5))
        case .badGateway: answer("502 Bad Gateway")
        case .gatewayTimeout: answer("504 Gateway Timeout")
        }
    }

    private static func answer(_ status: String) -> String {
        "HTTP/1.1 \(status)\r\n" + (status == "200 OK" ? "" : "Connection: close\r\n")
            + "Content-Length: 12\r\n\r\n{\"data\":\"x\"}"
    }
}
