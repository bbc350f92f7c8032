import Foundation

/// How a process competes with whatever else runs on the host.
enum Precedence {
    case usual
    /// Before everything else, where the system lets us: what is measured is then the program's.
    case first

    /// Whether the system lets us.
    static let isGranted: Bool = {
        var usual = sched_param()
        return take(0) && sched_setscheduler(0, SCHED_OTHER, &usual) == 0
    }()

    /// Gives a process, or with 0 the calling thread, the processor whenever it wants it.
    @discardableResult
    static func take(_ process: Int32) -> Bool {
        var wish = sched_param(sched_priority: 1)
        return sched_setscheduler(process, SCHED_RR, &wish) == 0
    }
}

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

    init(
        _ arguments: [String], in folder: Folder, environment: [String: String] = [:],
        executable: String = Binary.path, _ precedence: Precedence = .usual
    ) throws {
        let name = UUID().uuidString
        output = folder.url.appendingPathComponent("\(name).out")
        talk = folder.url.appendingPathComponent("\(name).err")
        for file in [output, talk] { try Data().write(to: file) }
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        // What it leaves in the temporary folder goes with the test's.
        process.environment = ProcessInfo.processInfo.environment
            .merging(["TMPDIR": folder.url.path]) { $1 }.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: talk)
        process.terminationHandler = { [ended] _ in ended.signal() }
        try process.run()
        switch precedence {
        case .usual: break
        // What it starts later, threads and processes, inherits it.
        case .first: Precedence.take(process.processIdentifier)
        }
    }

    deinit { if process.isRunning { signal(SIGKILL) } }

    var id: Int32 { process.processIdentifier }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    var talkSoFar: String { (try? String(contentsOf: talk, encoding: .utf8)) ?? "" }
    var outputSoFar: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }

    /// Its end; killed, and an error, where it does not come in time.
    func wait(seconds: Double = 60) throws -> Ended {
        guard ended.wait(timeout: .now() + seconds) == .success else {
            signal(SIGKILL)
            throw TookTooLong(what: (process.arguments ?? []).joined(separator: " "))
        }
        ended.signal()
        let status = process.terminationReason == .exit ? process.terminationStatus : nil
        if status == 5 { MeasuredAgain.noteInvalidRun() }
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
    environment: [String: String] = [:], _ precedence: Precedence = .usual
) throws -> Command {
    let file = try folder.write(text, as: "\(UUID().uuidString).yaml")
    return try Command(
        ["run", file, "--results", folder.results] + arguments, in: folder,
        environment: environment, precedence)
}

func run(
    _ text: String, in folder: Folder, _ arguments: [String] = [],
    environment: [String: String] = [:], _ precedence: Precedence = .usual
) throws -> Command.Ended {
    try start(text, in: folder, arguments, environment: environment, precedence).wait()
}
