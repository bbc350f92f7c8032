enum JSONText {
    /// The text as a JSON string (RFC 8259, section 7).
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\0"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
    /// What the inside of a JSON string says; an escape that is none stands for itself.
    static func unescaped(_ text: Span<UInt8>) -> String {
        guard Bytes.position(of: UInt8(ascii: "\\"), in: text) != nil else {
            return Bytes.text(text)
        }
        var units: [UInt16] = []
        var start = 0
        while let slash = Bytes.position(of: UInt8(ascii: "\\"), in: text, from: start) {
            units += Bytes.text(text.extracting(start..<slash)).utf16
            let (unit, length) = escaped(text.extracting(slash..<text.count))
            units += unit.map { [$0] } ?? []
            start = slash + length
        }
        units += Bytes.text(text.extracting(min(start, text.count)..<text.count)).utf16
        return String(decoding: units, as: UTF16.self)
    }

    /// The UTF-16 unit of the escape that `text` begins with, and how many bytes it takes.
    private static func escaped(_ text: Span<UInt8>) -> (unit: UInt16?, length: Int) {
        guard text.count > 1 else { return (nil, 1) }
        switch text[1] {
        case UInt8(ascii: "b"): return (0x08, 2)
        case UInt8(ascii: "f"): return (0x0C, 2)
        case UInt8(ascii: "n"): return (0x0A, 2)
        case UInt8(ascii: "r"): return (0x0D, 2)
        case UInt8(ascii: "t"): return (0x09, 2)
        case UInt8(ascii: "u") where text.count >= 6:
            var unit: UInt16 = 0
            for index in 2..<6 {
                guard let digit = Bytes.hexadecimal(text[index]) else {
                    return (UInt16(text[1]), 2)
                }
                unit = unit << 4 | UInt16(digit)
            }
            return (unit, 6)
        default: return (text[1] < 0x80 ? UInt16(text[1]) : nil, text[1] < 0x80 ? 2 : 1)
        }
    }
}
