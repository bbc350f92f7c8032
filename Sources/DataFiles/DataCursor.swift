import Glibc

/// One worker's place in a data file: the cells of one row at a time. Not shared.
///
/// The next row costs reading it; any other at most 63 rows to get past. Allocates nothing once made.
package final class DataCursor {
    /// A cell as it stands in the file, without the quotes around it.
    package struct Cell {
        package let bytes: UnsafeRawBufferPointer
        /// Each quote in `bytes` is there twice.
        package let hasDoubledQuotes: Bool
    }

    private struct Span {
        var start = 0
        var end = 0
        var isQuoted = false
    }

    package let file: DataFile
    private let bytes: UnsafeRawBufferPointer
    private let spans: UnsafeMutableBufferPointer<Span>
    /// -1: none yet.
    private var row = -1
    /// Where the row behind it begins.
    private var position = 0

    package init(_ file: DataFile) {
        self.file = file
        bytes = file.bytes
        spans = .allocate(capacity: file.columns.count)
        spans.initialize(repeating: Span())
    }

    deinit { spans.deallocate() }

    /// Moves to a row, counted from 0.
    package func select(_ wanted: Int) {
        precondition(wanted >= 0 && wanted < file.rows, "the row is in the file")
        if wanted == row { return }
        let fromIndex = wanted & (DataFile.stride - 1)
        let fromHere = wanted - row - 1
        if row >= 0, fromHere >= 0, fromHere <= fromIndex {
            position = start(of: fromHere, from: position)
        } else {
            position = start(
                of: fromIndex, from: Int(file.index[wanted / DataFile.stride]))
        }
        row = wanted
        readRow()
    }

    /// The cell of the selected row; valid as long as the cursor.
    package func cell(_ column: Int) -> Cell {
        precondition(row >= 0, "a row was selected")
        let span = spans[column]
        // A mapped file that someone rewrites must not make a cell longer than its buffers.
        let end = min(span.end, span.start + file.longest(column))
        return Cell(
            bytes: UnsafeRawBufferPointer(rebasing: bytes[span.start..<end]),
            hasDoubledQuotes: span.isQuoted)
    }

    /// Where the row begins that comes `skipped` rows behind the one at `position`.
    private func start(of skipped: Int, from position: Int) -> Int {
        if skipped > 0, file.hasInnerBreaks { return behindRows(skipped, from: position) }
        var position = position
        for _ in 0..<skipped { position = behindLine(from: position) }
        return position
    }

    private func behindLine(from position: Int) -> Int {
        guard position < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + position, Int32(Byte.lineFeed), bytes.count - position)
        else { return bytes.count }
        return UnsafeRawPointer(found) - base + 1
    }

    /// The same where cells have line breaks in them: those behind an odd number of quotes count not.
    private func behindRows(_ count: Int, from position: Int) -> Int {
        var rest = count
        var isInside = false
        var at = position
        while at + 8 <= bytes.count {
            let word = UInt64(
                littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let quotes = Self.bits(of: Byte.quote, in: word)
            var inside = quotes ^ (quotes << 1)
            inside ^= inside << 2
            inside ^= inside << 4
            if isInside { inside = ~inside }
            var ends = Self.bits(of: Byte.lineFeed, in: word) & ~inside
            let found = ends.nonzeroBitCount
            if found >= rest {
                for _ in 1..<rest { ends &= ends - 1 }
                return at + ends.trailingZeroBitCount + 1
            }
            rest -= found
            isInside = inside & 0x80 != 0
            at += 8
        }
        return behindLastRows(rest, from: at, isInside: isInside)
    }

    private func behindLastRows(_ count: Int, from position: Int, isInside: Bool) -> Int {
        var rest = count
        var isInside = isInside
        for at in position..<bytes.count {
            if bytes[at] == Byte.quote { isInside.toggle() }
            if bytes[at] == Byte.lineFeed, !isInside {
                rest -= 1
                if rest == 0 { return at + 1 }
            }
        }
        return bytes.count
    }

    /// One bit for each byte of `word`, set where it equals `byte`; the first byte's is the lowest.
    @inline(__always)
    private static func bits(of byte: UInt8, in word: UInt64) -> UInt8 {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        let differs = word ^ (0x0101_0101_0101_0101 &* UInt64(byte))
        // The highest bit of each byte that is 0, without borrows between bytes.
        let zeros = ~(((differs & low) &+ low) | differs | low)
        return UInt8(truncatingIfNeeded: ((zeros >> 7) &* 0x0102_0408_1020_4080) >> 56)
    }

    /// Finds the cells of the row at `position`, which moves behind it. The rows were checked.
    private func readRow() {
        for column in spans.indices {
            let start = position
            let isQuoted = start < bytes.count && bytes[start] == Byte.quote
            let end = isQuoted ? closingQuote(from: start + 1) : endOfCell(from: start)
            spans[column] = Span(
                start: min(isQuoted ? start + 1 : start, bytes.count), end: end, isQuoted: isQuoted)
            position = behindSeparator(isQuoted ? end + 1 : end)
        }
    }

    private func endOfCell(from start: Int) -> Int {
        var at = bytes.firstSpecial(from: start)
        while at < bytes.count {
            switch bytes[at] {
            case Byte.comma, Byte.lineFeed, Byte.carriageReturn: return at
            default: at = bytes.firstSpecial(from: at + 1)
            }
        }
        return bytes.count
    }

    private func closingQuote(from start: Int) -> Int {
        var at = bytes.firstSpecial(from: start)
        while at < bytes.count {
            if bytes[at] == Byte.quote {
                guard at + 1 < bytes.count, bytes[at + 1] == Byte.quote else { return at }
                at += 1
            }
            at = bytes.firstSpecial(from: at + 1)
        }
        return bytes.count
    }

    /// Behind the comma, LF or CRLF at `at`.
    private func behindSeparator(_ at: Int) -> Int {
        guard at < bytes.count else { return bytes.count }
        let isReturn = bytes[at] == Byte.carriageReturn
        return min(at + (isReturn ? 2 : 1), bytes.count)
    }
}
