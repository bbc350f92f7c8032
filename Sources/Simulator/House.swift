import NIOCore
import NIOHTTP1
import Providers

/// What one listener serves: a provider at the plain path, others below `/adapters/NAME`. A class,
/// because every connection has it.
final class House: Sendable {
    let plain: SimulatedProvider
    /// Of the main port only.
    let adapters: [(name: String, provider: SimulatedProvider)]
    let settings: ConnectionLimits
    let guests: Guests
    /// Whether requests come over TLS.
    let isSecure: Bool
    private let rounds: [Rounds]

    init(
        plain: SimulatedProvider, adapters: [(name: String, provider: SimulatedProvider)],
        settings: ConnectionLimits, guests: Guests, isSecure: Bool, loops: any EventLoopGroup
    ) {
        let limit = settings.shortest(under: plain.provider.faults)
        rounds = loops.makeIterator().map { loop in
            Rounds(on: loop, limit: limit) { now in
                min(plain.idleLimit(at: now) ?? settings.idle, settings.idle)
            }
        }
        self.plain = plain
        self.adapters = adapters
        self.settings = settings
        self.guests = guests
        self.isSecure = isSecure
    }

    /// The provider that a request is for; the request's target loses the adapter's part.
    func provider(for request: IncomingRequest) -> SimulatedProvider {
        guard !adapters.isEmpty else { return plain }
        let text = request.target
        let target = text.utf8Span.span
        guard Bytes.begins(target, with: "/adapters/") else { return plain }
        for (name, provider) in adapters {
            let end = 10 + name.utf8.count
            guard target.count > end, target[end] == UInt8(ascii: "/"),
                target.extracting(10..<end).isEqual(to: name)
            else { continue }
            request.target = Bytes.text(target.extracting(end..<target.count))
            return provider
        }
        return plain
    }

    /// Those that look after the connections of a loop; nil: it is none of the service's.
    func rounds(on loop: any EventLoop) -> Rounds? {
        rounds.first { $0.loop === loop }
    }

    /// A connection of HTTP/1.1.
    func fill(_ pipeline: ChannelPipeline.SynchronousOperations) throws {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 16 << 10
        limits.maxHeaderListSize = 64 << 10
        let decoder = HTTPRequestDecoder(
            leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
        try pipeline.addHandler(ByteToMessageHandler(decoder))
        try pipeline.addHandler(PaymentHandler(self))
    }
}

/// Bounds that keep a client from holding on to the service.
package struct ConnectionLimits: Sendable {
    /// Open connections; further ones are closed at once.
    package var connections = 20_000
    /// Without a whole request; a head that trickles in counts as nothing.
    package var idle = TimeAmount.seconds(60)
    /// From the head to the end of its body.
    package var request = TimeAmount.seconds(60)

    package init() {}

    /// The shortest time that any limit or fault may give a connection.
    func shortest(under faults: [Fault]) -> TimeAmount {
        var shortest = min(idle, request)
        for fault in faults {
            if case .closeIdle(let time) = fault.effect {
                shortest = min(shortest, .nanoseconds(time.nanoseconds))
            }
        }
        return shortest
    }
}

extension Span<UInt8> {
    fileprivate func isEqual(to text: String) -> Bool {
        let other = text.utf8Span.span
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}
