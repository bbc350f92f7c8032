/// A text ready for the wire: bytes with holes, rendered into a caller's buffer without allocating.
package struct ByteTemplate: Sendable, Equatable {
    package enum Hole: Sendable, Equatable {
        case uuid
        case sequence
        /// `place` tells the draws of one request apart.
        case integer(ClosedRange<Int64>, place: Int)

        /// The most bytes it can become.
        var maximumCount: Int {
            switch self {
            case .uuid: 32
            case .sequence, .integer: 20
            }
        }
    }

    /// A run of fixed bytes, then perhaps a hole.
    struct Part: Sendable, Equatable {
        var end: Int
        var hole: Hole?
    }

    private var fixed: [UInt8] = []
    private var parts: [Part] = []
    /// The most bytes that `render` writes.
    package private(set) var maximumCount = 0

    package init() {}

    package var hasHoles: Bool { parts.contains { $0.hole != nil } }

    package mutating func append(_ bytes: some Sequence<UInt8>) {
        let before = fixed.count
        fixed.append(contentsOf: bytes)
        maximumCount += fixed.count - before
        if let last = parts.last, last.hole == nil {
            parts[parts.count - 1].end = fixed.count
        } else {
            parts.append(Part(end: fixed.count, hole: nil))
        }
    }

    package mutating func append(_ hole: Hole) {
        maximumCount += hole.maximumCount
        if let last = parts.last, last.hole == nil {
            parts[parts.count - 1].hole = hole
        } else {
            parts.append(Part(end: fixed.count, hole: hole))
        }
    }

    /// Writes the text of `request`; returns how many bytes that took.
    ///
    /// - Precondition: `buffer` holds at least `maximumCount` bytes.
    package func render(
        _ request: RequestIdentity, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        precondition(buffer.count >= maximumCount, "the buffer holds the longest rendering")
        guard let base = buffer.baseAddress else { return 0 }
        return fixed.withUnsafeBytes { fixed in
            var written = 0
            var start = 0
            for part in parts {
                if let source = fixed.baseAddress, part.end > start {
                    (base + written).copyMemory(from: source + start, byteCount: part.end - start)
                    written += part.end - start
                    start = part.end
                }
                if let hole = part.hole {
                    written += Self.write(hole, of: request, to: base + written)
                }
            }
            return written
        }
    }

    /// The text of `request` as bytes of their own; for the cold paths.
    package func rendered(_ request: RequestIdentity) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: maximumCount) { buffer, count in
            count = render(request, into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    private static func write(
        _ hole: Hole, of request: RequestIdentity, to target: UnsafeMutableRawPointer
    ) -> Int {
        switch hole {
        case .uuid:
            let (high, low) = request.uuid
            writeHexadecimal(high, to: target)
            writeHexadecimal(low, to: target + 16)
            return 32
        case .sequence:
            return writeDecimal(request.number + 1, to: target)
        case .integer(let range, let place):
            let value = request.draw(range, place: place)
            guard value < 0 else { return writeDecimal(UInt64(value), to: target) }
            target.storeBytes(of: UInt8(ascii: "-"), as: UInt8.self)
            return 1 + writeDecimal(value.magnitude, to: target + 1)
        }
    }

    private static func writeHexadecimal(_ value: UInt64, to target: UnsafeMutableRawPointer) {
        for index in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * index)) & 15
            let ascii = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            target.storeBytes(of: ascii, toByteOffset: index, as: UInt8.self)
        }
    }

    private static func writeDecimal(_ value: UInt64, to target: UnsafeMutableRawPointer) -> Int {
        var count = 1
        var rest = value / 10
        while rest > 0 {
            count += 1
            rest /= 10
        }
        rest = value
        for index in stride(from: count - 1, through: 0, by: -1) {
            let ascii = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            target.storeBytes(of: ascii, toByteOffset: index, as: UInt8.self)
            rest /= 10
        }
        return count
    }
}
