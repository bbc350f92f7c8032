/// Slots that no payment uses.
struct FreeSlots {
    /// The slot that was freed last goes first: its connection is warm. Or the one that has been free
    /// longest, so that every connection stays in use.
    enum Order { case lastFreed, longestFree }

    private let order: Order
    /// A ring, in the order in which they became free.
    private var ring: [Int32] = []
    private var head = 0
    private(set) var count = 0

    init(order: Order) { self.order = order }

    mutating func append(_ slot: Int) {
        if count == ring.count { grow() }
        ring[(head + count) % ring.count] = Int32(slot)
        count += 1
    }

    mutating func take() -> Int? {
        guard count > 0 else { return nil }
        count -= 1
        switch order {
        case .lastFreed: return Int(ring[(head + count) % ring.count])
        case .longestFree:
            defer { head = (head + 1) % ring.count }
            return Int(ring[head])
        }
    }

    private mutating func grow() {
        let size = max(16, ring.count * 2)
        let inOrder = (0..<count).map { ring[(head + $0) % ring.count] }
        ring = inOrder + [Int32](repeating: 0, count: size - count)
        head = 0
    }
}
