import Arrivals
import Testing

@Suite struct RecordedTests {
    private let files = RecordedFiles()

    /// 2026-01-01T00:00:00Z
    private static let newYear: Int64 = 1_767_225_600 * second

    /// In order, some equal, some far apart.
    private func instants(
        _ count: Int, step: Int64 = 1, using generator: inout SeededGenerator
    ) -> [Int64] {
        var instant = Self.newYear + Int64.random(in: 0..<second, using: &generator)
        return (0..<count).map { _ in
            let gap: Int64 =
                [0, 1, 1000, 1_000_000, 3 * second].randomElement(using: &generator) ?? 0
            instant += Int64.random(in: 0...gap, using: &generator)
            return instant / step * step
        }
    }

    private func check(
        _ file: String, _ set: (inout RecordedArrivals.Options) -> Void = { _ in }
    ) throws -> RecordedArrivals {
        var options = RecordedArrivals.Options()
        set(&options)
        return try RecordedArrivals.check(path: file, options)
    }

    private func offsets(_ recorded: RecordedArrivals, length: Int64? = nil) -> [Int64] {
        var stream = ArrivalStream(.recorded(recorded), seed: 0, length: length, count: nil)
        let arrivals = stream.rest()
        #expect(arrivals.map(\.number) == Array(0..<UInt64(arrivals.count)))
        #expect(stream.failure == nil)
        return arrivals.map(\.offset)
    }

    @Test(arguments: Spelling.allCases, UInt64(1)...4)
    func everySpellingGivesTheSameInstants(spelling: Spelling, seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        let instants = instants(1000, step: spelling.step, using: &generator)
        let expected = instants.map { $0 - instants[0] }
        let cells = instants.map(spelling.spelled)
        let quoted = cells.map { "\"\($0)\"" }
        for content in [
            cells.joined(separator: "\n"), cells.joined(separator: "\r\n") + "\r\n",
            "sent\n" + cells.joined(separator: "\n") + "\n\n\n",
            "\u{FEFF}" + cells.joined(separator: "\n"),
            "\u{FEFF}\"sent, at\"\r\n" + quoted.joined(separator: "\r\n"),
            quoted.joined(separator: "\n") + "\n", cells.joined(separator: " \n ") + "\n",
        ] {
            let recorded = try check(files.write(content))
            #expect(recorded.unit == spelling.unit, "seed \(seed)")
            #expect(recorded.count == 1000, "seed \(seed)")
            #expect(recorded.first == instants.first, "seed \(seed)")
            #expect(recorded.last == instants.last, "seed \(seed)")
            #expect(recorded.length == expected.last, "seed \(seed)")
        }
        let file = files.write("sent\r\n" + quoted.joined(separator: "\r\n"))
        #expect(offsets(try check(file)) == expected, "seed \(seed)")
    }

    @Test(arguments: UInt64(1)...8)
    func aColumnIsFoundAmongOthers(seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        let instants = instants(300, using: &generator)
        let notes = ["", "visa", "\"a,b\"", "\"two\nlines\"", "\"say \"\"when\"\"\"", "5\" tall"]
        let rows = instants.map { instant in
            let before = notes.randomElement(using: &generator) ?? ""
            let after = notes.randomElement(using: &generator) ?? ""
            return "\(before),\(Spelling.seconds.spelled(instant)),\(after)"
        }
        let named = files.write("note, time ,rest\r\n" + rows.joined(separator: "\r\n"))
        let bare = files.write(rows.joined(separator: "\n"))
        let expected = instants.map { $0 - instants[0] }
        #expect(offsets(try check(named) { $0.column = .named("time") }) == expected, "\(seed)")
        #expect(offsets(try check(named) { $0.column = .number(2) }) == expected, "\(seed)")
        #expect(offsets(try check(bare) { $0.column = .number(2) }) == expected, "\(seed)")
    }

    /// 64 KiB are read at a time: a row that lies over the edge is one row, wherever the edge is.
    @Test(arguments: ["\n", "\r\n"])
    func rowsAcrossTheEdgeOfTheBufferAreWhole(lineEnd: String) throws {
        let rows = ["12.5,\"a \"\"b\"\"\",", "\"13.25\",\"x\ny\",", "", "14,,\"\"", "15.125,z,"]
        let tail = lineEnd + rows.joined(separator: lineEnd)
        for shift in 0...tail.utf8.count {
            let padding = String(repeating: "x", count: (1 << 16) - 8 - shift)
            let file = files.write("1,\n2,\(padding)" + tail)
            let recorded = try check(file) { $0.column = .number(1) }
            #expect(recorded.count == 6, "\(shift)")
            let expected = [0, 1, 11.5, 12.25, 13, 14.125].map { Int64($0 * 1e9) }
            #expect(offsets(recorded) == expected, "\(shift)")
        }
    }

    @Test func theUnitIsReadFromTheHeaderOrTold() throws {
        let small = "0\n250\n1000\n"
        #expect(offsets(try check(files.write(small))) == [0, 250, 1000].map { $0 * second })
        let milliseconds = [0, 250, 1000].map { $0 * second / 1000 }
        #expect(offsets(try check(files.write("sent_ms\n" + small))) == milliseconds)
        let told = try check(files.write(small)) { $0.unit = .milliseconds }
        #expect(offsets(told) == milliseconds)
        #expect(
            offsets(try check(files.write("-1.5\n-0.25\n2"))) == [0, 1_250_000_000, 3_500_000_000])
    }

    @Test func datesAreThoseOfTheCalendar() throws {
        // A leap day, one that 2100 lacks, the turn of a year, a zone west of Greenwich.
        let file = files.write(
            """
            2024-02-28T23:59:59Z
            2024-02-29T00:00:00.000000001z
            2024-02-29t23:30:00-00:30
            2024-12-31 23:59:60Z
            2100-02-28T23:59:59.9999999999Z
            2100-03-01T00:00:00Z
            """)
        let recorded = try check(file)
        let day = 86_400 * second
        // From 2024-02-29 to 2024-12-31 are 306 days, to 2100-03-01 27,759.
        #expect(
            offsets(recorded) == [
                0, second + 1, day + second, 307 * day + second, 27_759 * day + second - 1,
                27_759 * day + second,
            ])
    }

    @Test func anyDateIsReadAsTheCalendarHasIt() throws {
        var generator = SeededGenerator(state: 3)
        // 1970 to 2262: what 64 bits of nanoseconds hold.
        let instants = (0..<3000).map { _ in Int64.random(in: 0 ... .max, using: &generator) }
            .sorted()
        for spelling in [Spelling.utc, .eastern] {
            let file = files.write(instants.map(spelling.spelled).joined(separator: "\n"))
            #expect(offsets(try check(file)) == instants.map { $0 - instants[0] }, "seed 3")
        }
    }

    @Test(arguments: UInt64(1)...20)
    func aWindowIsPlayedAtItsSpeed(seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        let instants = instants(2000, using: &generator)
        let file = files.write(instants.map(Spelling.seconds.spelled).joined(separator: "\n"))
        let whole = instants[1999] - instants[0]
        let from = Int64.random(in: 0..<whole / 2, using: &generator)
        let to = Int64.random(in: whole / 2...whole + second, using: &generator)
        let speed: Double = [0.5, 1, 2, 3, 10].randomElement(using: &generator) ?? 1
        let recorded = try check(file) {
            $0.window = .init(from: from, to: to)
            $0.speed = speed
        }
        let inside = instants.map { $0 - instants[0] }.filter { (from..<to).contains($0) }
        let expected = inside.map { Int64((Double($0 - from) / speed).rounded()) }
        #expect(offsets(recorded) == expected, "seed \(seed)")
        #expect(recorded.count == expected.count, "seed \(seed)")
        let end = Int64((Double(min(to, whole) - from) / speed).rounded())
        #expect(recorded.length == end, "seed \(seed)")
    }

    @Test func aWindowClosesBeforeItsEnd() throws {
        let recorded = try check(files.write("5\n6\n7\n8\n")) {
            $0.window = .init(from: second, to: 3 * second)
        }
        #expect(offsets(recorded) == [0, second])
        #expect(recorded.length == 2 * second)
    }

    @Test(arguments: [1, 2, 3, 7], UInt64(1)...4)
    func shardsReunite(shards: Int, seed: UInt64) throws {
        var generator = SeededGenerator(state: seed)
        let instants = instants(1000, using: &generator)
        let file = files.write(instants.map(Spelling.utc.spelled).joined(separator: "\n"))
        let recorded = try check(file) { $0.window = .init(from: instants[100] - instants[0]) }
        for (length, count) in [(nil, nil), (recorded.length / 2, nil), (nil, 77)]
            as [(Int64?, Int?)]
        {
            func stream(_ shard: Int, of shards: Int) -> ArrivalStream {
                ArrivalStream(
                    .recorded(recorded), seed: 0, length: length, count: count, shard: shard,
                    of: shards)
            }
            var whole = stream(0, of: 1)
            let expected = whole.rest()
            var parts: [ArrivalStream.Arrival] = []
            for shard in 0..<shards {
                var part = stream(shard, of: shards)
                parts += part.rest()
                #expect(part.end?.number == UInt64(expected.count), "seed \(seed)")
                #expect(part.end?.offset == whole.end?.offset, "seed \(seed)")
            }
            #expect(parts.sorted { $0.number < $1.number } == expected, "seed \(seed)")
        }
    }

    @Test func thePhaseLastsAsLongAsItIsTold() throws {
        let recorded = try check(files.write("10\n11\n13\n"))
        func end(length: Int64? = nil, count: Int? = nil) -> (number: UInt64, offset: Int64)? {
            var stream = ArrivalStream(.recorded(recorded), seed: 0, length: length, count: count)
            _ = stream.rest()
            return stream.end
        }
        // By itself it ends with its last arrival, which belongs to it.
        #expect(end()?.number == 3)
        #expect(end()?.offset == 3 * second)
        #expect(end(length: 3 * second)?.number == 2)
        #expect(end(length: 5 * second)?.number == 3)
        #expect(end(length: 5 * second)?.offset == 5 * second)
        // Counted, it ends when the next one would have come.
        #expect(end(count: 2)?.number == 2)
        #expect(end(count: 2)?.offset == 3 * second)
    }
}
