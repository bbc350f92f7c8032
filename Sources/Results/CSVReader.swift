/// Reads the rows of a CSV text (RFC 4180) one after another, whatever the text is: a quote that is never
/// closed ends with the text, rows may differ in length.
struct CSVReader {
    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    private let bytes: [UInt8]
    private var position: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    /// nil at the end; empty lines are passed over.
    mutating func next() -> [String]? {
        while position < bytes.count {
            let row = row()
            if row != [""] { return row }
        }
        return nil
    }

    private mutating func row() -> [String] {
        var cells: [String] = []
        while true {
            cells.append(cell())
            guard position < bytes.count else { return cells }
            position += 1
            if bytes[position - 1] == Self.lineFeed { return cells }
            // A comma at the very end of the text: one more cell, and it is empty.
            if position == bytes.count { return cells + [""] }
        }
    }

    /// Leaves `position` at the comma or line feed behind it, or at the end.
    private mutating func cell() -> String {
        var text: [UInt8] = []
        var isQuoted = bytes[position] == Self.quote
        if isQuoted { position += 1 }
        while position < bytes.count {
            let byte = bytes[position]
            if isQuoted {
                if byte != Self.quote {
                    text.append(byte)
                } else if position + 1 < bytes.count, bytes[position + 1] == Self.quote {
                    text.append(byte)
                    position += 1
                } else {
                    isQuoted = false
                }
            } else if byte == Self.comma || byte == Self.lineFeed {
                break
            } else if byte != Self.carriageReturn {
                text.append(byte)
            }
            position += 1
        }
        return String(decoding: text, as: UTF8.self)
    }
}
