import Synchronization

/// The name of a session: 120 random bits, 20 letters of Base64 for URLs.
struct SessionID: Hashable, Sendable {
    private var high: UInt64
    private var low: UInt64

    private static let bytes = 15

    /// Drawn by the system.
    init() {
        high = .random(in: 0...(UInt64.max >> 8))
        low = .random(in: 0...UInt64.max)
    }

    /// As it stands in a cookie; nil for what is no name of a session.
    init?(_ text: Substring) {
        guard text.utf8.count == Self.bytes / 3 * 4,
            let bytes = Base64.decodedURL(text.utf8Span.span), bytes.count == Self.bytes
        else { return nil }
        high = bytes[..<7].reduce(0) { $0 << 8 | UInt64($1) }
        low = bytes[7...].reduce(0) { $0 << 8 | UInt64($1) }
    }

    var text: String {
        let bytes = (0..<Self.bytes).map { place in
            let word = place < 7 ? high : low
            let shift = 8 * UInt64((place < 7 ? 6 : 14) - place)
            return UInt8(truncatingIfNeeded: word >> shift)
        }
        return Base64.encodedURL(bytes)
    }
}

/// The sessions of those who have shown who they are; the oldest is forgotten when there are too many.
final class Sessions: Sendable {
    private struct State {
        var known: Set<SessionID> = []
        /// A ring in the order of opening.
        var order: [SessionID] = []
        var oldest = 0
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int = 65_536) {
        precondition(capacity > 0, "a session can be kept")
        self.capacity = capacity
    }

    func open() -> SessionID {
        let id = SessionID()
        state.withLock { state in
            state.known.insert(id)
            guard state.order.count == capacity else { return state.order.append(id) }
            state.known.remove(state.order[state.oldest])
            state.order[state.oldest] = id
            state.oldest = (state.oldest + 1) % capacity
        }
        return id
    }

    func knows(_ id: SessionID) -> Bool {
        state.withLock { $0.known.contains(id) }
    }
}
