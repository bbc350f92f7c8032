import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
import Synchronization

@testable import Simulator

/// One payment over TLS, by the protocol that is offered.
struct EncryptedClient {
    enum Wanted: String { case http1 = "http/1.1", http2 = "h2" }

    struct Answer: Equatable {
        var status: UInt
        var body: String
        /// Names of the cookies that are set.
        var cookies: [String] = []
        /// Whether `100 Continue` came in front of it.
        var isContinued = false
    }

    /// The last stream ids of the GOAWAYs that a connection was sent.
    final class Goodbyes: Sendable {
        private let seen = Mutex<[Int]>([])

        var all: [Int] { seen.withLock { $0 } }

        fileprivate func add(_ id: HTTP2StreamID) { seen.withLock { $0.append(Int(id)) } }
    }

    var wanted: Wanted
    var hasCertificate = false
    /// Sent besides those that every payment has.
    var headers: [(String, String)] = []
    let goodbyes = Goodbyes()
    /// What the server is trusted by.
    var authority = TestCertificates.authority

    func ask(port: Int, id: Int = 1) async throws -> Answer {
        let context = try context()
        let wanted = wanted
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: Answer.self)
        let body = PaymentText.body(id: id)
        let headers = headers
        let goodbyes = goodbyes
        let channel = try await ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: "localhost"))
                    try Self.fill(channel, wanted, Asker(body: body, headers, promise))
                    if wanted == .http2 { try pipeline.addHandler(Listener(goodbyes)) }
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        channel.closeFuture.whenComplete { _ in promise.fail(ChannelError.eof) }
        let answer = try await promise.futureResult.get()
        try? await channel.close()
        return answer
    }

    private func context() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        let authority = try NIOSSLCertificate.fromPEMBytes(Array(authority.utf8))
        configuration.trustRoots = .certificates(authority)
        configuration.applicationProtocols = [wanted.rawValue]
        if hasCertificate {
            let pem = Array(ClientCertificate.certificate.utf8)
            let certificate = try NIOSSLCertificate(bytes: pem, format: .pem)
            let key = try NIOSSLPrivateKey(bytes: Array(ClientCertificate.key.utf8), format: .pem)
            configuration.certificateChain = [.certificate(certificate)]
            configuration.privateKey = .privateKey(key)
        }
        return try NIOSSLContext(configuration: configuration)
    }

    private static func fill(
        _ channel: any Channel, _ wanted: Wanted, _ asker: Asker
    ) throws {
        let pipeline = channel.pipeline.syncOperations
        guard wanted == .http2 else {
            try pipeline.addHTTPClientHandlers()
            return try pipeline.addHandler(asker)
        }
        let multiplexer = try pipeline.configureHTTP2Pipeline(
            mode: .client, connectionConfiguration: .init(), streamConfiguration: .init()
        ) { $0.eventLoop.makeSucceededVoidFuture() }
        let bound = NIOLoopBound(asker, eventLoop: channel.eventLoop)
        multiplexer.createStreamChannel(promise: nil) { stream in
            stream.eventLoop.makeCompletedFuture {
                let pipeline = stream.pipeline.syncOperations
                try pipeline.addHandler(
                    HTTP2FramePayloadToHTTP1ClientCodec(httpProtocol: .https))
                try pipeline.addHandler(bound.value)
            }
        }
    }
}

/// Hears what is said about the whole connection.
private final class Listener: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private let goodbyes: EncryptedClient.Goodbyes

    init(_ goodbyes: EncryptedClient.Goodbyes) { self.goodbyes = goodbyes }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .goAway(let last, _, _) = unwrapInboundIn(data).payload { goodbyes.add(last) }
        context.fireChannelRead(data)
    }
}

/// Sends the payment as soon as it can, and keeps the answer.
private final class Asker: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let body: String
    private let headers: [(String, String)]
    private let promise: EventLoopPromise<EncryptedClient.Answer>
    private var answer = EncryptedClient.Answer(status: 0, body: "")

    init(
        body: String, _ headers: [(String, String)],
        _ promise: EventLoopPromise<EncryptedClient.Answer>
    ) {
        self.body = body
        self.headers = headers
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        var head = HTTPRequestHead(
            version: .http1_1, method: .POST, uri: "/mobile/payments/makePayment")
        head.headers = [
            "Host": "localhost", "Accept": "application/json", "Content-Type": "application/json",
            "Content-Length": String(body.utf8.count),
        ]
        head.headers.add(contentsOf: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head) where head.status == .continue: answer.isContinued = true
        case .head(let head):
            answer.status = head.status.code
            answer.cookies = head.headers["set-cookie"].map { String($0.prefix { $0 != "=" }) }
        case .body(let part): answer.body += String(buffer: part)
        case .end: promise.succeed(answer)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(ChannelError.eof)
        context.fireChannelInactive()
    }
}
