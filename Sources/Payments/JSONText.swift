/// The text that the content of a JSON string stands for (RFC 8259, 7): escapes resolved, a lone
/// surrogate or a broken escape as U+FFFD. Allocates: for the first sight of a text, not for each.
package enum JSONText {
    package static func decoded(_ content: UnsafeRawBufferPointer) -> String {
        guard content.contains(UInt8(ascii: "\\")) else {
            return String(decoding: content, as: UTF8.self)
        }
        var units: [UInt16] = []
        var rest = content[...]
        while let byte = rest.first {
            if byte == UInt8(ascii: "\\") {
                units.append(takeEscape(from: &rest))
            } else {
                let plain = rest.prefix { $0 != UInt8(ascii: "\\") }
                units.append(contentsOf: String(decoding: plain, as: UTF8.self).utf16)
                rest = rest[plain.endIndex...]
            }
        }
        return String(decoding: units, as: UTF16.self)
    }

    private static func takeEscape(from rest: inout Slice<UnsafeRawBufferPointer>) -> UInt16 {
        rest.removeFirst()
        guard let kind = rest.popFirst() else { return 0xFFFD }
        switch kind {
        case UInt8(ascii: "u"):
            let digits = String(decoding: rest.prefix(4), as: UTF8.self)
            rest = rest.dropFirst(4)
            return digits.utf8.count == 4 ? UInt16(digits, radix: 16) ?? 0xFFFD : 0xFFFD
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        default: return UInt16(kind)
        }
    }
}
