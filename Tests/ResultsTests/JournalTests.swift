import FoundationEssentials
import Glibc
import Testing

@testable import Results

@Suite struct JournalTests {
    private let layout = JournalFile.Layout(workers: 2, entrySize: 64, entries: 1024)

    /// As `Engine` writes it.
    private func enter(
        _ file: JournalFile, worker: Int, place: Int, state: UInt32, payment: UInt16, id: String,
        sent: Int64
    ) {
        let entry = file.memory(ofWorker: worker)
        let at = place * file.layout.entrySize
        entry.storeBytes(of: state, toByteOffset: at, as: UInt32.self)
        entry.storeBytes(of: UInt16(id.utf8.count), toByteOffset: at + 4, as: UInt16.self)
        entry.storeBytes(of: payment, toByteOffset: at + 6, as: UInt16.self)
        entry.storeBytes(of: sent - 1_000, toByteOffset: at + 8, as: Int64.self)
        entry.storeBytes(of: sent, toByteOffset: at + 16, as: Int64.self)
        for (index, byte) in id.utf8.enumerated() { entry[at + 24 + index] = byte }
    }

    private func run(tallies: [UInt32?]) -> LoggedRun {
        LoggedRun(
            start: smallStart, record: smallRecord(), breakage: nil,
            tallies: tallies, elapsed: 1)
    }

    @Test func whatIsUnderWayOrNotCountedYetIsUnanswered() throws {
        try withTemporaryFolder { path in
            let folder = ResultFolder(path: path)
            let file = try folder.journal(layout)
            let second: Int64 = 1_785_585_662_000_000_000
            enter(file, worker: 0, place: 0, state: 1, payment: 1, id: "a", sent: second + 3000)
            // Tallies 4 and 5 of worker 0: the log has them up to 4.
            enter(file, worker: 0, place: 1, state: 6, payment: 0, id: "b", sent: second)
            enter(file, worker: 0, place: 1023, state: 7, payment: 0, id: "c", sent: second)
            // The log has nothing of worker 1.
            enter(file, worker: 1, place: 7, state: 2, payment: 9, id: "d", sent: second + 9000)
            enter(file, worker: 1, place: 8, state: 0, payment: 0, id: "e", sent: second)
            let found = try JournalReader.unanswered(folder: path, of: run(tallies: [4, nil]))
            #expect(found.map(\.paymentID) == ["c", "a", "d"])
            #expect(found.map(\.state) == [.ended, .underWay, .ended])
            #expect(found.map(\.payment) == ["card", "wallet", ""])
            let instants = [found[1].intended, found[1].sent].map {
                Timestamp(secondsSince1970: $0).microseconds
            }
            #expect(instants == [1_785_585_662_000_002, 1_785_585_662_000_003])
            file.remove()
            #expect(try JournalReader.unanswered(folder: path, of: run(tallies: [])).isEmpty)
        }
    }

    @Test func theJournalIsThereWhenItsWriterIsNot() throws {
        try withTemporaryFolder { path in
            do {
                let file = try ResultFolder(path: path).journal(layout)
                enter(file, worker: 1, place: 0, state: 1, payment: 0, id: "x", sent: 0)
            }
            let found = try JournalReader.unanswered(folder: path, of: run(tallies: [nil, nil]))
            #expect(found.map(\.paymentID) == ["x"])
        }
    }

    @Test func aDamagedHeadIsSaidAndACutFileIsReadAsFarAsItGoes() throws {
        try withTemporaryFolder { path in
            let file = try ResultFolder(path: path).journal(layout)
            enter(file, worker: 0, place: 0, state: 1, payment: 0, id: "x", sent: 0)
            let whole = try readAll("\(path)/inflight.journal")
            let url = URL(filePath: "\(path)/inflight.journal")
            for place in 0..<JournalFile.head(of: layout).count {
                var damaged = whole
                damaged[place] ^= 0x41
                try Data(damaged).write(to: url)
                #expect(throws: ResultError.self) {
                    try JournalReader.unanswered(folder: path, of: run(tallies: [0, 0]))
                }
            }
            for length in [4096, 4097, 4096 + 63, 4096 + 64, 70_000] {
                try Data(whole.prefix(length)).write(to: url)
                let found = try JournalReader.unanswered(folder: path, of: run(tallies: [0, 0]))
                #expect(found.count == (length < 4096 + 64 ? 0 : 1))
            }
        }
    }

    /// Whatever stands in the entries, and wherever the file ends, what is found is what is there.
    @Test(arguments: 1...20)
    func anyBytesOfEntriesAreRead(seed: UInt64) throws {
        var generator = Seeded(seed)
        try withTemporaryFolder { path in
            let small = JournalFile.Layout(workers: 2, entrySize: 64, entries: 100)
            let file = try ResultFolder(path: path).journal(small)
            for place in 0..<100 {
                enter(file, worker: 1, place: place, state: 1, payment: 0, id: "x", sent: 0)
            }
            var bytes = try readAll("\(path)/inflight.journal")
            for _ in 0..<200 {
                let place = Int.random(in: JournalFile.pageSize..<bytes.count, using: &generator)
                bytes[place] = .random(in: 0...255, using: &generator)
            }
            let length = Int.random(in: JournalFile.pageSize...bytes.count, using: &generator)
            try Data(bytes.prefix(length)).write(to: URL(filePath: "\(path)/inflight.journal"))
            let found = try JournalReader.unanswered(folder: path, of: run(tallies: [nil, nil]))
            #expect(found.count <= max(0, length - JournalFile.pageSize) / 64, "seed \(seed)")
            #expect(found.allSatisfy { $0.paymentID.utf8.count <= 3 * 40 }, "seed \(seed)")
        }
    }

    @Test func noRoomIsATypedErrorAndLeavesNoFile() throws {
        try withTemporaryFolder { path in
            let huge = JournalFile.Layout(workers: 4096, entrySize: 1 << 20, entries: 1 << 18)
            #expect(throws: ResultError.self) { try ResultFolder(path: path).journal(huge) }
            #expect(!ResultFolder(path: path).hasJournal)
        }
    }
}
