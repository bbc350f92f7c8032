import NIOCore
import NIOHTTP1
import Providers

/// One connection of the payments port: takes requests apart, asks the service, waits as long as the
/// provider does, writes answers in the order of the requests. Everything runs on its event loop.
final class PaymentHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What a request comes to, once it is its turn.
    private struct Settled {
        enum Way {
            case reply(Reply, scripted: Int?)
            case drop(ScriptedDrop.Point)
        }

        var payment: PaymentID?
        var way: Way
    }

    private enum Phase {
        case open
        /// The last answer is written; answers behind it are for nobody.
        case closing
        case closed
    }

    private let provider: SimulatedProvider
    private var phase = Phase.open
    /// False from the request on that ends the connection; what comes behind it is thrown away.
    private var takesRequests = true
    private var request: IncomingRequest?
    private var body: ByteBuffer?
    /// The client waits for `100 Continue` before it sends the body.
    private var owesContinue = false
    private var answers = AnswerQueue<Settled>()
    private var output = ByteBuffer()
    private var isInReadBatch = false
    private var isReadHeld = false
    /// Closes the socket of a client that takes too long over the last answer.
    private var lingering: Scheduled<Void>?

    /// Unanswered requests of one connection above which no more are read.
    private static let pipelineDepth = 256
    /// How long a client gets to read the last answer before the socket goes.
    private static let linger = TimeAmount.seconds(2)

    init(_ provider: SimulatedProvider) { self.provider = provider }

    func read(context: ChannelHandlerContext) {
        isReadHeld = true
        resumeReading(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        resumeReading(context)
        context.fireChannelWritabilityChanged()
    }

    /// Reads on unless the client has too many requests open or leaves its answers lying.
    private func resumeReading(_ context: ChannelHandlerContext) {
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
        drain(context)
        context.fireChannelInactive()
    }

    /// Bytes that are no HTTP, or a socket that broke.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.close(promise: nil) }
        guard phase == .open, takesRequests, error != .invalidEOFState else { return }
        refuse(.badRequest, context)
    }
}

/// From bytes to a payment.
extension PaymentHandler {
    private func take(_ request: IncomingRequest, _ context: ChannelHandlerContext) {
        self.request = request
        if !request.hasHost {
            refuse(.badRequest, context)
        } else if let length = request.declaredLength, length > provider.maxBodyBytes {
            refuse(Reply(plain: 413, "413"), context)
        } else if request.expectsContinue {
            owesContinue = true
            payContinue(context)
        }
    }

    /// `100 Continue`, once everything in front of it is answered.
    private func payContinue(_ context: ChannelHandlerContext) {
        guard owesContinue, answers.count == 0 else { return }
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
        if let body, body.readableBytes > provider.maxBodyBytes {
            refuse(Reply(plain: 413, "413"), context)
        }
    }

    /// Answers for the host, behind which the connection ends.
    private func refuse(_ reply: Reply, _ context: ChannelHandlerContext) {
        provider.ledger.received()
        var reply = reply
        reply.closes = true
        takesRequests = false
        (request, body) = (nil, nil)
        settle(answers.reserve(), Settled(payment: nil, way: .reply(reply, scripted: nil)), context)
    }

    private func complete(_ context: ChannelHandlerContext) {
        guard let request else { return }
        let arrival = NIODeadline.now()
        provider.ledger.received()
        let decision = provider.service.decide(request, body: body)
        (self.request, body) = (nil, nil)
        owesContinue = false
        takesRequests = !request.closes
        let ticket = answers.reserve()
        switch decision {
        case .reply(var reply):
            reply.closes = request.closes
            if request.isHead { reply.body = .none }
            settle(ticket, Settled(payment: nil, way: .reply(reply, scripted: nil)), context)
        case .pay(let id, let envelope):
            let (due, ending) = provider.admit(id, at: arrival)
            let payment = Payment(
                id: id, envelope: envelope, ending: ending, isHead: request.isHead,
                closes: request.closes)
            if due <= arrival {
                finish(payment, ticket, context)
            } else {
                context.eventLoop.assumeIsolated().scheduleTask(deadline: due) {
                    self.finish(payment, ticket, context)
                }
            }
        }
    }
}

/// From a payment to bytes.
extension PaymentHandler {
    /// A payment that is with the provider.
    private struct Payment {
        var id: PaymentID
        var envelope: Envelope
        var ending: ProviderScript.Ending
        /// Its answer has no body.
        var isHead: Bool
        var closes: Bool

        func finished(_ reply: Reply) -> Reply {
            var reply = reply
            reply.closes = closes
            if isHead { reply.body = .none }
            return reply
        }
    }

    /// The provider is done: books, and makes the answer.
    private func finish(
        _ payment: Payment, _ ticket: AnswerQueue<Settled>.Ticket, _ context: ChannelHandlerContext
    ) {
        let id = payment.id
        switch payment.ending {
        case .accept:
            provider.ledger.booked(id)
            let reply = payment.finished(Reply(accepted: id, as: payment.envelope))
            settle(ticket, Settled(payment: id, way: .reply(reply, scripted: nil)), context)
        case .answer(let place):
            let reply = payment.finished(
                provider.service.answer(place, as: payment.envelope))
            settle(ticket, Settled(payment: id, way: .reply(reply, scripted: place)), context)
        case .drop(let point):
            if point == .afterBooking { provider.ledger.booked(id) }
            settle(ticket, Settled(payment: id, way: .drop(point)), context)
        }
    }

    private func settle(
        _ ticket: AnswerQueue<Settled>.Ticket, _ settled: Settled, _ context: ChannelHandlerContext
    ) {
        answers.fulfil(ticket, with: settled)
        drain(context)
        if !isInReadBatch { flush(context) }
    }

    /// Lets out every answer whose turn it is.
    private func drain(_ context: ChannelHandlerContext) {
        while let settled = answers.next() {
            switch settled.way {
            case _ where phase != .open: provider.ledger.unsent(settled.payment)
            case .reply(let reply, let scripted):
                provider.ledger.answered(reply.status, to: settled.payment, scripted: scripted)
                reply.write(to: &output)
                if reply.closes { end(context) }
            case .drop(let point):
                if let id = settled.payment { provider.ledger.dropped(id, point) }
                flush(context)
                phase = .closed
                context.close(promise: nil)
            }
        }
        payContinue(context)
        resumeReading(context)
    }

    private func flush(_ context: ChannelHandlerContext) {
        guard output.readableBytes > 0 else { return }
        let batch = output
        output = ByteBuffer()
        context.writeAndFlush(wrapOutboundOut(batch), promise: nil)
    }

    /// Writes what there is, says that no more will come, and gives the client time to read it:
    /// closing at once would make the kernel reset the connection over bytes not read.
    private func end(_ context: ChannelHandlerContext) {
        phase = .closing
        let last = output
        output = ByteBuffer()
        let loop = context.eventLoop.assumeIsolated()
        context.writeAndFlush(wrapOutboundOut(last)).assumeIsolated().whenComplete { _ in
            context.close(mode: .output, promise: nil)
            self.lingering = loop.scheduleTask(in: Self.linger) { context.close(promise: nil) }
        }
    }
}
