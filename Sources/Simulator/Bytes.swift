/// ASCII questions about bytes of a request; anything above 127 is never a match.
enum Bytes {
    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }

    static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    @inline(__always)
    static func lowercase(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// Whether `text` is `word` in any case; `word` is in lower case.
    static func matches(_ text: Span<UInt8>, _ word: StaticString) -> Bool {
        text.count == word.utf8CodeUnitCount && begins(text, with: word)
    }

    /// Whether `text` begins with `word` in any case; `word` is in lower case.
    static func begins(_ text: Span<UInt8>, with word: StaticString) -> Bool {
        guard text.count >= word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { letters in
            for index in letters.indices where lowercase(text[index]) != letters[index] {
                return false
            }
            return true
        }
    }

    static func position(of byte: UInt8, in text: Span<UInt8>, from start: Int = 0) -> Int? {
        var index = start
        while index < text.count {
            if text[index] == byte { return index }
            index += 1
        }
        return nil
    }

    /// The text with blanks at both ends left out, as a range of `text`.
    static func trimmed(_ text: Span<UInt8>) -> Range<Int> {
        var start = 0
        var end = text.count
        while start < end, isBlank(text[start]) { start += 1 }
        while start < end, isBlank(text[end - 1]) { end -= 1 }
        return start..<end
    }

    /// As text; invalid UTF-8 becomes U+FFFD, as the service reads it.
    static func text(_ bytes: Span<UInt8>) -> String {
        bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// The integer that `text` is, whole and in range; a sign is allowed.
    static func integer(_ text: Span<UInt8>) -> Int32? {
        text.count <= 11 ? wholeNumber(text).flatMap { Int32(exactly: $0) } : nil
    }

    /// The integer of at most 18 digits that `text` is; a sign is allowed.
    static func wholeNumber(_ text: Span<UInt8>) -> Int64? {
        var value: Int64 = 0
        var index = 0
        let negative = text.count > 1 && text[0] == UInt8(ascii: "-")
        if negative { index = 1 }
        guard index < text.count, text.count <= 18 else { return nil }
        while index < text.count {
            let digit = text[index]
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            value = value * 10 + Int64(digit - UInt8(ascii: "0"))
            index += 1
        }
        return negative ? -value : value
    }
}
