import NIOCore
import Synchronization

/// The open connections of HTTP/2, which want to be told that the service stops.
final class MultiplexedConnections: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    var isEmpty: Bool { channels.withLock { $0.isEmpty } }

    /// Until the channel is closed.
    func add(_ channel: any Channel) {
        let name = ObjectIdentifier(channel)
        channels.withLock { $0[name] = channel }
        channel.closeFuture.whenComplete { _ in
            _ = self.channels.withLock { $0.removeValue(forKey: name) }
        }
    }

    /// Sends each GOAWAY (RFC 9113, section 6.8): what was asked is answered, no more is taken. A
    /// connection whose client has seen it closes when its last stream is done.
    func announceTheEnd() async {
        for channel in channels.withLock({ Array($0.values) }) {
            let told = channel.eventLoop.submit {
                channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            }
            try? await told.get()
        }
    }
}
