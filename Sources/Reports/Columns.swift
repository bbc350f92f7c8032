/// Text in a terminal, where an ideograph takes two columns and a combining mark none.
extension String {
    var columns: Int {
        utf8.allSatisfy { $0 < 0x80 } ? utf8.count : reduce(0) { $0 + $1.columns }
    }

    /// At most `width` columns, with `…` where something was cut off.
    package func clipped(to width: Int) -> String {
        guard columns > width else { return self }
        var text = ""
        var used = 0
        for character in self {
            used += character.columns
            if used > width - 1 { break }
            text.append(character)
        }
        return text + "…"
    }

    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - columns))
    }

    func paddedLeft(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - columns)) + self
    }
}

extension Character {
    fileprivate var columns: Int {
        guard let first = unicodeScalars.first else { return 0 }
        // An emoji is wide by itself, or because a selector behind it says so.
        if first.value > 0xFF, first.properties.isEmojiPresentation { return 2 }
        if unicodeScalars.count > 1, unicodeScalars.contains("\u{FE0F}") { return 2 }
        switch first.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default:
            return 1
        }
    }
}

/// Lines that begin with a label in a column of its own and are broken between `parts`.
struct Paragraph {
    var label: String
    var parts: [String]

    /// The sentence, broken between its words.
    init(label: String, sentence: String) {
        self.init(label: label, parts: sentence.split(separator: " ").map(String.init))
    }

    init(label: String, parts: [String]) {
        self.label = label
        self.parts = parts
    }

    static let labelWidth = 11

    /// - Parameter indent: where the text begins.
    func lines(width: Int, indent: Int = labelWidth) -> [String] {
        let room = width - indent
        var lines: [String] = []
        for part in parts.map({ $0.clipped(to: room) }) {
            if let last = lines.last, last.columns + 1 + part.columns <= room {
                lines[lines.count - 1] = "\(last) \(part)"
            } else {
                lines.append(part)
            }
        }
        return lines.enumerated().map { index, line in
            (index == 0 ? label : "").padded(to: indent) + line
        }
    }
}

/// Cells under each other; the first columns are words and stand left, the rest numbers and stand right.
struct Table {
    var words: Int
    var rows: [[String]]
    /// The widest a word may be.
    var widest = 40

    func lines() -> [String] {
        let cells = rows.map { row in
            row.enumerated().map { $0.offset < words ? $0.element.clipped(to: widest) : $0.element }
        }
        let count = cells.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            cells.map { column < $0.count ? $0[column].columns : 0 }.max() ?? 0
        }
        return cells.map { row in
            let line = row.enumerated().map { column, cell in
                column < words
                    ? cell.padded(to: widths[column]) : cell.paddedLeft(to: widths[column])
            }
            return line.joined(separator: "  ").trimmingTrailingSpaces
        }
    }
}

extension String {
    var trimmingTrailingSpaces: String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}
