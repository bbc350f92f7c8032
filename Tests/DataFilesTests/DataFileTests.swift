import Foundation
import Testing

@testable import DataFiles

@Suite struct DataFileTests {
    @Test(arguments: [
        ("a,b\n1,2\n", [["1", "2"]]),
        ("a,b\n1,2", [["1", "2"]]),
        ("a,b\r\n1,2\r\n3,4\r\n", [["1", "2"], ["3", "4"]]),
        ("\u{FEFF}a,b\n1,2\n", [["1", "2"]]),
        ("a,b\n,\n", [["", ""]]),
        ("a\n\"\"\n", [[""]]),
        ("a,b\n1,2\n\n\r\n\n", [["1", "2"]]),
        ("a,b\n 1 ,\t2\n", [[" 1 ", "\t2"]]),
        // Quotes: separators, line breaks and doubled quotes inside (RFC 4180, 2.5 to 2.7).
        ("a,b\n\"x,y\",\"l1\nl2\r\nl3\"\n", [["x,y", "l1\nl2\r\nl3"]]),
        ("a,b\n\"\"\"\",\"say \"\"hi\"\"\"\n", [["\"", "say \"hi\""]]),
        ("\"a\"\"b\",c\nZoë,💳\n", [["Zoë", "💳"]]),
        ("a,b\n1,\"2\"", [["1", "2"]]),
        ("a,b\n1,", [["1", ""]]),
    ])
    func cellsAreRead(text: String, cells: [[String]]) throws {
        #expect(try read(text).cells == cells)
    }

    @Test func theColumnsAreThoseOfTheHeader() throws {
        let file = try read("\u{FEFF}token,\"Card, kind\",\"say \"\"hi\"\"\",a.b\r\n1,2,3,4\r\n")
        #expect(file.columns == ["token", "Card, kind", "say \"hi\"", "a.b"])
        #expect(file.rows == 1)
    }

    @Test func theLongestCellIsKnown() throws {
        let file = try read("a,b\nx,\"1\"\"3\"\nxyz,\n\u{1F4B3},1\n")
        // 💳 is four bytes; the quotes around a cell do not count, those in it do.
        #expect(file.longest(0) == 4)
        #expect(file.longest(1) == 4)
    }

    @Test(arguments: [
        ("", ["empty"]),
        ("\u{FEFF}", ["empty"]),
        ("a,b", ["noRows"]), ("a,b\r\n\r\n", ["noRows"]),
        ("a,b\n1\n1,2,3\n", ["2:1 cells(read: 1, columns: 2)", "3:1 cells(read: 3, columns: 2)"]),
        ("a,b\n1,2\n\n3,4\n", ["3:1 emptyLine"]),
        ("a,b\n1,x\"y\n", ["2:4 strayQuote"]),
        ("a,b\n1, \"y\"\n", ["2:4 strayQuote"]),
        ("a,b\n1,\"x\"y\n", ["2:6 behindQuote"]),
        ("a,b\nZoë,\"x\n\n", ["2:5 openQuote"]),
        ("a,b\n1,2\r3,4\n", ["2:4 loneReturn"]),
        ("a,b\n1,\"2\"\r", ["2:6 loneReturn"]),
        ("a,b\n1,\u{0}\n", ["2:3 nul"]),
        ("a,b\n1,\"\n\u{0}\"\n", ["3:1 nul"]),
        ("a,,b\n1,2,3\n", ["1:3 unnamedColumn"]),
        ("\nx\n", ["1:1 unnamedColumn"]),
        ("a,ü,a\n1,2,3\n", ["1:5 duplicateColumn(\"a\", first: 1)"]),
        ("a,b\n\"1\n2\",3\n4\n", ["4:1 cells(read: 1, columns: 2)"]),
    ])
    func mistakesAreFoundWithTheirPlace(text: String, expected: [String]) {
        #expect(mistakes(in: text) == expected)
    }

    @Test func whatIsNotUTF8IsRefused() {
        // "Zoë" in Latin-1.
        #expect(mistakes(in: Array("a\nok\nZo".utf8) + [0xEB, 0x0A]) == ["3:3 notUTF8(byte: 235)"])
        // UTF-16 with its mark.
        #expect(mistakes(in: [0xFF, 0xFE, 0x61, 0x00]) == ["1:1 notUTF8(byte: 255)"])
    }

    @Test func aCellHasAnEnd() throws {
        let limit = CellScanner.longestCell
        #expect(limit == 65_536)
        let longest = String(repeating: "x", count: limit)
        #expect(try read("a\n\(longest)\n").longest(0) == limit)
        #expect(mistakes(in: "a\nb\n\(longest)x\n") == ["3:1 longCell(limit: 65536)"])
        #expect(mistakes(in: "a\nb\n\"\(longest)x\"\n") == ["3:1 longCell(limit: 65536)"])
    }

    @Test func mistakesWithoutNumberAreNotAllTold() {
        let text = "a,b\n" + String(repeating: "1\n", count: 1_000)
        #expect(mistakes(in: text).count == DataFileError.limit)
    }

    @Test func otherThingsThanFilesAreRefused() {
        #expect(throws: DataFileError.self) { try DataFileHead(path: "/nowhere/at/all.csv") }
        for path in ["/", "/dev/null"] {
            #expect(throws: DataFileError(.notAFile)) { try DataFileHead(path: path) }
        }
    }

    @Test func cellsThatWereAskedAboutAreInspected() throws {
        let text = "a,b\n1,x\n2,\"y,\"\n3,x\n"
        var seen: [String] = []
        #expect(throws: DataFileError.self) {
            try read(text.utf8, inspected: [1]) { column, cell in
                let text = String(decoding: cell, as: UTF8.self)
                seen.append("\(column)\(text)")
                return text == "y," ? .header : nil
            }
        }
        #expect(seen == ["1x", "1y,", "1x"])
    }

    @Test func aTruncatedCopyIsOfNoConcern() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).csv")
        try Data("a\n1\n2\n".utf8).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        let file = try DataFileHead(path: url.path()).checked()
        try FileHandle(forWritingTo: url).truncate(atOffset: 0)
        #expect(file.cells == [["1"], ["2"]])
    }

    @Test func aMappedFileReadsAsACopiedOne() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).csv")
        try Data("a,b\n1,\"x\ny\"\n2,z".utf8).write(to: url)
        defer { try? FileManager.default.removeItem(at: url) }
        let mapped = try DataFileHead(memory: FileMemory(path: url.path(), largestCopy: 0))
            .checked()
        mapped.expectRandomAccess()
        let copied = try DataFileHead(path: url.path()).checked()
        #expect(mapped.cells == [["1", "x\ny"], ["2", "z"]])
        #expect(mapped == copied)
    }
}
