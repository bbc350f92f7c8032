import FoundationEssentials
import Glibc
import Results
import Testing

@testable import Shards

@Suite struct ShardFileTests {
    @Test(arguments: [0, 1, 17, 70_000])
    func aShardIsReadBackEqual(logBytes: Int) throws {
        let file = shardFile(logBytes: logBytes)
        #expect(try ShardFile(try file.bytes(), name: "a") == file)
        let text = try ShardText.text(of: file)
        #expect(try ShardText.files(in: Array(text.utf8), name: "a") == [file])
    }

    /// Each byte of a small file, flipped in a random bit.
    @Test func aChangedByteIsFoundWhereverItIs() throws {
        var random = SystemRandomNumberGenerator()
        let whole = try shardFile(logBytes: 300).bytes()
        for place in whole.indices {
            var changed = whole
            changed[place] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &random)
            #expect(throws: ShardFileError.self, "byte \(place)") {
                try ShardFile(changed, name: "a")
            }
        }
    }

    @Test func aFileThatIsCutAnywhereSaysSo() throws {
        let whole = try shardFile(logBytes: 300).bytes()
        for length in whole.indices {
            #expect(throws: ShardFileError.self, "\(length) bytes") {
                try ShardFile(Array(whole.prefix(length)), name: "a")
            }
        }
        #expect(throws: ShardFileError.damaged(name: "a", .cutOff)) {
            try ShardFile(Array(whole.dropLast(40)), name: "a")
        }
    }

    @Test func otherVersionsAndOtherFilesAreTold() {
        #expect(throws: ShardFileError.damaged(name: "a", .unknownFormat("paybench-shard/2"))) {
            try ShardFile(Array("paybench-shard/2\n{}\n".utf8), name: "a")
        }
        #expect(throws: ShardFileError.damaged(name: "a", .foreign)) {
            try ShardFile(Array("{\"format\": 1}".utf8), name: "a")
        }
    }

    @Test(arguments: [(4, 4), (-1, 4), (0, 0), (0, 5000)])
    func aShardThatIsNoneOfItsNumberIsRefused(index: Int, count: Int) throws {
        var file = shardFile(logBytes: 3)
        file.header.index = index
        file.header.count = count
        let bytes = try file.bytes()
        #expect(throws: ShardFileError.damaged(name: "a", .impossibleHead)) {
            try ShardFile(bytes, name: "a")
        }
    }

    @Test func aResultIsNeverReplacedAndTheSecondIsKept() throws {
        try withTemporaryFolder { folder in
            let first = shardFile(logBytes: 10)
            let path = try first.write(in: folder)
            #expect(path == "\(folder)/shard-1-of-4.paybench")
            let second = shardFile(logBytes: 20)
            let error = #expect(throws: ShardFileError.self) { try second.write(in: folder) }
            guard case .exists(path, let kept) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try ShardFile.read(path) == first)
            #expect(try ShardFile.read(kept) == second)
            let names = ResultFolder(path: folder).files.filter(ShardFile.isName)
            #expect(names == ["shard-1-of-4.paybench"])
        }
    }

    @Test func aFolderThatIsNotThereIsAFailureOfTheSystem() {
        #expect(throws: ShardFileError.self) {
            try shardFile(logBytes: 1).write(in: "/nowhere/at/all")
        }
    }
}

@Suite struct ShardTextTests {
    @Test func linesOfOthersAroundAndBetweenDoNotMatter() throws {
        let file = shardFile(logBytes: 40_000)
        let lines = try ShardText.text(of: file).split(separator: "\n")
        #expect(lines.count > 4)
        let text = lines.map {
            "noise #1\n[pod/a] \($0)\r\n\n2026 warning: #paybench-shard/1 begin\n"
        }.joined()
        #expect(try ShardText.files(in: Array(text.utf8), name: "log") == [file])
    }

    @Test func shardsThatWereWrittenAtOneTimeAreToldApart() throws {
        let files = (0..<3).map { shardFile(index: $0, logBytes: 30_000 + $0) }
        var rest = try files.map { try ShardText.text(of: $0).split(separator: "\n")[...] }
        var text = ""
        while rest.contains(where: { !$0.isEmpty }) {
            for index in rest.indices {
                if let line = rest[index].popFirst() { text += "\(index): \(line)\n" }
            }
        }
        #expect(try ShardText.files(in: Array(text.utf8), name: "log") == files)
    }

    @Test func aLineThatIsMissingOrChangedIsFound() throws {
        let lines = try ShardText.text(of: shardFile(logBytes: 60_000)).split(separator: "\n")
        for place in lines.indices {
            var fewer = lines
            fewer.remove(at: place)
            // Without its last line it is whole all the same.
            if place < lines.count - 1 { isFound(fewer, place) }
            guard lines[place].utf8.count > 200 else { continue }
            var changed = Array(lines[place].utf8)
            let last = changed.count - 100
            changed[last] = UInt8(ascii: changed[last] == UInt8(ascii: "A") ? "B" : "A")
            var others = lines
            others[place] = Substring(decoding: changed, as: UTF8.self)
            isFound(others, place)
        }
    }

    private func isFound(_ lines: [Substring], _ place: Int) {
        let text = Array(lines.joined(separator: "\n").utf8)
        #expect(throws: ShardFileError.self, "line \(place)") {
            try ShardText.files(in: text, name: "log")
        }
    }

    @Test func aTextThatEndsEarlyIsCutOff() throws {
        let lines = try ShardText.text(of: shardFile(logBytes: 60_000)).split(separator: "\n")
        let text = lines.prefix(3).joined(separator: "\n")
        #expect(throws: ShardFileError.damaged(name: "log, shard 1/4", .cutOff)) {
            try ShardText.files(in: Array(text.utf8), name: "log")
        }
    }

    @Test func aTextWithoutShardsHasNone() throws {
        #expect(try ShardText.files(in: Array("nothing\nat all".utf8), name: "log").isEmpty)
    }
}

/// Of random bytes, which no compression makes smaller.
func shardFile(index: Int = 1, of count: Int = 4, logBytes: Int) -> ShardFile {
    ShardFile(
        header: shardHeader(index: index, of: count),
        log: (0..<logBytes).map { _ in UInt8.random(in: 0 ... .max) })
}

func shardHeader(index: Int = 1, of count: Int = 4) -> ShardHeader {
    ShardHeader(
        runID: "nightly-7", planDigest: String(repeating: "a1", count: 32),
        scenarioSHA256: String(repeating: "0f", count: 32), seed: .max, index: index,
        count: count, planned: 12_345,
        clock: ShardClock(
            startAsked: 1_785_585_662_000_000_000, startActual: 1_785_585_662_000_500_000,
            step: -1200, offset: 30_000, offsetBound: 90_000, kernelBound: nil),
        hostHash: "0123456789ab", toolVersion: "0.1.0", libcurlVersion: "7.88.1",
        isComplete: true)
}

func withTemporaryFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
        path: "paybench-shards-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
}
