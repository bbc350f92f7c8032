import Glibc
import Zlib

/// One entry of `interval.log`: a head of 13 bytes, then its payload.
///
/// Head: kind (1 byte), length of the payload (4), number of the frame in the file (4), CRC-32 (4) of
/// the nine bytes before it and the payload; little-endian. A frame that was cut off, changed, left
/// out or repeated does not fit its checksum or its place.
struct Frame: Equatable {
    enum Kind: UInt8 {
        case start = 1
        case interval
        case end
    }

    static let headBytes = 13
    /// What the file begins with; the number behind the slash rises when an old reader would read wrongly.
    /// Fields are added at the end of a frame, where older readers do not look, and kinds of frames at
    /// will, which they pass over.
    static let fileHead = IntervalLog.currentFormat + "\n"

    var kind: UInt8
    var payload: [UInt8]

    /// As it stands in the file.
    func bytes(number: UInt32) -> [UInt8] {
        let head = Self.head(kind, length: payload.count, number: number)
        return head + Self.littleEndian(Self.checksum(head, payload)) + payload
    }

    static func head(_ kind: UInt8, length: Int, number: UInt32) -> [UInt8] {
        [kind] + littleEndian(UInt32(length)) + littleEndian(number)
    }

    static func checksum(_ head: [UInt8], _ payload: [UInt8]) -> UInt32 {
        let first = crc32(0, head, uInt(head.count))
        // An empty buffer has no address, and to zlib that means to begin anew.
        return payload.isEmpty
            ? UInt32(first) : UInt32(crc32(first, payload, uInt(payload.count)))
    }

    static func littleEndian(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }

    static func number(_ bytes: some Sequence<UInt8>) -> UInt32 {
        bytes.enumerated().reduce(0) { $0 | UInt32($1.element) << ($1.offset * 8) }
    }
}

/// Writes the values of a payload: integers as varints (LEB128), doubles as their 8 bytes, texts and lists
/// behind their length.
struct PayloadWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// - Precondition: counts are not negative.
    mutating func put(_ count: Int) { put(UInt64(count)) }

    /// One more than the number; 0 for none.
    mutating func put(optional number: Int?) { put(number.map { UInt64($0) + 1 } ?? 0) }

    mutating func put(_ flag: Bool) { put(flag ? 1 : 0) }

    mutating func put(_ number: Double) {
        for shift in 0..<8 {
            bytes.append(UInt8(truncatingIfNeeded: number.bitPattern >> (UInt64(shift) * 8)))
        }
    }

    mutating func put(_ text: String) { put(Array(text.utf8)) }

    mutating func put(optional text: String?) {
        put(text != nil)
        if let text { put(text) }
    }

    mutating func put(_ block: [UInt8]) {
        put(block.count)
        bytes += block
    }

    mutating func put<Element>(
        list: some Collection<Element>, _ put: (inout PayloadWriter, Element) -> Void
    ) {
        self.put(list.count)
        for element in list { put(&self, element) }
    }
}

/// A payload that does not say what it should, though its checksum is right.
struct PayloadError: Error {
    var what: String
}

/// Reads what `PayloadWriter` wrote; never traps, whatever the bytes are.
struct PayloadReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var remaining: Int { bytes.count - position }

    mutating func number() throws(PayloadError) -> UInt64 {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard position < bytes.count else { break }
            let byte = bytes[position]
            position += 1
            if shift == 63, byte > 1 { break }
            number |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return number }
        }
        throw PayloadError(what: "a number is cut off or too large")
    }

    /// Counts far from overflowing when they are added up.
    mutating func count(upTo most: Int = 1 << 53) throws(PayloadError) -> Int {
        let number = try number()
        guard number <= UInt64(most) else {
            throw PayloadError(what: "\(number) is more than the \(most) possible")
        }
        return Int(number)
    }

    mutating func optionalCount() throws(PayloadError) -> Int? {
        let number = try count()
        return number == 0 ? nil : number - 1
    }

    mutating func flag() throws(PayloadError) -> Bool { try count(upTo: 1) == 1 }

    mutating func double() throws(PayloadError) -> Double {
        guard remaining >= 8 else { throw PayloadError(what: "a number is cut off") }
        var pattern: UInt64 = 0
        for shift in 0..<8 { pattern |= UInt64(bytes[position + shift]) << (UInt64(shift) * 8) }
        position += 8
        let number = Double(bitPattern: pattern)
        guard number.isFinite else { throw PayloadError(what: "a number is not finite") }
        return number
    }

    mutating func block() throws(PayloadError) -> [UInt8] {
        let count = try count()
        guard count <= remaining else { throw PayloadError(what: "a text is cut off") }
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }

    mutating func text() throws(PayloadError) -> String {
        String(decoding: try block(), as: UTF8.self)
    }

    mutating func optionalText() throws(PayloadError) -> String? {
        try flag() ? try text() : nil
    }

    /// An element takes at least one byte.
    mutating func list<Element>(
        _ element: (inout PayloadReader) throws(PayloadError) -> Element
    ) throws(PayloadError) -> [Element] {
        let count = try count(upTo: remaining)
        var list: [Element] = []
        for _ in 0..<count { list.append(try element(&self)) }
        return list
    }
}
