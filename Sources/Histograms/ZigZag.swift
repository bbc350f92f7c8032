/// Integers as HdrHistogram's V2 encoding writes them: ZigZag, then LEB128 in at most nine bytes of
/// which the ninth has eight bits ("LEB128-64b9B").
enum ZigZag {
    static let mostBytes = 9

    static func append(_ value: Int64, to bytes: inout [UInt8]) {
        var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        for _ in 1..<mostBytes {
            guard rest > 0x7f else { break }
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    static func next(from reader: inout ByteReader) throws(HistogramCodingError) -> Int64 {
        var bits: UInt64 = 0
        for place in 0..<mostBytes {
            let byte = UInt64(try reader.byte())
            let isLast = place == mostBytes - 1
            bits |= (isLast ? byte : byte & 0x7f) << UInt64(7 * place)
            if isLast || byte < 0x80 { break }
        }
        return Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1)
    }
}

/// Takes big-endian numbers off the front of bytes.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var remaining: Int { bytes.count - position }

    mutating func byte() throws(HistogramCodingError) -> UInt8 {
        guard position < bytes.count else { throw .truncated(at: position) }
        position += 1
        return bytes[position - 1]
    }

    mutating func number<Number: FixedWidthInteger>(
        _: Number.Type
    ) throws(HistogramCodingError) -> Number {
        var number: Number = 0
        for _ in 0..<Number.bitWidth / 8 {
            number = number << 8 | Number(truncatingIfNeeded: try byte())
        }
        return number
    }
}

extension [UInt8] {
    /// Appends a number, big-endian.
    mutating func append<Number: FixedWidthInteger>(number: Number) {
        for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }
}
