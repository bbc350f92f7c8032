/// A place in a JSON text, moved on as leniently as the service reads.
struct JSONCursor {
    struct Member {
        /// Without the quotes, escapes as they are.
        var name: Range<Int>
        /// Without the quotes if it is a string.
        var value: Range<Int>
        var isString: Bool
    }

    /// The text ends inside a string.
    struct CutInsideString: Error {}

    private(set) var index: Int
    private var isBehindMember = false

    /// Where an object begins, blanks and a byte order mark left out; the end of a blank text.
    static func start(of text: Span<UInt8>) -> Int {
        let hasMark = text.count >= 3 && text[0] == 0xEF && text[1] == 0xBB && text[2] == 0xBF
        var cursor = JSONCursor(index: hasMark ? 3 : 0)
        cursor.skipBlanks(text)
        return cursor.index
    }

    private init(index: Int) { self.index = index }

    /// Behind the brace at `brace`.
    init(behind brace: Int) { index = brace + 1 }

    /// The next member of the object; nil where the object ends or makes no more sense.
    @inline(__always)
    mutating func nextMember(_ text: Span<UInt8>) throws(CutInsideString) -> Member? {
        if isBehindMember {
            skipBlanks(text)
            guard index < text.count, text[index] == UInt8(ascii: ",") else { return nil }
            index += 1
        }
        skipBlanks(text)
        guard index < text.count, text[index] == UInt8(ascii: "\"") else { return nil }
        let name = try string(text)
        skipBlanks(text)
        guard index < text.count, text[index] == UInt8(ascii: ":") else { return nil }
        index += 1
        skipBlanks(text)
        guard index < text.count else { return nil }
        isBehindMember = true
        let isString = text[index] == UInt8(ascii: "\"")
        let value = try isString ? string(text) : unquoted(text)
        return Member(name: name, value: value, isString: isString)
    }

    private mutating func skipBlanks(_ text: Span<UInt8>) {
        while index < text.count, Bytes.isBlank(text[index]) { index += 1 }
    }

    /// The inside of the string that begins here; escapes stay as they are.
    private mutating func string(_ text: Span<UInt8>) throws(CutInsideString) -> Range<Int> {
        index += 1
        let start = index
        while index < text.count {
            let byte = text[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return start..<(index - 1) }
            if byte == UInt8(ascii: "\\") { index += 1 }
        }
        throw CutInsideString()
    }

    /// An object, an array, a number or a word: up to the comma or the brace that ends it.
    private mutating func unquoted(_ text: Span<UInt8>) throws(CutInsideString) -> Range<Int> {
        let start = index
        var depth = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                _ = try string(text)
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return start..<index }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: return start..<index
            case 0x20, 0x09, 0x0A, 0x0D:
                if depth == 0 { return start..<index }
            default: break
            }
            index += 1
        }
        return start..<index
    }
}
