/// A terminal's screen as far as the program uses one: what is written to it, and what is then to be
/// seen. It knows few escape sequences and remembers every other one.
struct VirtualScreen {
    private(set) var columns: Int
    private(set) var rows: Int
    private(set) var isCursorVisible = true
    private(set) var isWrapping = true
    /// Lines that were broken because they were too long; what is too long without wrapping is lost.
    private(set) var wrappings = 0
    private(set) var unknown: [String] = []
    private(set) var coloured = 0
    private(set) var frames = 0
    private var cells: [[Character]]
    private var row = 0
    private var column = 0
    private var pending = ""

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        cells = Self.blank(columns, rows)
    }

    private static func blank(_ columns: Int, _ rows: Int) -> [[Character]] {
        [[Character]](repeating: [Character](repeating: " ", count: columns), count: rows)
    }

    /// Without the spaces at the end of lines.
    var lines: [String] {
        cells.map { line in
            String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    var text: String { lines.joined(separator: "\n") }

    /// As xterm does it: what is outside is lost.
    mutating func resize(columns: Int, rows: Int) {
        let before = cells
        cells = Self.blank(columns, rows)
        let lost = max(0, row - rows + 1)
        for (index, line) in before.dropFirst(lost).prefix(rows).enumerated() {
            for (place, character) in line.prefix(columns).enumerated() {
                cells[index][place] = character
            }
        }
        (self.columns, self.rows) = (columns, rows)
        row = min(row - lost, rows - 1)
        column = min(column, columns - 1)
    }

    mutating func write(_ text: String) {
        pending += text
        while let next = pending.unicodeScalars.first {
            if next == "\u{1b}" {
                guard let sequence = completeSequence else { return }
                pending.unicodeScalars.removeFirst(sequence.unicodeScalars.count)
                obey(sequence)
            } else {
                pending.unicodeScalars.removeFirst()
                show(next)
            }
        }
    }

    /// `ESC [ … letter`; nil where more of it is to come.
    private var completeSequence: String? {
        var sequence = String.UnicodeScalarView()
        for scalar in pending.unicodeScalars {
            sequence.append(scalar)
            let isLetter = scalar.isASCII && scalar.properties.isAlphabetic
            if sequence.count > 2, isLetter { return String(sequence) }
            if sequence.count == 2, scalar != "[" { return String(sequence) }
        }
        return nil
    }

    private mutating func show(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\r": column = 0
        case "\n": feed()
        default:
            if column == columns {
                guard isWrapping else { return }
                wrappings += 1
                column = 0
                feed()
            }
            cells[row][column] = Character(scalar)
            column += 1
        }
    }

    private mutating func feed() {
        row += 1
        guard row == rows else { return }
        cells.removeFirst()
        cells.append([Character](repeating: " ", count: columns))
        row -= 1
    }

    private mutating func obey(_ sequence: String) {
        let body = sequence.dropFirst(2).dropLast()
        switch sequence.last {
        case "m": if !body.isEmpty, body != "0" { coloured += 1 }
        case "A": row = max(0, row - (Int(body) ?? 1))
        case "H" where body.isEmpty: (row, column) = (0, 0)
        case "K" where body.isEmpty: clear(from: column, in: row)
        case "J" where body.isEmpty:
            clear(from: column, in: row)
            for below in (row + 1)..<max(rows, row + 1) { clear(from: 0, in: below) }
        case "J" where body == "2": cells = Self.blank(columns, rows)
        case "h" where body == "?25": isCursorVisible = true
        case "l" where body == "?25":
            isCursorVisible = false
            frames += 1
        case "h" where body == "?7": isWrapping = true
        case "l" where body == "?7": isWrapping = false
        default: unknown.append(sequence)
        }
    }

    private mutating func clear(from column: Int, in row: Int) {
        for place in min(column, columns)..<columns { cells[row][place] = " " }
    }
}
