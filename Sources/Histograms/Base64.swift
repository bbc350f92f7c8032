/// Base64 with padding (RFC 4648, section 4), as histogram logs and shards bear it.
package enum Base64 {
    private static let alphabet = [UInt8](
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")
    private static let notInAlphabet: UInt8 = 64

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: notInAlphabet, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    package static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
        text.reserveCapacity(text.count + (bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let held = min(3, bytes.count - start)
            var group = 0
            for place in 0..<3 {
                group = group << 8 | (place < held ? Int(bytes[start + place]) : 0)
            }
            for place in 0..<4 {
                let character = alphabet[group >> (18 - 6 * place) & 63]
                text.append(place <= held ? character : padding)
            }
        }
    }

    /// - Throws: `.notBase64` with the offset of what is wrong; the length must be whole groups of four.
    package static func bytes(of text: ArraySlice<UInt8>) throws(HistogramCodingError) -> [UInt8] {
        guard text.count.isMultiple(of: 4) else { throw .notBase64(at: text.count) }
        let padded = text.suffix(2).reversed().prefix { $0 == padding }.count
        let characters = text.dropLast(padded)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        for (offset, character) in characters.enumerated() {
            let value = values[Int(character)]
            guard value < notInAlphabet else { throw .notBase64(at: offset) }
            group = group << 6 | UInt32(value)
            switch offset & 3 {
            case 0: continue
            case 1: bytes.append(UInt8(truncatingIfNeeded: group >> 4))
            case 2: bytes.append(UInt8(truncatingIfNeeded: group >> 2))
            case _: bytes.append(UInt8(truncatingIfNeeded: group))
            }
        }
        return bytes
    }
}
