import DataFiles

/// A text ready for the wire: bytes with holes, rendered into a caller's buffer without allocating.
package struct ByteTemplate: Sendable, Equatable {
    package enum Hole: Sendable, Equatable {
        case uuid
        case sequence
        /// `place` tells the draws of one request apart.
        case integer(ClosedRange<Int64>, place: Int)
        /// One of the template's options, drawn.
        case choice(Range<Int>, place: Int)
        case now
        /// A cell of the row that a data set's cursor stands at.
        case data(set: Int, column: Int, longest: Int, Escaping)
    }

    /// A run of fixed bytes, then perhaps a hole.
    struct Part: Sendable, Equatable {
        var end: Int
        var hole: Hole?
    }

    private var fixed: [UInt8] = []
    private var parts: [Part] = []
    /// What choices are between, as bytes of `optionBytes`.
    private var options: [Range<Int>] = []
    private var optionBytes: [UInt8] = []
    /// The most bytes that `render` writes.
    package private(set) var maximumCount = 0

    package init() {}

    package var hasHoles: Bool { parts.contains { $0.hole != nil } }

    /// Whether a hole is filled from this data set.
    package func uses(dataSet wanted: Int) -> Bool {
        parts.contains { part in
            guard case .data(let set, _, _, _) = part.hole else { return false }
            return set == wanted
        }
    }

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
        maximumCount += mostBytes(of: hole)
        if let last = parts.last, last.hole == nil {
            parts[parts.count - 1].hole = hole
        } else {
            parts.append(Part(end: fixed.count, hole: hole))
        }
    }

    /// A hole for one of `texts`, at least one.
    package mutating func append(choiceOf texts: [[UInt8]], place: Int) {
        precondition(!texts.isEmpty, "there is something to choose from")
        let first = options.count
        for text in texts {
            options.append(optionBytes.count..<(optionBytes.count + text.count))
            optionBytes += text
        }
        append(.choice(first..<options.count, place: place))
    }

    private func mostBytes(of hole: Hole) -> Int {
        switch hole {
        case .uuid: 32
        case .sequence, .integer: 20
        case .choice(let range, _): options[range].map(\.count).max() ?? 0
        case .now: InstantText.count
        case .data(_, _, let longest, let escaping): longest * escaping.widest
        }
    }

    /// Writes the text of one request; returns how many bytes that took.
    ///
    /// - Precondition: `buffer` holds at least `maximumCount` bytes.
    package func render(
        _ context: borrowing RenderContext, into buffer: UnsafeMutableRawBufferPointer
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
                    written += write(hole, of: context, to: base + written)
                }
            }
            return written
        }
    }

    /// The same with a NUL behind it, which is not counted.
    ///
    /// - Precondition: `buffer` holds one byte more than `maximumCount`.
    package func renderTerminated(
        _ context: borrowing RenderContext, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        precondition(buffer.count > maximumCount, "the buffer holds the longest rendering")
        let count = render(context, into: buffer)
        buffer[count] = 0
        return count
    }

    /// The text as bytes of their own; for the cold paths.
    package func rendered(_ context: borrowing RenderContext) -> [UInt8] {
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(1, maximumCount), alignment: 16)
        defer { buffer.deallocate() }
        return Array(buffer[..<render(context, into: buffer)])
    }

    private func write(
        _ hole: Hole, of context: borrowing RenderContext, to target: UnsafeMutableRawPointer
    ) -> Int {
        switch hole {
        case .uuid:
            let (high, low) = context.identity.uuid
            Self.writeHexadecimal(high, to: target)
            Self.writeHexadecimal(low, to: target + 16)
            return 32
        case .sequence: return Self.writeDecimal(context.identity.number + 1, to: target)
        case .integer(let range, let place):
            return Self.write(context.identity.draw(range, place: place), to: target)
        case .choice(let range, let place):
            let last = Int64(range.count - 1)
            let drawn = Int(context.identity.draw(0...last, place: place))
            return write(option: options[range.lowerBound + drawn], to: target)
        case .now:
            InstantText.write(context.intended, to: target)
            return InstantText.count
        case .data(let set, let column, _, let escaping):
            return escaping.write(context.cursors[set].cell(column), to: target)
        }
    }

    private func write(option: Range<Int>, to target: UnsafeMutableRawPointer) -> Int {
        optionBytes.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(start: target, count: option.count)
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[option]))
        }
        return option.count
    }
}

extension ByteTemplate {
    private static func writeHexadecimal(_ value: UInt64, to target: UnsafeMutableRawPointer) {
        for index in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * index)) & 15
            let ascii = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            target.storeBytes(of: ascii, toByteOffset: index, as: UInt8.self)
        }
    }

    private static func write(_ value: Int64, to target: UnsafeMutableRawPointer) -> Int {
        guard value < 0 else { return writeDecimal(UInt64(value), to: target) }
        target.storeBytes(of: UInt8(ascii: "-"), as: UInt8.self)
        return 1 + writeDecimal(value.magnitude, to: target + 1)
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
