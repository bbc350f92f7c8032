import Foundation
import Testing

/// The program from outside: started as a process, on the loopback. What judges times has the machine for
/// itself, one test at a time.
@Suite(.serialized, .measuredAgain) enum EndToEnd {}

/// Where only counts and words matter two tests at a time do no harm: what is sent and what it came to.
@Suite(.serialized, .measuredAgain) enum Sending {}

/// Likewise: what a run, or several that belong together, leave behind and let others read.
@Suite(.serialized, .measuredAgain) enum Keeping {}

/// The program under test: the one built beside these tests, or what `PAYBENCH_BINARY` names.
enum Binary {
    static let path: String = {
        if let path = ProcessInfo.processInfo.environment["PAYBENCH_BINARY"] {
            return URL(fileURLWithPath: path).path
        }
        let beside = URL(fileURLWithPath: CommandLine.arguments[0])
            .deletingLastPathComponent().appendingPathComponent("paybench").path
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        return package.appendingPathComponent(".build/debug/paybench").path
    }()

    /// A debug build takes about ten times the CPU of an optimised one.
    static var isOptimised: Bool {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path.contains("/release/")
    }

    static var package: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }
}

/// A folder of its own for each test, gone with it.
final class Folder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("paybench-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, as name: String) throws -> String {
        try write(Data(text.utf8), as: name)
    }

    func write(_ data: Data, as name: String) throws -> String {
        let file = url.appendingPathComponent(name)
        try data.write(to: file)
        return file.path
    }

    var results: String { url.appendingPathComponent("results").path }

    /// The result folders in it.
    var resultFolders: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: results)) ?? []).sorted()
            .map { "\(results)/\($0)" }
    }
}

struct TookTooLong: Error { var what: String }

/// Asks again and again until it is so.
func eventually(
    within seconds: Double, _ what: String, _ isSo: () throws -> Bool
) throws {
    let deadline = Date().addingTimeInterval(seconds)
    while try !isSo() {
        guard Date() < deadline else { throw TookTooLong(what: what) }
        usleep(5000)
    }
}

/// One payment kind to a target; `load` and `more` are lines of YAML.
func scenario(
    _ base: String, load: [String], more: [String] = [], payment: String = "type: scheme",
    target: String = ""
) -> String {
    ([
        "version: 1", "name: test", "seed: 42",
        "target: { base_url: \"\(base)\"\(target.isEmpty ? "" : ", \(target)") }",
        "payments:",
        "  - { name: card, client_type: IOS, payment_method: { \(payment) } }",
    ] + more + ["load:"] + load.map { "  - { \($0) }" }).joined(separator: "\n") + "\n"
}
