import Histograms
import Testing

@Suite struct HistogramLogTests {
    private typealias Interval = HistogramLogReader.Interval

    private static let header = """
        #[Logged with paybench 0.1]
        #[Histogram log format version 1.3]
        #[StartTime: 1700000000.250 (seconds since epoch), 2023-11-14T22:13:20Z]
        #[BaseTime: 0.000 (seconds since epoch)]
        "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

        """

    private static func written(_ intervals: [(String, Double, Histogram)]) -> [UInt8] {
        var writer = HistogramLogWriter()
        var log = writer.header(
            tool: "paybench 0.1", started: 1_700_000_000.25, date: "2023-11-14T22:13:20Z")
        for (tag, start, histogram) in intervals {
            log += writer.line(HistogramTag([tag]), start: start, length: 1, histogram)
        }
        return log
    }

    private static func read(
        _ log: [UInt8], pieces of: Int = .max
    ) throws(HistogramLogError) -> [Interval] {
        var reader = HistogramLogReader()
        var intervals: [Interval] = []
        var rest = log[...]
        while !rest.isEmpty {
            intervals += try reader.take(Array(rest.prefix(of)))
            rest = rest.dropFirst(of)
        }
        if let last = try reader.finish() { intervals.append(last) }
        return intervals
    }

    @Test func aLogIsAHeaderAndALineForEachIntervalAndSeries() {
        let log = Self.written([("response_time", 1_700_000_001.25, Histogram([1, 20_000]))])
        let lines = String(decoding: log, as: UTF8.self)
        #expect(lines.hasPrefix(Self.header))
        let line = lines.dropFirst(Self.header.count)
        #expect(line.hasPrefix("Tag=response_time,1700000001.250,1.000,20.000,HISTFAAAA"))
        #expect(line.hasSuffix("\n"))
        #expect(line.count { $0 == "\n" } == 1)
    }

    /// The C library reads lines of the header into 128 bytes.
    @Test func noLineOfTheHeaderIsTooLongForTheCReader() {
        let lines = Self.header.split(separator: "\n")
        #expect(lines.allSatisfy { $0.utf8.count <= HistogramLogWriter.longestHeaderLine })
    }

    @Test(arguments: Array(UInt64(1)...3))
    func whatIsWrittenIsReadToTheSameCountsInPiecesOfAnySize(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let intervals = (0..<12).map { second in
            let times = random.times(.random(in: 0...500, using: &random))
            return ("series-\(second % 3)", 1_700_000_000 + Double(second), Histogram(times))
        }
        let log = Self.written(intervals)
        for size in [1, 7, 4096, .max] {
            let read = try Self.read(log, pieces: size)
            #expect(read.map(\.tag?.text) == intervals.map(\.0), "seed \(seed)")
            #expect(read.map(\.start) == intervals.map(\.1), "seed \(seed)")
            #expect(read.map(\.histogram.table) == intervals.map(\.2.table), "seed \(seed)")
            #expect(read.allSatisfy { $0.length == 1 }, "seed \(seed)")
        }
    }

    @Test func aLastLineWithoutItsEndIsRead() throws {
        let log = Self.written([("a", 1_700_000_001, Histogram([5]))])
        #expect(try Self.read(Array(log.dropLast())).map(\.histogram.table) == [[5: 1]])
    }

    @Test func carriageReturnsAndEmptyLinesAreNoMatter() throws {
        let log = Self.written([("a", 1_700_000_001, Histogram([5]))])
        let text = String(decoding: log, as: UTF8.self).replacing("\n", with: "\r\n\r\n")
        #expect(try Self.read([UInt8](text.utf8)).map(\.histogram.table) == [[5: 1]])
    }

    private static let payload =
        "HISTFAAAADJ42pNpmSzMwMAAwiDADKUZQcS1yUsY7D9ARZhO83OtFmBiO6jMdtqK7/IbRiYA2pwKAg=="

    /// The rule of the Java reader: relative to a base time; without one, relative to the start where
    /// it lies more than a year before it.
    @Test(arguments: [
        ("", "5.5", 5.5),
        ("#[StartTime: 1700000000.250 (seconds since epoch), x]\n", "5.5", 1_700_000_005.75),
        ("#[StartTime: 1700000000.250 (seconds since epoch), x]\n", "1700000001", 1_700_000_001),
        ("#[BaseTime: 1600000000.000 (seconds since epoch)]\n", "5.5", 1_600_000_005.5),
    ])
    func timestampsAreAbsolute(header: String, stamp: String, start: Double) throws {
        let log = header + "\(stamp),1.000,0.1,\(Self.payload)\n"
        let intervals = try Self.read([UInt8](log.utf8))
        #expect(intervals.map(\.start) == [start])
        #expect(intervals.first?.tag == nil)
    }

    @Test(
        arguments: [
            ("#[Histogram log format version 2.0]\n", 1, .unknownVersion("2.0")),
            ("\n# comment\n1,2,3\n", 3, .notAnInterval(columns: 3)),
            ("Tag=a,1,2,3,\(payload),\n", 1, .notAnInterval(columns: 5)),
            ("Tag=a\n", 1, .notAnInterval(columns: 0)),
            ("1e3,1,1,\(payload)\n", 1, .notANumber(.start, "1e3")),
            ("1,-1,1,\(payload)\n", 1, .notANumber(.length, "-1")),
            ("1,1,,\(payload)\n", 1, .notANumber(.maximum, "")),
            ("1,1,nan,\(payload)\n", 1, .notANumber(.maximum, "nan")),
            ("#[StartTime: now (x)]\n", 1, .notANumber(.startTime, "now")),
            ("#[BaseTime: 1.2.3 (x)]\n", 1, .notANumber(.baseTime, "1.2.3")),
            ("1,1,1,HIST?AAA\n", 1, .histogram(.notBase64(at: 4))),
            ("1,1,1,\n", 1, .histogram(.truncated(at: 0))),
            ("1,1,1,HISTFA==\n", 1, .histogram(.truncated(at: 4))),
        ] as [(String, Int, HistogramLogError.Problem)])
    func whatIsNoLogIsSaidWhere(log: String, line: Int, problem: HistogramLogError.Problem) {
        #expect(throws: HistogramLogError(line: line, problem: problem)) {
            try Self.read([UInt8](log.utf8))
        }
    }

    @Test func aLineWithoutEndIsRefusedAtTheBound() {
        var reader = HistogramLogReader()
        let piece = [UInt8](repeating: UInt8(ascii: "1"), count: 1 << 18)
        let limit = HistogramLogReader.longestLine
        var thrown: HistogramLogError?
        for _ in 0...4 where thrown == nil {
            do throws(HistogramLogError) { _ = try reader.take(piece) } catch { thrown = error }
        }
        #expect(thrown == HistogramLogError(line: 1, problem: .tooLong(limit: limit)))
    }

    @Test(arguments: [
        (["response_time", "steady", "card", "accepted"], "response_time/steady/card/accepted"),
        (["warm up", "a,b", "c/d", "50%"], "warm%20up/a%2Cb/c%2Fd/50%25"),
        (["é\n", ""], "%C3%A9%0A/"),
    ])
    func aTagHasNothingThatEndsOne(parts: [String], text: String) {
        let tag = HistogramTag(parts)
        #expect(tag.text == text)
        #expect(tag.parts == parts)
    }

    @Test(arguments: ["a%", "a%4", "%zz/b", "%%41"])
    func anothersTagIsReadAsItStands(text: String) throws {
        let log = "Tag=\(text),1,1,1,\(Self.payload)\n"
        let tag = try Self.read([UInt8](log.utf8)).first?.tag
        #expect(tag?.text == text)
        #expect(tag?.parts.joined(separator: "/") == text.replacing("%41", with: "A"))
    }
}
