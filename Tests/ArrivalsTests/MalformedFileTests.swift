import Arrivals
import Glibc
import Testing

/// A file with one mistake, and what is said of it.
struct Malformed: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: [UInt8]
    var column: RecordedArrivals.Column?
    var kind: ArrivalFileProblem.Kind
    var line: Int?

    init(
        _ name: String, _ text: String, column: RecordedArrivals.Column? = nil,
        _ kind: ArrivalFileProblem.Kind, line: Int? = nil
    ) {
        self.init(name, bytes: Array(text.utf8), column: column, kind, line: line)
    }

    init(
        _ name: String, bytes: [UInt8], column: RecordedArrivals.Column? = nil,
        _ kind: ArrivalFileProblem.Kind, line: Int? = nil
    ) {
        (self.name, self.bytes, self.column) = (name, bytes, column)
        (self.kind, self.line) = (kind, line)
    }

    var testDescription: String { name }
}

@Suite struct MalformedFileTests {
    private let files = RecordedFiles()
    private static let malformed: [Malformed] = [
        Malformed("no bytes", "", .empty),
        Malformed("empty lines", "\n\r\n\n", .empty),
        Malformed("only a header", "time\n", .empty),
        Malformed("a word", "1\n2\nsoon\n4", .notATime("soon", .seconds), line: 3),
        Malformed("a typing error first", "1o\n2\n", .notATime("1o", nil), line: 1),
        Malformed("an exponent", "1\n2e3\n", .notATime("2e3", .seconds), line: 2),
        Malformed("a decimal comma", "1\n\"2,5\"\n", .notATime("2,5", .seconds), line: 2),
        Malformed(
            "an empty cell", "a,b\n1,2\n,3\n", column: .named("a"), .notATime("", .seconds), line: 3
        ),
        Malformed(
            "another unit", "1\n2026-01-01T00:00:00Z\n",
            .notATime("2026-01-01T00:00:00Z", .seconds), line: 2),
        Malformed(
            "no zone", "2026-01-01T00:00:00Z\n2026-01-01T00:00:01\n",
            .notATime("2026-01-01T00:00:01", .rfc3339), line: 2),
        Malformed(
            "31 June", "2026-06-30T00:00:00Z\r\n2026-06-31T00:00:00Z\r\n",
            .notATime("2026-06-31T00:00:00Z", .rfc3339), line: 2),
        Malformed(
            "29 February 2100", "2100-02-28T00:00:00Z\n2100-02-29T00:00:00Z\n",
            .notATime("2100-02-29T00:00:00Z", .rfc3339), line: 2),
        Malformed(
            "hour 24", "2026-06-30T00:00:00Z\n2026-06-30T24:00:00Z\n",
            .notATime("2026-06-30T24:00:00Z", .rfc3339), line: 2),
        Malformed("after 2262", "1\n9300000000\n", .notATime("9300000000", .seconds), line: 2),
        Malformed(
            "more digits than any time", "1\n123456789012345678901234567890\n",
            .notATime("123456789012345678901234567890", .seconds), line: 2),
        Malformed("a point alone", "1\n.\n", .notATime(".", .seconds), line: 2),
        Malformed("a sign alone", "1\n-\n", .notATime("-", .seconds), line: 2),
        Malformed("a point without digits", "1\n2.\n", .notATime("2.", .seconds), line: 2),
        Malformed(
            "control characters", "1\n2\u{1B}[2J\u{7}\n", .notATime("2\\u{1B}[2J\\u{07}", .seconds),
            line: 2),
        Malformed(
            "a long cell", "1\n" + String(repeating: "x", count: 500),
            .notATime(String(repeating: "x", count: 40) + "…", .seconds), line: 2),
        Malformed("time goes back", "sent\n1\n3\n2.5\n", .backwards("2.5", seconds: 0.5), line: 4),
        Malformed("semicolons", "1;visa\n2;visa\n", .notATime("1;visa", nil), line: 1),
        Malformed("a short row", "1,2\n3\n", column: .number(2), .missingCell(column: 2), line: 2),
        Malformed(
            "a column too many", "1,2\n3,4\n", column: .number(3), .missingCell(column: 3), line: 1),
        Malformed("column 0", "1\n", column: .number(0), .missingCell(column: 0), line: 1),
        Malformed(
            "an unknown name", "time,card\n1,2\n", column: .named("tmie"),
            .unknownColumn("tmie", header: ["time", "card"]), line: 1),
        Malformed("which column", "\n1,2\n3,4\n", .severalColumns(["1", "2"]), line: 2),
        Malformed("an open quote", "1\n\"2\n3\n4", .openQuote, line: 2),
        Malformed("an open quote at the end", "1\n\"", .openQuote, line: 2),
        Malformed(
            "a word behind cells of two lines", "a,b\n\"x\ny\",1\n\"\n\n\",2\n\nz,soon\n",
            column: .named("b"), .notATime("soon", .seconds), line: 8),
        Malformed("text after a quote", "1\n\"2\"3\n", .textAfterQuote, line: 2),
        Malformed("UTF-16 with a mark", bytes: [0xFF, 0xFE, 0x31, 0, 0x0A, 0], .utf16),
        Malformed("UTF-16 without", bytes: [0x31, 0, 0x0A, 0], .utf16),
        Malformed("gzip", bytes: [0x1F, 0x8B, 8, 0], .compressed),
        Malformed("a workbook", "PK\u{3}\u{4}…", .compressed),
        Malformed(
            "Latin-1", bytes: [0x31, 0x0A, 0xFC, 0x0A], .notATime("\u{FFFD}", .seconds), line: 2),
        Malformed(
            "a row without end", "1\n" + String(repeating: "2", count: 70_000),
            .rowTooLong(limit: 65_536), line: 2),
    ]

    @Test(arguments: malformed)
    func theFirstMistakeIsNamedWithItsLine(file: Malformed) {
        let content = files.write(file.bytes)
        var options = RecordedArrivals.Options()
        options.column = file.column
        let problem = #expect(throws: ArrivalFileProblem.self) {
            try RecordedArrivals.check(path: content, options)
        }
        #expect(problem?.kind == file.kind)
        #expect(problem?.line == file.line)
    }

    @Test func whatIsNoFileIsRefused() {
        func problem(_ path: String) -> ArrivalFileProblem.Kind? {
            #expect(throws: ArrivalFileProblem.self) {
                try RecordedArrivals.check(path: path)
            }?.kind
        }
        #expect(problem("/nowhere/arrivals.csv") == .unreadable(code: ENOENT))
        #expect(problem("/") == .notAFile)
        #expect(problem("/dev/null") == .notAFile)
    }

    @Test func aWindowWithoutArrivalsIsRefused() {
        let file = files.write("1\n2\n30\n")
        for window in [(3, 20), (30, 40), (100, nil)] as [(Int64, Int64?)] {
            var options = RecordedArrivals.Options()
            options.window = .init(from: window.0 * second, to: window.1.map { $0 * second })
            let problem = #expect(throws: ArrivalFileProblem.self) {
                try RecordedArrivals.check(path: file, options)
            }
            #expect(problem?.kind == .emptyWindow(recordedSeconds: 29))
        }
    }

    @Test func sentencesSayWhatWasReadAndWhatIsRight() {
        func sentence(_ text: String, column: RecordedArrivals.Column? = nil) -> String? {
            let file = files.write(text)
            var options = RecordedArrivals.Options()
            options.column = column
            return #expect(throws: ArrivalFileProblem.self) {
                try RecordedArrivals.check(path: file, options)
            }?.description
        }
        #expect(
            sentence("1\nsoon")
                == "'soon' is not a time; expected seconds such as 1767225600.25")
        #expect(
            sentence("3\n1.75\n") == "'1.75' is 1.25 s before the row above it; "
                + "expected rows in the order of time (equal times are fine)")
        #expect(
            sentence("time,card\n1,2", column: .named("card number"))
                == "there is no column 'card number'; expected one of 'time', 'card', or 1 to 2")
        #expect(
            sentence("time,card\n1,2")
                == "there are 2 columns, 'time', 'card'; say which holds the timestamps")
    }

    @Test func aFileThatChangesEndsTheStreamVisibly() throws {
        let file = files.write((0..<50_000).map { "\($0)\n" }.joined())
        let recorded = try RecordedArrivals.check(path: file)
        func failure(after change: () -> Void) -> ArrivalFileProblem? {
            var stream = ArrivalStream(.recorded(recorded), seed: 0, length: nil, count: nil)
            let first = stream.next()
            #expect(first?.offset == 0)
            change()
            let rest = stream.rest()
            // It ends after the last arrival that came.
            #expect(stream.end?.number == UInt64(rest.count + 1))
            #expect(stream.end?.offset == rest.last?.offset)
            return stream.failure
        }
        #expect(failure {} == nil)
        // Shorter, behind the 64 KiB that were read: the cut row still is a time, but an early one.
        #expect(failure { truncate(file, 200_000) }?.kind != nil)
        #expect(failure { truncate(file, 100_000) }?.kind != nil)
        unlink(file)
        var gone = ArrivalStream(.recorded(recorded), seed: 0, length: nil, count: nil)
        #expect(gone.next() == nil)
        #expect(gone.failure?.kind == .unreadable(code: ENOENT))
        #expect(gone.end?.number == 0)
    }
}
