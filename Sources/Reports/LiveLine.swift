/// How many characters a terminal shows.
package struct LiveSize: Sendable, Equatable {
    package var columns: Int
    package var rows: Int

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }
}

/// What a terminal can show.
package struct LiveLook: Sendable, Equatable {
    package var style: TextStyle
    /// Else ASCII alone.
    package var isUnicode: Bool
    /// 256 of them.
    package var hasManyColours: Bool

    package init(style: TextStyle, isUnicode: Bool, hasManyColours: Bool = false) {
        self.style = style
        self.isUnicode = isUnicode
        self.hasManyColours = hasManyColours
    }
}

/// One line of a frame: pieces of text with their ink. Its width is known, whatever is in it.
struct LiveLine: Sendable, Equatable {
    struct Piece: Sendable, Equatable {
        var text: String
        var ink: LiveInk
    }

    private(set) var pieces: [Piece] = []
    private(set) var columns = 0

    init() {}

    init(_ text: String, _ ink: LiveInk = .usual) {
        add(text, ink)
    }

    mutating func add(_ text: String, _ ink: LiveInk = .usual) {
        add(text, columns: text.columns, ink)
    }

    /// - Parameter glyph: of one column.
    mutating func add(_ glyph: Character, _ ink: LiveInk, times: Int = 1) {
        add(String(repeating: glyph, count: max(0, times)), columns: max(0, times), ink)
    }

    private mutating func add(_ text: String, columns more: Int, _ ink: LiveInk) {
        guard !text.isEmpty else { return }
        columns += more
        if let last = pieces.last, last.ink == ink {
            pieces[pieces.count - 1].text += text
        } else {
            pieces.append(Piece(text: text, ink: ink))
        }
    }

    mutating func add(_ other: LiveLine) {
        for piece in other.pieces { add(piece.text, columns: 0, piece.ink) }
        columns += other.columns
    }

    /// Spaces up to a column.
    mutating func pad(to column: Int) {
        add(" ", .usual, times: column - columns)
    }

    /// At most `width` columns.
    func clipped(to width: Int) -> LiveLine {
        guard columns > width else { return self }
        var line = LiveLine()
        for piece in pieces {
            let room = width - line.columns
            guard room > 0 else { break }
            line.add(piece.text.clipped(to: room), piece.ink)
        }
        return line
    }

    func text(_ look: LiveLook) -> String {
        pieces.reduce(into: "") { text, piece in
            let own = look.isUnicode ? piece.text : piece.text.inASCII
            text += piece.ink.codes(look).map { "\u{1b}[\($0)m\(own)\u{1b}[0m" } ?? own
        }
    }
}

/// What a piece of a frame is, for its colour.
enum LiveInk: Sendable, Equatable {
    case usual, strong, faint, good, doubtful, bad, accent
    /// From 0 (few) to 4 (most).
    case heat(Int)

    /// Of blue over violet to orange: told apart on a light and on a dark ground, also by the colour-blind.
    private static let heats = [103, 98, 134, 168, 209]

    /// Parameters of the escape code; nil: none.
    func codes(_ look: LiveLook) -> String? {
        guard look.style == .coloured else { return nil }
        switch self {
        case .usual: return nil
        case .strong: return "1"
        case .faint: return "2"
        case .good: return "32"
        case .doubtful: return "33"
        case .bad: return "1;31"
        case .accent: return "36"
        case .heat(let level):
            return look.hasManyColours
                ? "38;5;\(Self.heats[min(max(0, level), Self.heats.count - 1)])" : "36"
        }
    }
}

/// The drawing characters of a frame, each one column wide.
struct LiveGlyphs {
    /// Of a bar that is an eighth to eight eighths of a column long.
    let eighths: [Character]
    /// From the lowest to the highest.
    let levels: [Character]
    /// From few to most.
    let shades: [Character]
    let done: Character
    let left: Character
    let corner: Character
    let side: Character
    let base: Character
    let kept: Character
    let broken: Character
    let now: Character
    let between: Character

    init(isUnicode: Bool) {
        eighths = isUnicode ? Array("▏▎▍▌▋▊▉█") : Array(repeating: "#", count: 8)
        levels = Array(isUnicode ? "▁▂▃▄▅▆▇█" : "_.-~=+*#")
        shades = Array(isUnicode ? "·░▒▓█" : ".:+#@")
        done = isUnicode ? "━" : "="
        left = isUnicode ? "─" : "-"
        corner = isUnicode ? "└" : "+"
        side = isUnicode ? "│" : "|"
        base = isUnicode ? "─" : "-"
        kept = isUnicode ? "●" : "o"
        broken = isUnicode ? "×" : "x"
        now = isUnicode ? "◆" : "^"
        between = isUnicode ? "━" : "="
    }

    /// A bar of `share` (0…1) of `width` columns; something is never nothing.
    func bar(_ share: Double, width: Int) -> String {
        guard share > 0, width > 0 else { return "" }
        let length = max(1, Int((min(1, share) * Double(width) * 8).rounded()))
        let whole = String(repeating: eighths[7], count: length / 8)
        return length % 8 == 0 ? whole : whole + String(eighths[length % 8 - 1])
    }
}

extension String {
    /// Each character that is not ASCII as one that is, as wide as it.
    var inASCII: String {
        guard !utf8.allSatisfy({ $0 < 0x80 }) else { return self }
        return reduce(into: "") { text, character in
            if character.isASCII {
                text.append(character)
            } else if let known = Self.substitutes[character] {
                text.append(known)
            } else {
                text += String(repeating: "?", count: String(character).columns)
            }
        }
    }

    private static let substitutes: [Character: Character] = [
        "µ": "u", "–": "-", "…": "~", "→": ">", "·": ".", "∞": "?", "×": "x",
    ]
}
