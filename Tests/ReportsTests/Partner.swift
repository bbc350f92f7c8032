import Foundation

/// Programs of others that read what we write; `scripts/setup --interop` installs them.
enum Partner: String {
    case xmllint
    /// In the build folder, with the packages that `scripts/setup` names.
    case python
    case jsonSchema = "check-jsonschema"

    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The schema that Jenkins checks by.
    static let jenkinsSchema = package.appendingPathComponent(".build/interop/junit-10.xsd").path
    static let hasJenkinsSchema = FileManager.default.fileExists(atPath: jenkinsSchema)

    var isThere: Bool {
        switch self {
        case .xmllint: FileManager.default.isExecutableFile(atPath: program)
        case .jsonSchema: FileManager.default.isExecutableFile(atPath: program)
        case .python:
            (try? run(["-c", "import junitparser, prometheus_client"]))?.status == 0
        }
    }

    var missing: String { "\(rawValue) is missing; scripts/setup --interop installs it" }

    private var program: String {
        switch self {
        case .xmllint: "/usr/bin/xmllint"
        case .python, .jsonSchema:
            Self.package.appendingPathComponent(".build/interop/bin/\(rawValue)").path
        }
    }

    struct Ended {
        var status: Int32
        /// stdout and stderr.
        var output: String
    }

    func run(_ arguments: [String]) throws -> Ended {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let printed = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Ended(
            status: process.terminationStatus, output: String(decoding: printed, as: UTF8.self))
    }
}

/// Files that are gone with their last owner.
final class Scratch {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("paybench-reports-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, as name: String) throws -> String {
        let file = url.appendingPathComponent(name)
        try text.write(to: file, atomically: false, encoding: .utf8)
        return file.path
    }
}
