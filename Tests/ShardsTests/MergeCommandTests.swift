import Foundation
import Results
import Testing

@testable import Shards

/// `paybench merge` from outside.
@Suite struct MergeCommandTests {
    private let stream = Stream(seed: 11, count: 400)

    private func write(_ found: [ShardSet.Found], in folder: String) throws {
        for shard in found { try shard.file.write(in: folder) }
    }

    private func summary(_ folder: String) throws -> Summary {
        let names = ResultFolder(path: "\(folder)/out").files
        try #require(names.count == 1)
        return try Summary.read("\(folder)/out/\(names[0])")
    }

    @Test func aWholeRunIsAResultLikeAnyOther() throws {
        try withTemporaryFolder { folder in
            try write(try stream.shards(3, budgets: "- in_doubt.count < 1000\n"), in: folder)
            let end = try merge([folder, "--expect", "3"], in: folder)
            #expect(end.status == 0, "\(end.talk)")
            #expect(end.output.contains("pass          in_doubt.count < 1000"), "\(end.output)")
            let summary = try summary(folder)
            #expect(summary.totals.planned == 400 && summary.merge?.coveredShare == 1)
            #expect(summary.shards?.map(\.index) == [0, 1, 2])
            let result = "\(folder)/out/\(ResultFolder(path: "\(folder)/out").files[0])"
            let files = Set(ResultFolder(path: result).files)
            #expect(files.isSuperset(of: ["interval.log", "summary.json", "latency.hlog"]))
            #expect(files.isSuperset(of: ["reconcile.csv", "timeline.csv", "errors.csv"]))
            for command in [
                ["report", result], ["report", result, "--format", "hlog"], ["budget", result],
                ["history", "\(folder)/out"],
            ] {
                let again = try Child.run(command, in: folder)
                #expect(again.status == 0, "\(command): \(again.talk)")
            }
            let compared = try Child.run(["compare", result, result], in: folder)
            #expect([0, 4].contains(compared.status), "\(compared.talk)")
            try FileManager.default.removeItem(atPath: "\(result)/summary.json")
            let remade = try Child.run(["report", result, "--format", "json"], in: folder)
            #expect(remade.status == 0 && remade.output.contains("\"planned\" : 400"))
        }
    }

    /// Its first budget fails with fewer payments as well; the second would not have failed with all.
    @Test(arguments: [(0, 5), (1, 3)])
    func aMissingShardIsNeverFine(allowed: Int, status: Int32) throws {
        try withTemporaryFolder { folder in
            let budgets =
                "- in_doubt.count == 0\n- in_doubt.count < 1000\n- outcome.rejected.count > 100000\n"
            try write(Array(try stream.shards(4, budgets: budgets).dropLast()), in: folder)
            let end = try merge(
                [folder, "--expect", "4", "--allow-missing", "\(allowed)"], in: folder)
            #expect(end.status == status, "\(end.talk)")
            #expect(
                end.output.contains("3 of 4 shards: every figure is of 75 % of the planned load"))
            let results = try #require(try summary(folder).budgets)
            #expect(results.map(\.verdict) == [.fail, .inconclusive, .inconclusive])
            #expect(results[0].reason.hasPrefix("Failed at 3/4 of the load"))
            #expect(try summary(folder).totals.planned == 300)
        }
    }

    @Test func withoutABudgetThatFailsAllowedIsInconclusive() throws {
        try withTemporaryFolder { folder in
            let budgets = "- in_doubt.count < 1000\n"
            try write(Array(try stream.shards(4, budgets: budgets).dropLast()), in: folder)
            let arguments = [folder, "--expect", "4", "--allow-missing", "1"]
            #expect(try merge(arguments, in: folder).status == 4)
            let result = "\(folder)/out/\(ResultFolder(path: "\(folder)/out").files[0])"
            #expect(try Child.run(["budget", result], in: folder).status == 4)
            #expect(try Child.run(["baseline", "set", "x", result], in: folder).status == 5)
        }
    }

    @Test func whatIsCutIsInvalidAndAGuardRailComesFirst() throws {
        for (ending, status) in [(Ending.interrupted(.terminate), 5), (.guardRail("x"), 6)] {
            try withTemporaryFolder { folder in
                var found = try stream.shards(2)
                found[1] = try stream.shard(1, of: 2, ending: ending)
                try write(found, in: folder)
                let end = try merge([folder, "--expect", "2"], in: folder)
                #expect(end.status == Int32(status), "\(end.talk)")
            }
        }
    }

    @Test func capturedOutputIsReadWhateverElseIsInIt() throws {
        try withTemporaryFolder { folder in
            let texts = try stream.shards(3).map { try ShardText.text(of: $0.file) }
            let captured = "warning: x\n\(texts[1])\nnoise\n\(texts[0])"
            try writeFile(captured, to: "\(folder)/captured.log")
            try writeFile("Permission denied\n", to: "\(folder)/nothing.log")
            let arguments = ["captured.log", "nothing.log", "-", "--expect", "3"]
            let end = try merge(arguments, in: folder, input: texts[2])
            #expect(end.status == 0, "\(end.talk)")
            #expect(end.talk.contains("nothing.log: no result of a shard is in it"))
            #expect(try summary(folder).totals.planned == 400)
        }
    }

    @Test func nothingAtAllIsInvalid() throws {
        try withTemporaryFolder { folder in
            let end = try merge([folder, "--expect", "4", "--allow-missing", "3"], in: folder)
            #expect(end.status == 5)
            #expect(end.talk.contains("none of 4 shards left a result"))
            #expect(!ResultFolder(path: "\(folder)/out").isThere)
        }
    }

    enum Fault: String, CaseIterable {
        case otherRun = "of run other"
        case truncated = "cut off"
        case stale = "not of nightly-9"
        case twice = "shard 0 is there twice, the same"
        case nowhere = "No such file"
        case allowance = "--allow-missing 2: 0…1"
    }

    @Test(arguments: Fault.allCases)
    func whatDoesNotBelongTogetherIsRefusedAndNothingIsWritten(fault: Fault) throws {
        try withTemporaryFolder { folder in
            try write(try stream.shards(2), in: folder)
            let more = try commit(fault, in: folder)
            let end = try merge([folder, "--expect", "2"] + more, in: folder)
            #expect(end.status == 64, "\(end.output)")
            #expect(end.talk.contains(fault.rawValue), "\(end.talk)")
            #expect(!ResultFolder(path: "\(folder)/out").isThere)
        }
    }

    /// Gives what the command line says besides.
    private func commit(_ fault: Fault, in folder: String) throws -> [String] {
        let first = "\(folder)/shard-0-of-2.paybench"
        switch fault {
        case .otherRun:
            var other = try ShardFile.read(first)
            try FileManager.default.removeItem(atPath: first)
            other.header.runID = "other"
            try other.write(in: folder)
            return []
        case .truncated:
            let bytes = try readAll(first)
            try Data(bytes.dropLast(100)).write(to: URL(fileURLWithPath: first))
            return []
        case .stale: return ["--run", "nightly-9"]
        case .twice: return [first]
        case .nowhere: return ["\(folder)/nowhere"]
        case .allowance: return ["--allow-missing", "2"]
        }
    }

    private func merge(
        _ arguments: [String], in folder: String, input: String = ""
    ) throws -> Child.Ended {
        try Child.run(["merge"] + arguments + ["--output", "out"], in: folder, input: input)
    }
}

/// The program as a process.
enum Child {
    struct Ended {
        var status: Int32
        var output: String
        var talk: String
    }

    private static let binary: String = {
        if let path = ProcessInfo.processInfo.environment["PAYBENCH_BINARY"] {
            return URL(fileURLWithPath: path).path
        }
        return URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent(".build/debug/paybench").path
    }()

    static func run(
        _ arguments: [String], in folder: String, input: String = ""
    ) throws -> Ended {
        let files = ["in", "out", "err"].map { "\(folder)/.\(UUID().uuidString).\($0)" }
        try writeFile(input, to: files[0])
        for file in files.dropFirst() { try writeFile("", to: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: binary)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle(forReadingAtPath: files[0])
        process.standardOutput = FileHandle(forWritingAtPath: files[1])
        process.standardError = FileHandle(forWritingAtPath: files[2])
        try process.run()
        process.waitUntilExit()
        let texts = try files.map { String(decoding: try readAll($0), as: UTF8.self) }
        return Ended(status: process.terminationStatus, output: texts[1], talk: texts[2])
    }
}
