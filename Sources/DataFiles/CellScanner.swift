/// Reads cell after cell of a CSV text (RFC 4180) and checks each byte; one pass, nothing built.
///
/// Cells are separated by commas, rows by LF or CRLF. A cell that begins with a quote ends with one;
/// quotes inside are doubled, line breaks are part of it.
struct CellScanner {
    /// Longer cells are no test data; buffers are as large as the longest.
    static let longestCell = 64 << 10

    enum Ending { case comma, row, file }

    struct Cell {
        /// Without the quotes around it.
        var start: Int
        var end: Int
        var ending: Ending
    }

    struct Fault: Error {
        var offset: Int
        var problem: DataFileProblem
    }

    private let bytes: UnsafeRawBufferPointer
    private(set) var position: Int
    /// Whether any cell so far had a line break in it.
    private(set) var sawInnerBreaks = false

    init(_ bytes: UnsafeRawBufferPointer, from position: Int) {
        self.bytes = bytes
        self.position = position
    }

    var isAtEnd: Bool { position >= bytes.count }

    /// Moves behind an empty line; false where there is none.
    mutating func skipEmptyLine() -> Bool {
        if position < bytes.count, bytes[position] == Byte.lineFeed {
            position += 1
            return true
        }
        guard position + 1 < bytes.count, bytes[position] == Byte.carriageReturn,
            bytes[position + 1] == Byte.lineFeed
        else { return false }
        position += 2
        return true
    }

    /// The cell at `position`, which moves behind its comma or line break.
    mutating func next() throws(Fault) -> Cell {
        if position < bytes.count, bytes[position] == Byte.quote { return try nextQuoted() }
        let start = position
        var at = start
        while true {
            at = bytes.firstSpecial(from: at)
            if at - start > Self.longestCell { throw tooLong(start) }
            guard at < bytes.count else { return take(start, at, behind: at, .file) }
            switch bytes[at] {
            case Byte.comma: return take(start, at, behind: at + 1, .comma)
            case Byte.lineFeed: return take(start, at, behind: at + 1, .row)
            case Byte.carriageReturn: return try endRow(start, at, return: at)
            case Byte.quote: throw Fault(offset: at, problem: .strayQuote)
            default: at = try skip(at)
            }
        }
    }

    private mutating func nextQuoted() throws(Fault) -> Cell {
        let start = position + 1
        var at = start
        while true {
            at = bytes.firstSpecial(from: at)
            if at - start > Self.longestCell { throw tooLong(start - 1) }
            guard at < bytes.count else {
                throw Fault(offset: start - 1, problem: .openQuote)
            }
            if bytes[at] != Byte.quote {
                if bytes[at] == Byte.lineFeed { sawInnerBreaks = true }
                at = try skip(at)
            } else if at + 1 < bytes.count, bytes[at + 1] == Byte.quote {
                at += 2
            } else {
                return try close(start, at)
            }
        }
    }

    /// What stands behind the closing quote.
    private mutating func close(_ start: Int, _ end: Int) throws(Fault) -> Cell {
        let behind = end + 1
        guard behind < bytes.count else { return take(start, end, behind: behind, .file) }
        switch bytes[behind] {
        case Byte.comma: return take(start, end, behind: behind + 1, .comma)
        case Byte.lineFeed: return take(start, end, behind: behind + 1, .row)
        case Byte.carriageReturn: return try endRow(start, end, return: behind)
        default: throw Fault(offset: behind, problem: .behindQuote)
        }
    }

    private mutating func endRow(
        _ start: Int, _ end: Int, return carriageReturn: Int
    ) throws(Fault) -> Cell {
        let lineFeed = carriageReturn + 1
        guard lineFeed < bytes.count, bytes[lineFeed] == Byte.lineFeed else {
            throw Fault(offset: carriageReturn, problem: .loneReturn)
        }
        return take(start, end, behind: lineFeed + 1, .row)
    }

    private mutating func take(
        _ start: Int, _ end: Int, behind position: Int, _ ending: Ending
    ) -> Cell {
        self.position = position
        return Cell(start: start, end: end, ending: ending)
    }

    private func tooLong(_ start: Int) -> Fault {
        Fault(offset: start, problem: .longCell(limit: Self.longestCell))
    }

    /// Behind the character at `at`, which is no separator.
    private func skip(_ at: Int) throws(Fault) -> Int {
        switch bytes[at] {
        case 0: throw Fault(offset: at, problem: .nul)
        case 1..<0x80: return at + 1
        default:
            let length = bytes.lengthOfUTF8(at: at)
            if length == 0 { throw Fault(offset: at, problem: .notUTF8(byte: bytes[at])) }
            return at + length
        }
    }
}

/// The bytes that mean something in a CSV file.
enum Byte {
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let quote: UInt8 = 0x22
    static let comma: UInt8 = 0x2C
}

extension UnsafeRawBufferPointer {
    /// The first quote, comma, control character or byte above 0x7F from `start` on, else `count`.
    ///
    /// Eight bytes at a time. A borrow may mark bytes above a marked one, never below, so the lowest
    /// mark is right (Warren, "Hacker's Delight", 6-1).
    @inline(__always)
    func firstSpecial(from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var at = start
        while at + 8 <= count {
            let word = UInt64(littleEndian: loadUnaligned(fromByteOffset: at, as: UInt64.self))
            let quotes = word ^ (ones &* UInt64(Byte.quote))
            let commas = word ^ (ones &* UInt64(Byte.comma))
            let controls = (word &- (ones &* 0x20)) & ~word
            let equals = ((quotes &- ones) & ~quotes) | ((commas &- ones) & ~commas)
            let marks = (word | controls | equals) & (ones &* 0x80)
            if marks != 0 { return at + marks.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < count {
            let byte = self[at]
            if byte < 0x20 || byte > 0x7F || byte == Byte.quote || byte == Byte.comma { return at }
            at += 1
        }
        return count
    }

    /// Bytes of the character that begins with a byte above 0x7F at `at`; 0 where it is malformed
    /// (Unicode Standard, table 3-7).
    func lengthOfUTF8(at: Int) -> Int {
        let first = self[at]
        let (length, second): (Int, ClosedRange<UInt8>) =
            switch first {
            case 0xC2...0xDF: (2, 0x80...0xBF)
            case 0xE0: (3, 0xA0...0xBF)
            case 0xED: (3, 0x80...0x9F)
            case 0xE1...0xEF: (3, 0x80...0xBF)
            case 0xF0: (4, 0x90...0xBF)
            case 0xF1...0xF3: (4, 0x80...0xBF)
            case 0xF4: (4, 0x80...0x8F)
            default: (0, 0...0)
            }
        guard length > 0, at + length <= count, second.contains(self[at + 1]) else { return 0 }
        let rest = self[(at + 2)..<(at + length)]
        return rest.allSatisfy { $0 & 0xC0 == 0x80 } ? length : 0
    }
}
