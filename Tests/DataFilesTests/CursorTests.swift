import DataFiles
import Testing

@Suite struct CursorTests {
    /// A table that needs every rule of CSV, and its text.
    private static func table(
        rows: Int, breaks: Bool, using random: inout Numbers
    ) -> (cells: [[String]], text: String) {
        let plain = ["", "x", "token_00", "12", " a b ", "Zoë", "a longer cell than a word"]
        let quoted = ["a,b", "say \"hi\"", "\"", "\"\"", ","]
        let broken = ["\n", "l1\nl2", "l1\r\n\"l2\"\n"]
        let choice = plain + quoted + (breaks ? broken : [])
        let cells = (0..<rows).map { _ in
            (0..<3).map { _ in choice.randomElement(using: &random) ?? "" }
        }
        let ending = Bool.random(using: &random) ? "\n" : "\r\n"
        let lines = cells.map { row in
            row.map { cell in
                let needs = cell.contains { ",\"\n\r\n".contains($0) }
                if !needs, Bool.random(using: &random) { return cell }
                return "\"" + cell.replacing("\"", with: "\"\"") + "\""
            }.joined(separator: ",")
        }
        let text = (["a,b,c"] + lines).joined(separator: ending)
        return (cells, text + (Bool.random(using: &random) ? ending : ""))
    }

    @Test(arguments: [1, 2, 63, 64, 65, 127, 128, 129, 1000], [false, true])
    func everyRowIsFoundInAnyOrder(rows: Int, breaks: Bool) throws {
        let seed = UInt64(rows)
        var random = Numbers(seed: seed)
        let (cells, text) = Self.table(rows: rows, breaks: breaks, using: &random)
        let file = try read(text)
        #expect(file.rows == rows)
        #expect(file.cells == cells, "seed \(seed)")
        let cursor = DataCursor(file)
        var row = 0
        for _ in 0..<500 {
            // Repeats, short steps in both directions, and leaps.
            switch Int.random(in: 0..<4, using: &random) {
            case 0: break
            case 1: row = min(rows - 1, row + Int.random(in: 0...70, using: &random))
            case 2: row = max(0, row - Int.random(in: 0...3, using: &random))
            default: row = Int.random(in: 0..<rows, using: &random)
            }
            let found = (0..<3).map { file.text(row, $0, cursor) }
            #expect(found == cells[row], "seed \(seed), row \(row)")
        }
    }

    @Test func cursorsDoNotDisturbEachOther() throws {
        let file = try read("a\n1\n2\n3\n")
        let (one, other) = (DataCursor(file), DataCursor(file))
        one.select(2)
        other.select(0)
        #expect(String(decoding: one.cell(0).bytes, as: UTF8.self) == "3")
        #expect(String(decoding: other.cell(0).bytes, as: UTF8.self) == "1")
    }

    /// Whatever the bytes are: a file or mistakes, and cells that read without going astray.
    @Test func mutatedFilesAreJudged() throws {
        let seed: UInt64 = 20_240_611
        var random = Numbers(seed: seed)
        let letters = Array(",\"\n\r\"\"a0".utf8) + [0, 0xFF, 0xC3, 0xA9]
        var sound = 0
        for round in 0..<400 {
            let (_, text) = Self.table(rows: 5, breaks: true, using: &random)
            var bytes = Array(text.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let at = Int.random(in: 0..<bytes.count, using: &random)
                bytes[at] = letters.randomElement(using: &random) ?? 0
            }
            guard let file = try? read(bytes) else { continue }
            sound += 1
            let cells = file.cells
            #expect(cells.count == file.rows, "seed \(seed), round \(round)")
            for (column, _) in file.columns.enumerated() {
                let most = cells.map { $0[column].utf8.count }.max() ?? 0
                #expect(most <= file.longest(column), "seed \(seed), round \(round)")
            }
        }
        #expect(sound > 0)
    }
}
