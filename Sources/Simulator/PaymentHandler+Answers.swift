import Glibc
import NIOCore
import NIOHTTP1

/// From what a request comes to, to bytes.
extension PaymentHandler {
    /// How long a client gets to read the last answer before the socket goes.
    private static let patience = TimeAmount.seconds(2)

    /// Lets out every answer whose turn it is.
    func drain(_ context: ChannelHandlerContext) {
        while isLettingOut, let settled = answers.next() { letOut(settled, context) }
        payContinue(context)
        resumeReading(context)
    }

    /// Whether the oldest answer may go, once it is ready.
    var isLettingOut: Bool { !isDripping || phase != .open }

    func letOut(_ settled: Settled, _ context: ChannelHandlerContext) {
        let ledger = settled.provider.ledger
        switch settled.way {
        case .gone: if let id = settled.payment { ledger.reset(id) }
        case _ where phase != .open: ledger.unsent(settled.payment)
        case .reply(let reply): write(reply, settled, context)
        case .drop(let point):
            if let id = settled.payment { ledger.dropped(id, point) }
            flush(context)
            phase = .closed
            context.close(promise: nil)
        case .reset:
            if let id = settled.payment { ledger.reset(id) }
            flush(context)
            reset(context)
        }
    }

    private func write(_ reply: Reply, _ settled: Settled, _ context: ChannelHandlerContext) {
        settled.provider.ledger.answered(
            reply.status, to: settled.payment, scripted: settled.scripted,
            isBroken: settled.isBroken || settled.damage?.isBroken == true,
            timing: settled.timing)
        switch settled.damage {
        case nil where wire == .connection: reply.write(to: &output)
        case nil:
            writeHead(reply, context)
            writeBody(reply.bodyBytes, isLast: true, context)
        case .cut,
            .wrongLength where wire == .stream:
            writeHead(reply, context)
            let body = reply.bodyBytes
            let half = body.getSlice(at: 0, length: body.readableBytes / 2) ?? body
            writeBody(half, isLast: false, context)
            return end(context)
        case .wrongLength:
            reply.writeHead(to: &output, declaring: max(0, reply.length - Damage.missing))
            reply.writeBody(to: &output)
        case .drip(let time): return drip(reply, over: time, context)
        }
        if reply.closes { end(context) }
    }

    private func writeHead(_ reply: Reply, _ context: ChannelHandlerContext) {
        switch wire {
        case .connection: reply.writeHead(to: &output, declaring: reply.length)
        case .stream:
            context.write(NIOAny(HTTPServerResponsePart.head(reply.head)), promise: nil)
        }
    }

    private func writeBody(_ part: ByteBuffer, isLast: Bool, _ context: ChannelHandlerContext) {
        switch wire {
        case .connection: output.writeImmutableBuffer(part)
        case .stream:
            context.write(NIOAny(HTTPServerResponsePart.body(.byteBuffer(part))), promise: nil)
            if isLast { context.write(NIOAny(HTTPServerResponsePart.end(nil)), promise: nil) }
        }
    }

    /// Head at once, then the body in pieces at even distances; answers behind it wait.
    private func drip(_ reply: Reply, over time: TimeAmount, _ context: ChannelHandlerContext) {
        writeHead(reply, context)
        var body = reply.bodyBytes
        flush(context)
        isDripping = true
        let pieces = max(1, min(Damage.pieces, body.readableBytes))
        let length = body.readableBytes
        let begin = NIODeadline.now()
        let loop = context.eventLoop.assumeIsolated()
        for piece in 1...pieces {
            let size = length * piece / pieces - length * (piece - 1) / pieces
            let part = body.readSlice(length: size) ?? ByteBuffer()
            let due = begin + .nanoseconds(time.nanoseconds / Int64(pieces) * Int64(piece))
            loop.scheduleTask(deadline: due) {
                guard self.phase == .open else { return }
                self.writeBody(part, isLast: piece == pieces, context)
                self.flush(context)
                if piece == pieces { self.dripped(reply, context) }
            }
        }
    }

    private func dripped(_ reply: Reply, _ context: ChannelHandlerContext) {
        isDripping = false
        lastProgress = .now()
        if reply.closes { end(context) }
        drain(context)
        flush(context)
    }

    func flush(_ context: ChannelHandlerContext) {
        if wire == .stream { return context.flush() }
        guard output.readableBytes > 0 else { return }
        let batch = output
        output = ByteBuffer()
        context.writeAndFlush(wrapOutboundOut(batch), promise: nil)
    }

    /// Writes what there is, says that no more will come, and gives the client time to read it:
    /// closing at once would make the kernel reset the connection over bytes not read.
    private func end(_ context: ChannelHandlerContext) {
        phase = .closing
        if wire == .stream {
            context.flush()
            return context.close(promise: nil)
        }
        let last = output
        output = ByteBuffer()
        let loop = context.eventLoop.assumeIsolated()
        context.writeAndFlush(wrapOutboundOut(last)).assumeIsolated().whenComplete { _ in
            context.close(mode: .output, promise: nil)
            self.lingering = loop.scheduleTask(in: Self.patience) { context.close(promise: nil) }
        }
    }

    /// Ends the connection with RST, whatever is still to be written.
    func reset(_ context: ChannelHandlerContext) {
        phase = .closed
        // A linger time of nothing makes close(2) reset the connection (socket(7)).
        let nothing = Glibc.linger(l_onoff: 1, l_linger: 0)
        (context.channel as? any SocketOptionProvider)?.setSoLinger(nothing).whenComplete { _ in }
        context.close(promise: nil)
    }
}

extension Damage {
    /// Whether no client can take the answer for a good one.
    fileprivate var isBroken: Bool {
        switch self {
        case .cut, .wrongLength: true
        case .drip: false
        }
    }
}
