/// Base64 (RFC 4648): section 4 with its padding, section 5 without.
enum Base64 {
    /// Padded, in groups of four.
    static func decoded(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var end = text.count
        while end > 0, text.count - end < 2, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
        return decoded(text.extracting(0..<end), value)
    }

    /// With the alphabet for URLs and no padding.
    static func decodedURL(_ text: Span<UInt8>) -> [UInt8]? {
        text.count % 4 == 1 ? nil : decoded(text, urlValue)
    }

    /// With the alphabet for URLs and no padding.
    static func encodedURL(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word =
                group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(24 - 8 * group.count)
            for place in 0...group.count {
                text.append(
                    urlLetter(UInt8(truncatingIfNeeded: word >> UInt32(18 - 6 * place)) & 63))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func decoded(
        _ digits: Span<UInt8>, _ value: (UInt8) -> UInt8?
    ) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 4 * 3 + 2)
        var word: UInt32 = 0
        for index in digits.indices {
            guard let digit = value(digits[index]) else { return nil }
            word = word << 6 | UInt32(digit)
            if index % 4 > 0 {
                bytes.append(UInt8(truncatingIfNeeded: word >> (6 - 2 * UInt32(index % 4))))
            }
        }
        return bytes
    }

    private static func value(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: alphanumericValue(letter)
        }
    }

    private static func urlValue(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: alphanumericValue(letter)
        }
    }

    private static func alphanumericValue(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0") + 52
        default: nil
        }
    }

    private static func urlLetter(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + value - 26
        case 52..<62: UInt8(ascii: "0") + value - 52
        case 62: UInt8(ascii: "-")
        default: UInt8(ascii: "_")
        }
    }
}
