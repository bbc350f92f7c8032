import NIOCore
import NIOHTTP1
import Providers

/// One connection of the payments port: takes requests apart and asks the service. What they come to
/// is in `PaymentHandler+Payments`, how it is written in `PaymentHandler+Answers`. Everything runs
/// on its event loop.
final class PaymentHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What lies behind the handler.
    enum Wire {
        /// A connection of HTTP/1.1: answers are bytes, written in batches.
        case connection
        /// One request of HTTP/2: answers are parts, and a reset is one of the stream.
        case stream
    }

    enum Phase {
        case open
        /// The last answer is written; answers behind it are for nobody.
        case closing
        case closed
    }

    let house: House
    let wire: Wire
    var phase = Phase.open
    var answers = AnswerQueue<Settled>()
    var output = ByteBuffer()
    /// While a body drips, answers behind it wait.
    var isDripping = false
    var isInReadBatch = false
    /// Closes the socket of a client that takes too long over the last answer.
    var lingering: Scheduled<Void>?
    /// When a request came in whole, or an answer went out, last.
    var lastProgress = NIODeadline.now()
    /// False from the request on that ends the connection; what comes behind it is thrown away.
    private var takesRequests = true
    private var request: IncomingRequest?
    private var requestBegan = NIODeadline.now()
    private var body: ByteBuffer?
    /// The client waits for `100 Continue` before it sends the body.
    private var owesContinue = false
    /// Requests that came in whole.
    private var requestCount = 0
    /// Whom `request` is for.
    private var provider: SimulatedProvider
    private var isReadHeld = false
    /// From when the connection is one of the service's until it is closed.
    private var context: ChannelHandlerContext?
    /// Among those that its rounds look after.
    var place: Int?

    /// Unanswered requests of one connection above which no more are read.
    private static let pipelineDepth = 256

    init(_ house: House, wire: Wire = .connection) {
        self.house = house
        self.wire = wire
        provider = house.plain
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard self.context == nil, phase == .open else { return }
        guard house.guests.enter() else {
            phase = .closed
            return context.close(promise: nil)
        }
        self.context = context
        house.rounds(on: context.eventLoop)?.add(self)
    }

    func read(context: ChannelHandlerContext) {
        isReadHeld = true
        resumeReading(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        resumeReading(context)
        context.fireChannelWritabilityChanged()
    }

    /// Reads on unless the client has too many requests open or leaves its answers lying.
    func resumeReading(_ context: ChannelHandlerContext) {
        guard isReadHeld, answers.count < Self.pipelineDepth, context.channel.isWritable else {
            return
        }
        isReadHeld = false
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase == .open, takesRequests else { return }
        isInReadBatch = true
        switch unwrapInboundIn(data) {
        case .head(let head):
            take(IncomingRequest(head), context)
        case .body(let part): collect(part, context)
        case .end: complete(context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isInReadBatch = false
        flush(context)
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        phase = .closed
        lingering?.cancel()
        if self.context != nil {
            self.context = nil
            house.guests.leave()
            house.rounds(on: context.eventLoop)?.remove(self)
        }
        drain(context)
        context.fireChannelInactive()
    }

    /// Bytes that are no HTTP, or a socket that broke.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        guard phase == .open, takesRequests, error != .invalidEOFState else { return }
        refuse(.badRequest, context)
    }

    /// Closes a connection that gets nowhere. A body that never came whole is answered 408; a client that
    /// has not even sent a head gets no answer.
    func look(at now: NIODeadline, idleLimit: TimeAmount) {
        guard phase == .open, answers.count == 0, let context else { return }
        if request != nil {
            guard now - requestBegan >= house.settings.request else { return }
            refuse(Reply(plain: 408, "408"), context)
        } else if now - lastProgress >= idleLimit {
            context.close(promise: nil)
        }
    }
}

/// From bytes to a request.
extension PaymentHandler {
    private func take(_ request: IncomingRequest, _ context: ChannelHandlerContext) {
        request.isSecure = house.isSecure
        provider = house.provider(for: request)
        self.request = request
        requestBegan = .now()
        if !request.hasHost {
            refuse(.badRequest, context)
        } else if let length = request.declaredLength, length > provider.bodyLimit {
            refuse(Reply(plain: 413, "413"), context)
        } else if request.expectsContinue {
            owesContinue = true
            payContinue(context)
        }
    }

    /// `100 Continue`, once everything in front of it is answered.
    func payContinue(_ context: ChannelHandlerContext) {
        guard owesContinue, answers.count == 0, !isDripping, phase == .open else { return }
        owesContinue = false
        switch wire {
        case .connection: output.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        case .stream:
            let head = HTTPResponseHead(version: .http2, status: .continue)
            context.write(NIOAny(HTTPServerResponsePart.head(head)), promise: nil)
        }
    }

    private func collect(_ part: ByteBuffer, _ context: ChannelHandlerContext) {
        guard request != nil else { return }
        if body == nil {
            body = part
        } else {
            body?.writeImmutableBuffer(part)
        }
        if let body, body.readableBytes > provider.bodyLimit {
            refuse(Reply(plain: 413, "413"), context)
        }
    }

    /// Answers for the host, behind which the connection ends.
    private func refuse(_ reply: Reply, _ context: ChannelHandlerContext) {
        let provider = request == nil ? house.plain : provider
        provider.ledger.received()
        var reply = reply
        reply.closes = true
        takesRequests = false
        (request, body) = (nil, nil)
        settle(answers.reserve(), Settled(provider, .reply(reply)), context)
    }

    private func complete(_ context: ChannelHandlerContext) {
        guard let request else { return }
        let body = self.body
        (self.request, self.body) = (nil, nil)
        lastProgress = .now()
        provider.ledger.received()
        owesContinue = false
        requestCount += 1
        let closes = request.closes || isLastRequest
        takesRequests = !closes
        let ticket = answers.reserve()
        switch provider.service.decide(request, body: body) {
        case .reply(let reply):
            let reply = reply.finished(isHead: request.isHead, closes: closes)
            settle(ticket, Settled(provider, .reply(reply)), context)
        case .pay(let admitted):
            let payment = Payment(
                admitted, with: provider, arrival: lastProgress, isHead: request.isHead,
                closes: closes)
            admit(payment, ticket, context)
        }
    }

    /// Whether the service ends the connection behind the request that came last.
    private var isLastRequest: Bool {
        guard wire == .connection, let most = house.plain.provider.service.requestsPerConnection
        else { return false }
        return requestCount >= most
    }
}
