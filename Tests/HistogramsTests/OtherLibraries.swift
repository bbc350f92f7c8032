import Foundation
import Histograms

/// What another library of HdrHistogram says is in a log: the form is told in `HistogramLog.java`.
enum OtherLibrary: String {
    case java, python
    /// In the folder that `HDRHISTOGRAM_C` or `HDRHISTOGRAM_GO` names: their sources, as published.
    case c, go

    static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    private static let package = tests.deletingLastPathComponent().deletingLastPathComponent()
    private static let jar = "/usr/share/java/hdrhistogram.jar"
    private static let interpreter =
        package.appendingPathComponent(".build/interop/bin/python").path

    /// What is missing for it, in a sentence; nil where nothing is.
    var missing: String? {
        let files = FileManager.default
        switch self {
        case .java where !files.fileExists(atPath: Self.jar) || !Self.isOnPath("javac"):
            return "Java or its library is missing; scripts/setup --interop installs them"
        case .python where !files.isExecutableFile(atPath: Self.interpreter):
            return "Python's package is missing; scripts/setup --interop installs it"
        case .c where sources == nil: return "HDRHISTOGRAM_C names no folder of its sources"
        case .go where sources == nil: return "HDRHISTOGRAM_GO names no folder of its sources"
        case .java, .python, .c, .go: return nil
        }
    }

    private static func isOnPath(_ program: String) -> Bool {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":")
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }

    private var sources: String? {
        ProcessInfo.processInfo.environment["HDRHISTOGRAM_\(rawValue.uppercased())"]
    }

    /// One line for each interval of the log.
    func description(of log: URL) throws -> [String] {
        let folder = try TemporaryFolder()
        let programs = Self.tests.appendingPathComponent("Interop").path
        switch self {
        case .java:
            return try output(
                "/usr/bin/env",
                ["java", "-cp", Self.jar, "\(programs)/HistogramLog.java", "read", log.path])
        case .python: return try output(Self.interpreter, ["\(programs)/read_log.py", log.path])
        case .c:
            let program = folder.url.appendingPathComponent("read_log").path
            let library = ["histogram", "histogram_log", "encoding", "time"]
                .map { "\(sources ?? "")/src/hdr_\($0).c" }
            let include = ["-I\(sources ?? "")/include", "-I\(sources ?? "")/src"]
            _ = try output(
                "/usr/bin/env",
                ["gcc", "-o", program, "\(programs)/read_log.c"] + include + library + [
                    "-lz", "-lm",
                ])
            return try output(program, [log.path])
        case .go:
            try makeGoModule(in: folder.url, "\(programs)/read_log.go")
            return try output("/usr/bin/env", ["go", "run", ".", log.path], in: folder.url)
        }
    }

    /// What Java's `HistogramLogProcessor` prints of one series.
    static func processed(log: URL, tag: String?) throws -> [String] {
        let program = "org.HdrHistogram.HistogramLogProcessor"
        return try output(
            "/usr/bin/env",
            ["java", "-cp", jar, program, "-i", log.path] + (tag.map { ["-tag", $0] } ?? []))
    }

    private func makeGoModule(in folder: URL, _ program: String) throws {
        let library = "github.com/HdrHistogram/hdrhistogram-go"
        let module = """
            module read_log

            go 1.19

            require \(library) v0.0.0
            replace \(library) => \(sources ?? "")

            """
        try module.write(
            to: folder.appendingPathComponent("go.mod"), atomically: false, encoding: .utf8)
        try FileManager.default.copyItem(
            atPath: program, toPath: folder.appendingPathComponent("main.go").path)
    }
}

struct ProgramFailed: Error {
    var program: String
    var status: Int32
}

/// The lines that a program prints.
private func output(
    _ program: String, _ arguments: [String], in folder: URL? = nil
) throws -> [String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let printed = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw ProgramFailed(program: arguments.first ?? program, status: process.terminationStatus)
    }
    return lines(of: String(decoding: printed, as: UTF8.self))
}

func lines(of text: String) -> [String] {
    text.split(separator: "\n").map(String.init)
}

/// Gone with its last owner.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("paybench-histograms-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}

extension HistogramLogReader.Interval {
    /// What `HistogramLog.java` prints of it.
    var line: String {
        let quantiles = [0, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1]
            .map { histogram.value(at: $0) ?? 0 }
        let buckets = histogram.buckets.map { "\(Buckets.highestValue(at: $0.index)):\($0.count)" }
        let times = [Int((start * 1000).rounded()), Int((length * 1000).rounded())]
        return
            ([tag?.text ?? "-"] + times.map(String.init) + ["\(histogram.count)"]
            + quantiles.map(String.init) + buckets).joined(separator: " ")
    }
}
