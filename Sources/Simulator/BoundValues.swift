import NIOCore

/// The texts of a bound payment, read out for those who look at them.
extension BoundText {
    /// As a string member of the request: escapes of a JSON string undone, invalid UTF-8 as U+FFFD.
    func text(in body: Span<UInt8>) -> String? {
        switch self {
        case .none: nil
        case .value(let bytes): Bytes.text(bytes.span)
        case .body(let place, true): JSONText.unescaped(body.extracting(place))
        case .body(let place, false): Bytes.text(body.extracting(place))
        }
    }

    /// The same; nothing is in a body that was not read.
    func text(in body: ByteBuffer?) -> String? {
        let body = body ?? ByteBuffer()
        return text(in: body.readableBytesUInt8Span)
    }

    /// As the service's map from string to string; nil where there is none.
    func map(in body: Span<UInt8>) -> MethodMap? {
        switch self {
        case .none: nil
        case .value(let bytes): MethodMap(bytes.span, keepsQuotes: true)
        case .body(let place, _): MethodMap(body.extracting(place), keepsQuotes: false)
        }
    }
}

/// What the service makes of a `paymentMethod`: names in the order in which they came, nested values
/// as raw text, strings with their escapes. What is no object becomes a nonsense map, no error.
struct MethodMap: Equatable {
    struct Entry: Equatable {
        var name: String
        /// nil: `null`, or nothing there.
        var value: String?
    }

    private(set) var entries: [Entry] = []

    /// - Parameter keepsQuotes: from a query or a form, where quotes are part of the text.
    init(_ text: Span<UInt8>, keepsQuotes: Bool) {
        var reader = Reader(keepsQuotes: keepsQuotes)
        reader.skipBlanks(text)
        reader.index += 1
        while reader.index < text.count {
            reader.skipBlanks(text)
            guard reader.index < text.count, text[reader.index] != UInt8(ascii: "}") else { return }
            let isString = text[reader.index] == UInt8(ascii: "\"")
            let name = text.extracting(reader.name(text))
            reader.skipBlanks(text)
            reader.index += 1
            let value = reader.value(text).map { Bytes.text(text.extracting($0)) }
            if !name.isEmpty {
                keep(Entry(name: Bytes.text(name), value: value))
            } else if isString {
                // The service marks an empty text by a zero-width space, and forgets it in a name.
                keep(Entry(name: "\u{200B}", value: value))
            }
            reader.skipBlanks(text)
            reader.index += 1
        }
    }

    private mutating func keep(_ entry: Entry) {
        if let same = entries.firstIndex(where: { $0.name == entry.name }) {
            entries[same] = entry
        } else {
            entries.append(entry)
        }
    }
}

extension MethodMap {
    private struct Reader {
        let keepsQuotes: Bool
        var index = 0

        mutating func skipBlanks(_ text: Span<UInt8>) {
            while index < text.count, Bytes.isBlank(text[index]) { index += 1 }
        }

        mutating func name(_ text: Span<UInt8>) -> Range<Int> {
            if text[index] == UInt8(ascii: "\"") { return string(text) }
            let start = index
            while index < text.count, text[index] != UInt8(ascii: ":"),
                text[index] != UInt8(ascii: ","), !Bytes.isBlank(text[index])
            {
                index += 1
            }
            return start..<index
        }

        mutating func value(_ text: Span<UInt8>) -> Range<Int>? {
            skipBlanks(text)
            guard index < text.count else { return nil }
            if text[index] == UInt8(ascii: "\"") { return string(text) }
            let start = index
            var depth = 0
            while index < text.count {
                switch text[index] {
                case UInt8(ascii: "\""):
                    _ = string(text)
                    continue
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}") where depth == 0, UInt8(ascii: ",") where depth == 0:
                    return Self.valued(start..<index, text)
                case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
                case 0x20, 0x09, 0x0A, 0x0D:
                    if depth == 0 { return Self.valued(start..<index, text) }
                default: break
                }
                index += 1
            }
            return Self.valued(start..<index, text)
        }

        private static func valued(_ range: Range<Int>, _ text: Span<UInt8>) -> Range<Int>? {
            range.isEmpty || Bytes.matches(text.extracting(range), "null") ? nil : range
        }

        private mutating func string(_ text: Span<UInt8>) -> Range<Int> {
            let start = index
            index += 1
            while index < text.count, text[index] != UInt8(ascii: "\"") {
                index += text[index] == UInt8(ascii: "\\") ? 2 : 1
            }
            index = min(index, text.count)
            let inside = (start + 1)..<max(start + 1, index)
            index = min(index + 1, text.count)
            return keepsQuotes ? start..<index : inside
        }
    }
}
