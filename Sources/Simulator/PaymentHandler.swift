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
    /// Whom `request` is for.
    private var provider: SimulatedProvider
    private var isReadHeld = false
    private var isGuest = false
    private var watchdog: NIOScheduledCallback?

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
        guard watchdog == nil, phase == .open else { return }
        isGuest = house.guests.enter()
        if isGuest {
            watch(context, in: house.watchInterval)
        } else {
            phase = .closed
            context.close(promise: nil)
        }
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
        watchdog?.cancel()
        if isGuest { house.guests.leave() }
        drain(context)
        context.fireChannelInactive()
    }

    /// Bytes that are no HTTP, or a socket that broke.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        guard phase == .open, takesRequests, error != .invalidEOFState else { return }
        refuse(.badRequest, context)
    }

    /// Closes a connection that gets nowhere, and looks again later at any other.
    private func watch(_ context: ChannelHandlerContext, in time: TimeAmount) {
        watchdog = Alarm.set(at: .now() + time, on: context.eventLoop) {
            guard self.phase == .open else { return }
            let now = NIODeadline.now()
            let since = self.request == nil ? self.lastProgress : self.requestBegan
            let limit =
                self.request == nil ? self.house.idleLimit(at: now) : self.house.settings.request
            if self.answers.count == 0, now - since >= limit {
                return context.close(promise: nil)
            }
            let left = self.answers.count == 0 ? limit - (now - since) : limit
            self.watch(context, in: min(max(left, .milliseconds(1)), self.house.watchInterval))
        }
    }
}

/// From bytes to a request.
extension PaymentHandler {
    private func take(_ head: IncomingRequest, _ context: ChannelHandlerContext) {
        var request = head
        request.isSecure = house.isSecure
        provider = house.provider(for: &request)
        self.request = request
        requestBegan = .now()
        if !request.hasHost {
            refuse(.badRequest, context)
        } else if let length = request.declaredLength, length > provider.bodyLimit {
            refuse(Reply(plain: 413, "413"), context)
        } else if request.expectsContinue {
            owesContinue = true
            payContinue()
        }
    }

    /// `100 Continue`, once everything in front of it is answered.
    func payContinue() {
        guard owesContinue, answers.count == 0, !isDripping, phase == .open else { return }
        owesContinue = false
        output.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
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
        takesRequests = !request.closes
        let ticket = answers.reserve()
        switch provider.service.decide(request, body: body) {
        case .reply(let reply):
            let reply = reply.finished(isHead: request.isHead, closes: request.closes)
            settle(ticket, Settled(provider, .reply(reply)), context)
        case .pay(let admitted):
            let payment = Payment(
                admitted, with: provider, arrival: lastProgress, isHead: request.isHead,
                closes: request.closes)
            admit(payment, ticket, context)
        }
    }
}
