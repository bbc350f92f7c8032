/// One pass over a JSON text (RFC 8259) that keeps only the two strings that decide an outcome.
struct AnswerScanner {
    /// Deeper answers count as unreadable; real ones have four levels.
    private static let deepest = 64

    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var errorCode: UnsafeRawBufferPointer?
    private var field: UnsafeRawBufferPointer?

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// nil where the text is not what was asked for.
    mutating func answer(wrapped: Bool) -> Answer? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        skipBlanks()
        // Errors from before the service are not wrapped, whatever was asked for.
        let isWrapped = wrapped && peek() != UInt8(ascii: "{")
        if isWrapped { guard skipCallbackName() else { return nil } }
        skipBlanks()
        guard peek() == UInt8(ascii: "{"), object(.top, depth: 0) else { return nil }
        skipBlanks()
        if isWrapped {
            guard take(UInt8(ascii: ")")) else { return nil }
            _ = take(UInt8(ascii: ";"))
            skipBlanks()
        }
        guard position == bytes.count else { return nil }
        return Answer(form: .json, errorCode: errorCode, field: field)
    }

    /// Where in the answer a value stands, as far as that matters.
    private enum Place { case top, status, errors, firstError, elsewhere }

    private mutating func value(_ place: Place, depth: Int) -> Bool {
        guard depth < Self.deepest else { return false }
        skipBlanks()
        switch peek() {
        case UInt8(ascii: "{"): return object(place, depth: depth)
        case UInt8(ascii: "["): return array(place, depth: depth)
        case UInt8(ascii: "\""): return string() != nil
        case UInt8(ascii: "t"): return word("true")
        case UInt8(ascii: "f"): return word("false")
        case UInt8(ascii: "n"): return word("null")
        default: return number()
        }
    }

    private mutating func object(_ place: Place, depth: Int) -> Bool {
        position += 1
        skipBlanks()
        if take(UInt8(ascii: "}")) { return true }
        repeat {
            skipBlanks()
            guard let name = string() else { return false }
            skipBlanks()
            guard take(UInt8(ascii: ":")), member(name, of: place, depth: depth) else {
                return false
            }
            skipBlanks()
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    private mutating func member(
        _ name: UnsafeRawBufferPointer, of place: Place, depth: Int
    ) -> Bool {
        skipBlanks()
        let isText = peek() == UInt8(ascii: "\"")
        let start = position
        switch place {
        case .top where same(name, "responsestatus"): return value(.status, depth: depth + 1)
        case .status where same(name, "errors"): return value(.errors, depth: depth + 1)
        case .status where isText && same(name, "errorcode"):
            guard let text = string() else { return false }
            errorCode = text.isEmpty ? nil : text
            return true
        case .status where same(name, "errorcode"):
            guard value(.elsewhere, depth: depth + 1) else { return false }
            // A number is a code as well; null, and what is no scalar, is none.
            let raw = UnsafeRawBufferPointer(rebasing: bytes[start..<position])
            errorCode = raw.first.map(Self.beginsNumber) == true ? raw : nil
            return true
        case .firstError where isText && same(name, "fieldname"):
            guard let text = string() else { return false }
            field = text.isEmpty ? nil : text
            return true
        case .top, .status, .errors, .firstError, .elsewhere:
            return value(.elsewhere, depth: depth + 1)
        }
    }

    private mutating func array(_ place: Place, depth: Int) -> Bool {
        position += 1
        skipBlanks()
        if take(UInt8(ascii: "]")) { return true }
        var element: Place = place == .errors ? .firstError : .elsewhere
        repeat {
            guard value(element, depth: depth + 1) else { return false }
            element = .elsewhere
            skipBlanks()
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]"))
    }

    /// The raw content between the quotes; nil where it is no string.
    private mutating func string() -> UnsafeRawBufferPointer? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return UnsafeRawBufferPointer(rebasing: bytes[start..<(position - 1)])
            case UInt8(ascii: "\\"): guard skipEscape() else { return nil }
            case 0..<0x20: return nil
            default: position += 1
            }
        }
        return nil
    }

    private mutating func skipEscape() -> Bool {
        guard position + 1 < bytes.count else { return false }
        switch bytes[position + 1] {
        case UInt8(ascii: "u"):
            guard position + 6 <= bytes.count,
                bytes[(position + 2)..<(position + 6)].allSatisfy(Self.isHexadecimal)
            else { return false }
            position += 6
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            position += 2
        default: return false
        }
        return true
    }

    private mutating func number() -> Bool {
        _ = take(UInt8(ascii: "-"))
        if take(UInt8(ascii: "0")) {
            // No digit may follow a leading zero; the caller's next expectation catches one.
        } else {
            guard digits() else { return false }
        }
        if take(UInt8(ascii: ".")) { guard digits() else { return false } }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() else { return false }
        }
        return true
    }

    private mutating func digits() -> Bool {
        let start = position
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            position += 1
        }
        return position > start
    }

    private mutating func word(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count else { return false }
        for index in 0..<count where bytes[position + index] != word.utf8Start[index] {
            return false
        }
        position += count
        return true
    }

    /// `name(`: letters, digits, `_`, `$` and `.`.
    private mutating func skipCallbackName() -> Bool {
        let start = position
        while let byte = peek(), byte != UInt8(ascii: "(") {
            guard Self.isNameByte(byte) else { return false }
            position += 1
        }
        return position > start && take(UInt8(ascii: "("))
    }

    /// Names are compared without case: the service writes camelCase or PascalCase by configuration.
    private func same(_ name: UnsafeRawBufferPointer, _ lowercase: StaticString) -> Bool {
        guard name.count == lowercase.utf8CodeUnitCount else { return false }
        for index in 0..<name.count where name[index] | 0x20 != lowercase.utf8Start[index] {
            return false
        }
        return true
    }

    private mutating func skipBlanks() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private static func beginsNumber(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte | 0x20 {
        case UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "_"), UInt8(ascii: "$"), UInt8(ascii: "."): return true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return true
        default: return (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
    }
}
