/// The name of a series in a histogram log: its parts with slashes between.
///
/// A log ends a tag at a comma and readers also at a space, so the text is printable ASCII without
/// either; other bytes of a part, `/` and `%` are written as `%` and two hexadecimal digits.
package struct HistogramTag: Hashable, Sendable {
    package let text: String

    /// - Precondition: one part is more than nothing, so that there is a tag at all.
    package init(_ parts: [String]) {
        text = parts.map(Self.escaped).joined(separator: "/")
        precondition(!text.isEmpty, "a series has a name")
    }

    /// What was read, as it stands in the log.
    init(reading text: String) { self.text = text }

    /// The parts without escapes; a `%` that begins none stands for itself.
    package var parts: [String] {
        text.split(separator: "/", omittingEmptySubsequences: false).map(Self.unescaped)
    }

    private static func escaped(_ part: String) -> String {
        var text = ""
        for byte in part.utf8 {
            if (0x21...0x7e).contains(byte) && !reserved.contains(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += (byte < 16 ? "%0" : "%") + digits
            }
        }
        return text
    }

    private static let reserved = [UInt8](",/%".utf8)

    private static func unescaped(_ part: Substring) -> String {
        let written = Array(part.utf8)
        var bytes: [UInt8] = []
        var next = 0
        while next < written.count {
            let digits = written[(next + 1)...].prefix(2)
            if written[next] == UInt8(ascii: "%"), digits.count == 2,
                let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(byte)
                next += 3
            } else {
                bytes.append(written[next])
                next += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
