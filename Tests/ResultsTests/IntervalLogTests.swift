import FoundationEssentials
import Glibc
import Histograms
import Payments
import Testing

@testable import Results

@Suite struct IntervalLogTests {
    /// The log of a random run, and where its frames begin; the last number is its length.
    private func log(
        seed: UInt64, intervals: Int, payments: Int, in folder: String
    ) throws -> (run: RandomRun, starts: [Int]) {
        let run = RandomRun(seed: seed, intervals: intervals, payments: payments)
        let writer = try ResultFolder(path: folder).log()
        var starts = [Frame.fileHead.utf8.count]
        try writer.begin(smallStart)
        starts.append(try bytes(folder).count)
        for interval in run.intervals {
            try writer.append(interval)
            starts.append(try bytes(folder).count)
        }
        try writer.finish(smallEnd)
        starts.append(try bytes(folder).count)
        return (run, starts)
    }

    private func bytes(_ folder: String) throws -> [UInt8] { try readAll("\(folder)/interval.log") }

    /// The intervals that can be read; the end must not be among what can.
    private func entries(
        _ folder: String
    ) throws -> ([Interval], IntervalLogReader.Break?) {
        var reader = try IntervalLogReader(folder: folder)
        var intervals: [Interval] = []
        while let entry = try reader.next() {
            guard case .interval(let interval) = entry else {
                Issue.record("the log is not whole, and its end was read")
                break
            }
            intervals.append(interval)
        }
        return (intervals, reader.breakage)
    }

    private func overwrite(_ folder: String, _ bytes: some Collection<UInt8>) throws {
        try Data(bytes).write(to: URL(filePath: "\(folder)/interval.log"))
    }

    @Test(arguments: 1...8)
    func whatIsReadIsTheRecordOfTheRunToTheLastBit(seed: UInt64) throws {
        try withTemporaryFolder { folder in
            let (run, _) = try log(seed: seed, intervals: 6, payments: 40, in: folder)
            var uncertain: [UncertainPayment] = []
            let read = try LoggedRun.read(folder: folder) { uncertain += $0 }
            let live = record(of: run.intervals, smallEnd)
            #expect(read.isWhole && read.breakage == nil)
            #expect(read.start == smallStart)
            #expect(try everything(of: read.record) == everything(of: live))
            #expect(uncertain == run.intervals.flatMap(\.uncertain))
            #expect(live.brokenLaw() == nil)
        }
    }

    @Test(arguments: 1...20)
    func anIntervalIsReadBackEqual(seed: UInt64) throws {
        for interval in RandomRun(seed: seed, intervals: 4, payments: 30).intervals {
            #expect(try Interval(payload: interval.payload, of: smallStart) == interval)
        }
    }

    /// Cut after n bytes, the log tells of every interval that is wholly before n, and of nothing else.
    @Test func aLogCutAtAnyByteIsReadAsFarAsItIsWhole() throws {
        try withTemporaryFolder { folder in
            let (run, starts) = try log(seed: 3, intervals: 2, payments: 3, in: folder)
            let whole = try bytes(folder)
            for length in 0..<whole.count {
                try overwrite(folder, whole.prefix(length))
                guard length >= starts[1] else {
                    #expect(throws: ResultError.self) { try LoggedRun.read(folder: folder) }
                    continue
                }
                let frames = starts.lastIndex { $0 <= length } ?? 0
                let (read, breakage) = try entries(folder)
                let expected = Array(run.intervals.prefix(frames - 1))
                try #require(read == expected, "\(length)")
                #expect(breakage?.offset == (length == starts[frames] ? nil : starts[frames]))
                guard starts.contains(length) else { continue }
                let cut = try LoggedRun.read(folder: folder)
                #expect(
                    try everything(of: cut.record) == everything(of: record(of: expected, nil)))
                #expect(cut.record.brokenLaw() == nil && !cut.isWhole)
                #expect(cut.record.ending == .killed)
            }
        }
    }

    /// One byte changed: the frame it is in, and all behind it, are not counted; or it is said why
    /// nothing can be read.
    @Test(arguments: [5, 6] as [UInt64])
    func aFlippedByteIsNeverCounted(seed: UInt64) throws {
        var generator = Seeded(seed)
        try withTemporaryFolder { folder in
            let (run, starts) = try log(seed: seed, intervals: 2, payments: 2, in: folder)
            let whole = try bytes(folder)
            for place in whole.indices {
                var flipped = whole
                flipped[place] ^= .random(in: 1...255, using: &generator)
                try overwrite(folder, flipped)
                guard place >= starts[1] else {
                    #expect(throws: ResultError.self) { try LoggedRun.read(folder: folder) }
                    continue
                }
                let frame = starts.lastIndex { $0 <= place } ?? 0
                let (read, breakage) = try entries(folder)
                try #require(read == Array(run.intervals.prefix(frame - 1)), "\(place)")
                #expect(breakage?.offset == starts[frame])
            }
        }
    }

    /// A payload that passed its checksum and is nonsense all the same is a typed error, never a crash.
    @Test(arguments: 1...50)
    func aPayloadOfNonsenseIsRefusedOrRead(seed: UInt64) throws {
        var generator = Seeded(seed)
        for interval in RandomRun(seed: seed, intervals: 2, payments: 3).intervals {
            var payload = interval.payload
            for _ in 0..<4 {
                payload[Int.random(in: payload.indices, using: &generator)] = .random(
                    in: 0...255, using: &generator)
            }
            if let interval = try? Interval(payload: payload, of: smallStart) {
                _ = record(of: [interval, interval], nil)
            }
            _ = try? RunStart(payload: payload)
            _ = try? RunEnd(payload: payload)
        }
    }

    @Test func aRepeatedFrameIsDamage() throws {
        try withTemporaryFolder { folder in
            let (run, starts) = try log(seed: 7, intervals: 2, payments: 4, in: folder)
            let whole = try bytes(folder)
            try overwrite(folder, whole[..<starts[2]] + whole[starts[1]...])
            let read = try LoggedRun.read(folder: folder)
            #expect(
                try everything(of: read.record)
                    == everything(of: record(of: run.intervals.prefix(1), nil)))
            #expect(read.breakage?.kind == .damaged && read.breakage?.offset == starts[2])
        }
    }

    @Test func anOldReaderSeesThatTheFileIsNewer() throws {
        try withTemporaryFolder { folder in
            try overwrite(folder, "paybench-interval-log/2\nwhatever".utf8)
            let error = #expect(throws: ResultError.self) { try LoggedRun.read(folder: folder) }
            #expect(
                error?.description.contains("format paybench-interval-log/2 is unknown here")
                    == true)
        }
    }

    @Test func framesAndFieldsOfALaterProgramArePassedOver() throws {
        try withTemporaryFolder { folder in
            let interval = RandomRun(seed: 9, intervals: 1, payments: 4).intervals[0]
            let frames = [
                Frame(kind: 1, payload: smallStart.payload + [9, 9]),
                Frame(kind: 77, payload: [1, 2, 3]), Frame(kind: 78, payload: []),
                Frame(kind: 2, payload: interval.payload + [1]),
                Frame(kind: 3, payload: smallEnd.payload + [0]),
            ]
            let bytes = frames.enumerated().flatMap { $1.bytes(number: UInt32($0)) }
            try overwrite(folder, Array(Frame.fileHead.utf8) + bytes)
            let read = try LoggedRun.read(folder: folder)
            #expect(
                try everything(of: read.record) == everything(of: record(of: [interval], smallEnd)))
        }
    }

    @Test func aFolderThatIsRemovedIsSaidAtTheNextInterval() throws {
        try withTemporaryFolder { parent in
            let folder = try ResultFolder.create(in: parent, name: "gone", startedAt: 0)
            let writer = try folder.log()
            try writer.begin(smallStart)
            try FileManager.default.removeItem(atPath: folder.path)
            let error = #expect(throws: ResultError.self) {
                try writer.append(Interval(of: smallStart))
            }
            #expect(
                error == .system(.write, path: "\(folder.path)/interval.log", code: ENOENT))
            try writer.append(Interval(of: smallStart))
        }
    }

    /// CRC-32 of "123456789", from the catalogue of parametrised CRC algorithms (CRC-32/ISO-HDLC).
    @Test func theChecksumIsTheCommonOne() {
        #expect(Frame.checksum(Array("12345".utf8), Array("6789".utf8)) == 0xCBF4_3926)
        #expect(Frame.checksum(Array("123456789".utf8), []) == 0xCBF4_3926)
    }
}
