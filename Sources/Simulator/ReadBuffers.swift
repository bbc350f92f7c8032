import NIOCore

/// Buffers for what comes from the sockets of payments: 1 KiB, and up to 64 KiB while a client fills
/// them.
///
/// A channel that is told to read once at a time keeps the first buffer it gets for good, and lets go
/// of all others. So the first has room for one byte: a connection that waits for its answer, as
/// thousands do, holds no buffer. It costs one more read a connection.
struct ReadBuffers: RecvByteBufferAllocator {
    private static let least: UInt32 = 1 << 10
    private static let most: UInt32 = 1 << 16

    private var next: UInt32 = 1

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        allocator.buffer(capacity: Int(next))
    }

    /// Always true: any buffer is bigger than the one that is kept, which would be used again otherwise.
    mutating func record(actualReadBytes: Int) -> Bool {
        let isFull = actualReadBytes >= Int(next)
        next = isFull && next > 1 ? min(2 * next, Self.most) : Self.least
        return true
    }
}
