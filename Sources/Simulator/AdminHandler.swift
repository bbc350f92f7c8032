import NIOCore
import NIOHTTP1

/// One connection of the admin port: `GET /health`, `/ledger` (JSON), `/ledger/entries` (CSV).
final class AdminHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let ledger: Ledger
    private var head: HTTPRequestHead?

    init(_ ledger: Ledger) { self.ledger = ledger }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end:
            if let head { answer(head, context) }
            head = nil
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let (status, type, text) = document(request)
        var head = HTTPResponseHead(version: request.version, status: status)
        head.headers.add(name: "Content-Type", value: type)
        head.headers.add(name: "Content-Length", value: String(text.utf8.count))
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let body = context.channel.allocator.buffer(string: text)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        let written = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if !request.isKeepAlive {
            written.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        }
    }

    private func document(
        _ request: HTTPRequestHead
    ) -> (HTTPResponseStatus, type: String, text: String) {
        switch (request.method, request.uri) {
        case (.GET, "/health"): (.ok, "text/plain; charset=utf-8", "ok\n")
        case (.GET, "/ledger"): (.ok, "application/json; charset=utf-8", ledger.counts.json)
        case (.GET, "/ledger/entries"): (.ok, "text/csv; charset=utf-8", ledger.csv)
        default: (.notFound, "text/plain; charset=utf-8", "404\n")
        }
    }
}
