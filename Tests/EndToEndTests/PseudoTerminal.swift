import Foundation
import Synchronization

/// The program at a terminal of its own: what it shows there, and what is typed.
final class PseudoTerminal: Sendable {
    private struct State {
        var screen: VirtualScreen
        /// All that it wrote was read.
        var isOver = false
        /// Its status was fetched.
        var isGone = false
    }

    /// Read into on a thread of its own, which outlives nobody else.
    private final class Shown: Sendable {
        let state: Mutex<State>

        init(_ screen: VirtualScreen) { state = Mutex(State(screen: screen)) }
    }

    private let shown: Shown
    private let master: Int32
    private let process: Int32

    struct NoTerminal: Error {}

    /// `TIOCSPTLCK`, `TIOCGPTN`, `POSIX_SPAWN_SETSID`: what Swift does not import.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430
    private static let setSession: Int16 = 0x80

    /// - Parameter environment: beside that of the tests; UTF-8 and a usual terminal if it does not say.
    init(
        _ arguments: [String], in folder: Folder, columns: Int = 80, rows: Int = 24,
        environment: [String: String] = [:]
    ) throws {
        shown = Shown(VirtualScreen(columns: columns, rows: rows))
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        var (lock, number): (Int32, Int32) = (0, -1)
        guard master >= 0, ioctl(master, Self.setLock, &lock) == 0,
            ioctl(master, Self.getNumber, &number) == 0
        else { throw NoTerminal() }
        let usual = ["LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "TMPDIR": folder.url.path]
        var variables = ProcessInfo.processInfo.environment.merging(usual) { $1 }
        variables["NO_COLOR"] = nil
        variables.merge(environment) { $1 }
        Self.resize(master, columns: columns, rows: rows)
        process = try Self.spawn(
            [Binary.path] + arguments, terminal: "/dev/pts/\(number)",
            environment: variables)
        Thread.detachNewThread { [master, shown] in Self.read(master, into: shown) }
    }

    deinit {
        if !shown.state.withLock({ $0.isGone }) { kill(process, SIGKILL) }
        close(master)
    }

    /// In a session of its own, at whose terminal it is: the first one that a leader opens.
    private static func spawn(
        _ arguments: [String], terminal: String, environment: [String: String]
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, terminal, O_RDWR, 0)
        posix_spawn_file_actions_adddup2(&actions, 0, 1)
        posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, setSession)
        let words = arguments.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for word in words + variables { free(word) } }
        var process: Int32 = 0
        guard
            posix_spawn(&process, arguments[0], &actions, &attributes, words, variables) == 0
        else { throw NoTerminal() }
        return process
    }

    private static func resize(_ terminal: Int32, columns: Int, rows: Int) {
        var size = winsize()
        (size.ws_col, size.ws_row) = (UInt16(columns), UInt16(rows))
        _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
    }

    private static func read(_ master: Int32, into shown: Shown) {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        var rest: [UInt8] = []
        while true {
            let count = Foundation.read(master, &bytes, bytes.count)
            guard count > 0 else { break }
            rest += bytes[0..<count]
            let whole = rest.count - partOfCharacter(at: rest)
            let text = String(decoding: rest[0..<whole], as: UTF8.self)
            rest.removeFirst(whole)
            shown.state.withLock { $0.screen.write(text) }
        }
        shown.state.withLock { $0.isOver = true }
    }

    /// How many bytes at the end are the beginning of a character.
    private static func partOfCharacter(at bytes: [UInt8]) -> Int {
        guard let begin = bytes.suffix(4).lastIndex(where: { $0 & 0xC0 != 0x80 }) else { return 0 }
        let first = bytes[begin]
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
        return bytes.count - begin < length ? bytes.count - begin : 0
    }

    var screen: VirtualScreen { shown.state.withLock { $0.screen } }

    func type(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
    }

    func signal(_ number: Int32) { kill(process, number) }

    func resize(columns: Int, rows: Int) {
        shown.state.withLock { $0.screen.resize(columns: columns, rows: rows) }
        Self.resize(master, columns: columns, rows: rows)
    }

    /// Whether what is typed shows.
    var echoes: Bool {
        var mode = termios()
        return tcgetattr(master, &mode) == 0 && mode.c_lflag & tcflag_t(ECHO) != 0
    }

    /// `T` where it is stopped, `Z` where it is gone.
    var processState: String {
        let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
        guard let name = text.lastIndex(of: ")") else { return "" }
        return text[text.index(after: name)...].split(separator: " ").first.map(String.init) ?? ""
    }

    func waitUntil(
        within seconds: Double = 30, _ what: String, _ isSo: (VirtualScreen) -> Bool
    ) throws {
        do {
            try eventually(within: seconds, what) { isSo(screen) }
        } catch {
            throw TookTooLong(what: "\(what); the screen shows:\n\(screen.text)")
        }
    }

    /// The exit status, once all it wrote has been read; nil where a signal ended it.
    func wait(seconds: Double = 60) throws -> Int32? {
        var status: Int32 = 0
        try eventually(within: seconds, "it ends; the screen shows:\n\(screen.text)") {
            waitpid(process, &status, WNOHANG) == process
        }
        shown.state.withLock { $0.isGone = true }
        try eventually(within: 10, "all is read") { shown.state.withLock { $0.isOver } }
        return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }
}
