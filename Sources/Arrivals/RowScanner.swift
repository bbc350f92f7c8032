import Glibc

/// Goes through the rows of a CSV file (RFC 4180) and says where one of the cells lies. Lines may end
/// in LF or CRLF, the last one in nothing; empty lines do not count.
///
/// 64 KiB of memory, which a row must fit in; allocates nothing after `init`.
struct RowScanner: Sendable {
    /// The wanted cell of a row, without its quotes; pairs of quotes within are still pairs. The
    /// bytes stay where they are until the next row is read.
    enum Row {
        case cell(start: Int, end: Int)
        /// The row has fewer cells.
        case short
    }

    private let buffer: FileBuffer
    /// Where in the file the buffer begins.
    private var base: Int64
    /// The bytes not yet gone through; at `limit` there is always a line feed, as a mark.
    private var position = 0
    private var limit = 0
    /// The file has been read to its end, and the last line has got an end.
    private var isComplete = false
    private var nextLine: Int
    /// The line on which the row begins that was read last, from 1, and where in the file.
    private(set) var line: Int
    private(set) var offset: Int64

    /// - Parameters:
    ///   - offset: where the first row begins.
    ///   - line: its number.
    init(path: String, from offset: Int64 = 0, line: Int = 1) throws(ArrivalFileProblem) {
        buffer = try FileBuffer(path: path, from: offset, capacity: 1 << 16)
        base = offset
        (nextLine, self.line, self.offset) = (line, line, offset)
        buffer.bytes[0] = .lineFeed
    }

    var bytes: UnsafePointer<UInt8> { UnsafePointer(buffer.bytes) }

    /// The first bytes of the file; before any row was read.
    mutating func opening() throws(ArrivalFileProblem) -> UnsafeBufferPointer<UInt8> {
        if limit == 0 { _ = try refill() }
        return UnsafeBufferPointer(start: bytes, count: limit)
    }

    /// Moves over bytes that belong to no row.
    mutating func skip(_ count: Int) { position += count }

    /// Goes back to the row that was read last.
    mutating func back() {
        position = Int(offset - base)
        nextLine = line
    }

    /// Moves over the next row, nil: there is none, to find its cell number `column`, from 0.
    mutating func next(_ column: Int) throws(ArrivalFileProblem) -> Row? {
        while true {
            skipEmptyLines()
            if position < limit, let row = try scan(column) { return row }
            if try refill() { continue }
            guard position < limit else { return nil }
            guard !isComplete else { throw ArrivalFileProblem(.openQuote, line: nextLine) }
            isComplete = true
            limit += 1
            buffer.bytes[limit] = .lineFeed
        }
    }

    private mutating func skipEmptyLines() {
        while position < limit {
            if bytes[position] == .lineFeed {
                position += 1
            } else if bytes[position] == .carriageReturn, position + 1 < limit,
                bytes[position + 1] == .lineFeed
            {
                position += 2
            } else {
                return
            }
            nextLine += 1
        }
    }

    /// nil: the row goes on behind what is in memory.
    private mutating func scan(_ column: Int) throws(ArrivalFileProblem) -> Row? {
        let bytes = bytes
        var at = position
        var (index, lines, row) = (0, 1, Row.short)
        while true {
            var (start, end) = (at, at)
            if bytes[at] == .quote, at < limit {
                start += 1
                guard let quote = closingQuote(after: at, lines: &lines) else { return nil }
                end = quote
                at = quote + 1
                if bytes[at] == .carriageReturn { at += 1 }
            } else {
                while bytes[at] != .comma, bytes[at] != .lineFeed { at += 1 }
                end = at
                if bytes[at] == .lineFeed, end > start, bytes[end - 1] == .carriageReturn {
                    end -= 1
                }
            }
            if at >= limit { return nil }
            if index == column { row = .cell(start: start, end: end) }
            guard bytes[at] == .comma else { break }
            index += 1
            at += 1
        }
        guard bytes[at] == .lineFeed else {
            throw ArrivalFileProblem(.textAfterQuote, line: nextLine + lines - 1)
        }
        offset = base + Int64(position)
        position = at + 1
        line = nextLine
        nextLine += lines
        return row
    }

    /// Where the quoted cell that begins there ends; nil: behind what is in memory.
    private func closingQuote(after start: Int, lines: inout Int) -> Int? {
        var at = start + 1
        while at < limit {
            if bytes[at] == .quote {
                guard bytes[at + 1] == .quote else { return at }
                at += 1
            } else if bytes[at] == .lineFeed {
                lines += 1
            }
            at += 1
        }
        return nil
    }

    /// Reads on behind what was not gone through; false: the file ends there.
    private mutating func refill() throws(ArrivalFileProblem) -> Bool {
        if isComplete { return false }
        let kept = limit - position
        if position > 0, kept > 0 { memmove(buffer.bytes, buffer.bytes + position, kept) }
        base += Int64(position)
        (position, limit) = (0, kept)
        guard kept < buffer.capacity else {
            throw ArrivalFileProblem(.rowTooLong(limit: buffer.capacity), line: nextLine)
        }
        let count = try buffer.fill(behind: kept)
        limit += count
        buffer.bytes[limit] = .lineFeed
        return count > 0
    }
}

extension UInt8 {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let comma = UInt8(ascii: ",")
    static let quote = UInt8(ascii: "\"")
}
