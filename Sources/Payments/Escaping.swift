import DataFiles

/// How text is made safe for where it stands.
package enum Escaping: Sendable {
    case none
    /// Inside a string (RFC 8259, 7): quotation mark, reverse solidus and controls.
    case json
    /// RFC 3986, 2.3: everything but unreserved characters.
    case percent

    /// The most bytes that one may become.
    var widest: Int {
        switch self {
        case .none: 1
        case .json: 6
        case .percent: 3
        }
    }

    func escaped(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        return [UInt8](unsafeUninitializedCapacity: bytes.count * widest) { buffer, count in
            guard let base = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
            for byte in bytes { count += write(byte, to: base + count) }
        }
    }

    /// Writes a cell as its text; returns how many bytes that took, at most `widest` for each.
    func write(_ cell: DataCursor.Cell, to target: UnsafeMutableRawPointer) -> Int {
        var written = 0
        var isSecondQuote = false
        for byte in cell.bytes {
            if cell.hasDoubledQuotes, byte == UInt8(ascii: "\""), !isSecondQuote {
                isSecondQuote = true
                continue
            }
            isSecondQuote = false
            written += write(byte, to: target + written)
        }
        return written
    }

    @inline(__always)
    private func write(_ byte: UInt8, to target: UnsafeMutableRawPointer) -> Int {
        switch self {
        case .none: break
        case .json:
            if byte < 0x20 { return Self.writeControl(byte, to: target) }
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                target.storeBytes(of: UInt8(ascii: "\\"), as: UInt8.self)
                target.storeBytes(of: byte, toByteOffset: 1, as: UInt8.self)
                return 2
            }
        case .percent:
            if !Self.isUnreserved(byte) {
                target.storeBytes(of: UInt8(ascii: "%"), as: UInt8.self)
                let letters = UInt8(ascii: "A")
                Self.writeHexadecimal(byte, letters: letters, to: target + 1)
                return 3
            }
        }
        target.storeBytes(of: byte, as: UInt8.self)
        return 1
    }

    private static func writeControl(_ byte: UInt8, to target: UnsafeMutableRawPointer) -> Int {
        let start: StaticString = "\\u00"
        target.copyMemory(from: start.utf8Start, byteCount: 4)
        writeHexadecimal(byte, letters: UInt8(ascii: "a"), to: target + 4)
        return 6
    }

    private static func writeHexadecimal(
        _ byte: UInt8, letters: UInt8, to target: UnsafeMutableRawPointer
    ) {
        for offset in 0...1 {
            let digit = offset == 0 ? byte >> 4 : byte & 15
            let ascii = digit < 10 ? UInt8(ascii: "0") + digit : letters + digit - 10
            target.storeBytes(of: ascii, toByteOffset: offset, as: UInt8.self)
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
