import NIOCore
import NIOHTTP2
import NIOSSL
import NIOTLS

/// TLS for the payments ports.
package struct EncryptionSettings: Sendable {
    /// PEM file of the CA whose client certificates are let in; nil: nobody is asked for one.
    package var clientAuthority: String?

    package init(clientAuthority: String? = nil) { self.clientAuthority = clientAuthority }
}

/// The TLS side of a service: the context that every connection uses.
struct Encryption: Sendable {
    let multiplexed = MultiplexedConnections()
    private let context: NIOSSLContext

    /// Throws `SimulatorError.clientAuthority` where its file can't be used.
    init(_ settings: EncryptionSettings) throws {
        let certificate = try NIOSSLCertificate(
            bytes: Array(TestCertificates.server.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(TestCertificates.serverKey.utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(certificate)], privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = NIOHTTP2SupportedALPNProtocols
        if let path = settings.clientAuthority {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(try Self.certificates(path))
        }
        context = try NIOSSLContext(configuration: configuration)
    }

    private static func certificates(_ path: String) throws -> [NIOSSLCertificate] {
        do {
            return try NIOSSLCertificate.fromPEMFile(path)
        } catch {
            throw SimulatorError.clientAuthority(path: path)
        }
    }

    /// Adds TLS, and HTTP/1.1 or HTTP/2 behind it as the client wants.
    func fill(_ pipeline: ChannelPipeline.SynchronousOperations, _ house: House) throws {
        try pipeline.addHandler(NIOSSLServerHandler(context: context))
        let idle = house.settings.idle
        try pipeline.addHandler(IdleStateHandler(allTimeout: max(idle, house.settings.request)))
        try pipeline.addHandler(IdleCloser())
        let multiplexed = multiplexed
        let negotiator = ApplicationProtocolNegotiationHandler { result, channel in
            channel.eventLoop.makeCompletedFuture {
                switch result {
                case .negotiated("h2"):
                    try Self.addHTTP2(channel, house)
                    multiplexed.add(channel)
                case .negotiated, .fallback: try house.fill(channel.pipeline.syncOperations)
                }
            }
        }
        try pipeline.addHandler(negotiator)
    }

    private static func addHTTP2(_ channel: any Channel, _ house: House) throws {
        // Says GOAWAY when the service stops; connections with nothing to do have their closer.
        let manager = NIOHTTP2ServerConnectionManagementHandler(
            eventLoop: channel.eventLoop,
            configuration: .init(
                maxIdleTime: nil, maxAge: nil, maxGraceTime: nil, keepalive: nil))
        let pipeline = channel.pipeline.syncOperations
        _ = try pipeline.configureHTTP2Pipeline(
            mode: .server, connectionConfiguration: .init(), streamConfiguration: .init(),
            streamDelegate: manager.http2StreamDelegate
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                let pipeline = stream.pipeline.syncOperations
                try pipeline.addHandler(HTTP2FramePayloadToHTTP1ServerCodec())
                try pipeline.addHandler(PaymentHandler(house, wire: .stream))
            }
        }
        try pipeline.addHandler(manager)
    }
}

/// Closes a connection whose client does nothing, the handshake included.
private final class IdleCloser: ChannelInboundHandler {
    typealias InboundIn = Any

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }
}
