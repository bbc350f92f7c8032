import Foundation

/// One start of the program, with its output in files; killed when nobody holds it any more.
final class Command {
    struct Ended {
        /// nil where a signal ended it.
        var status: Int32?
        var output: String
        var talk: String
    }

    private let process = Process()
    private let ended = DispatchSemaphore(value: 0)
    private let output: URL
    private let talk: URL

    init(_ arguments: [String], in folder: Folder, environment: [String: String] = [:]) throws {
        let name = UUID().uuidString
        output = folder.url.appendingPathComponent("\(name).out")
        talk = folder.url.appendingPathComponent("\(name).err")
        for file in [output, talk] { try Data().write(to: file) }
        process.executableURL = URL(fileURLWithPath: Binary.path)
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        process.environment = ProcessInfo.processInfo.environment
            .merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: talk)
        process.terminationHandler = { [ended] _ in ended.signal() }
        try process.run()
    }

    deinit { if process.isRunning { signal(SIGKILL) } }

    var id: Int32 { process.processIdentifier }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    var outputSoFar: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }

    /// Its end; killed, and an error, where it does not come in time.
    func wait(seconds: Double = 60) throws -> Ended {
        guard ended.wait(timeout: .now() + seconds) == .success else {
            signal(SIGKILL)
            throw TookTooLong(what: (process.arguments ?? []).joined(separator: " "))
        }
        ended.signal()
        let status = process.terminationReason == .exit ? process.terminationStatus : nil
        return Ended(
            status: status, output: outputSoFar,
            talk: try String(contentsOf: talk, encoding: .utf8))
    }
}

/// Runs it to its end.
func paybench(
    _ arguments: [String], in folder: Folder, environment: [String: String] = [:]
) throws -> Command.Ended {
    try Command(arguments, in: folder, environment: environment).wait()
}

/// `paybench run` of a scenario's text.
func start(
    _ text: String, in folder: Folder, _ arguments: [String] = [],
    environment: [String: String] = [:]
) throws -> Command {
    let file = try folder.write(text, as: "\(UUID().uuidString).yaml")
    return try Command(
        ["run", file, "--results", folder.results] + arguments, in: folder,
        environment: environment)
}

func run(
    _ text: String, in folder: Folder, _ arguments: [String] = [],
    environment: [String: String] = [:]
) throws -> Command.Ended {
    try start(text, in: folder, arguments, environment: environment).wait()
}
