import CurlShims
import FoundationEssentials
import Glibc
import Scenarios

/// The stand-in service as a child process, for as long as this value's owner wants it.
///
/// It can't outlive us: its standard input is a pipe that only this process holds open, so it ends
/// when we do, however that happens. It has a process group of its own, so that Ctrl-C at the
/// terminal reaches us alone and the drain still finds it answering.
package final class SimulatorProcess: Sendable {
    package struct Addresses: Codable, Sendable, Equatable {
        /// `http://127.0.0.1:40123`
        package var payments: String
        package var admin: String
        /// Bases of the adapters by name: their own ports, or paths of the payments port.
        package var adapters: [String: String] = [:]
        /// File of the CA to trust, where it serves TLS.
        package var authority: String?

        package init(payments: String, admin: String) {
            self.payments = payments
            self.admin = admin
        }
    }

    package let addresses: Addresses
    private let process: pid_t
    private let lifeline: Int32

    private init(addresses: Addresses, process: pid_t, lifeline: Int32) {
        self.addresses = addresses
        self.process = process
        self.lifeline = lifeline
    }

    /// Starts `paybench simulate` with `provider` (its file's text) and waits until it answers.
    ///
    /// - Parameter executable: path of paybench itself.
    package static func start(
        executable: String, provider: String
    ) throws(RunFailure) -> SimulatorProcess {
        let file = try memoryFile(provider)
        defer { close(file) }
        let lifeline = try pipe()
        let said = try pipe()
        let process = try spawn(
            executable, arguments: ["simulate", "/dev/fd/3", "--json", "--until-stdin-closes"],
            input: lifeline.read, output: said.write, third: file)
        close(lifeline.read)
        close(said.write)
        defer { close(said.read) }
        guard let line = firstLine(of: said.read, seconds: 10),
            let addresses = try? JSONDecoder().decode(Addresses.self, from: line)
        else {
            close(lifeline.write)
            reap(process)
            throw .simulator(reason: "it did not say within 10 s where it listens")
        }
        return SimulatorProcess(
            addresses: addresses, process: process, lifeline: lifeline.write)
    }

    /// Ends it and waits until it is gone.
    package func stop() {
        kill(process, SIGTERM)
        close(lifeline)
        Self.reap(process)
    }

    /// Waits for the end; what is still there after 3 s is killed.
    private static func reap(_ process: pid_t) {
        var status: Int32 = 0
        for _ in 0..<300 {
            if waitpid(process, &status, WNOHANG) != 0 { return }
            usleep(10_000)
        }
        kill(process, SIGKILL)
        waitpid(process, &status, 0)
    }

    private static func memoryFile(_ text: String) throws(RunFailure) -> Int32 {
        let file = shim_memory_file("provider.yaml")
        guard file >= 0 else { throw failure("a file in memory") }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            guard written > 0 else { throw failure("writing the provider") }
            bytes = bytes.dropFirst(written)
        }
        return file
    }

    private static func pipe() throws(RunFailure) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard shim_pipe(&ends) == 0 else { throw failure("a pipe") }
        return (ends[0], ends[1])
    }

    private static func failure(_ what: String) -> RunFailure {
        .simulator(reason: "\(what): \(String(cString: strerror(errno)))")
    }

    private static func spawn(
        _ executable: String, arguments: [String], input: Int32, output: Int32, third: Int32
    ) throws(RunFailure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, third, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var defaults = sigset_t()
        sigfillset(&defaults)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF))
        var words: [UnsafeMutablePointer<CChar>?] = ([executable] + arguments).map { strdup($0) }
        words.append(nil)
        defer { for word in words { free(word) } }
        var process: pid_t = 0
        let result = posix_spawn(&process, executable, &actions, &attributes, words, environ)
        guard result == 0 else {
            throw .simulator(reason: "\(executable): \(String(cString: strerror(result)))")
        }
        return process
    }

    /// nil where none comes in time.
    private static func firstLine(of descriptor: Int32, seconds: Double) -> Data? {
        var line = Data()
        let deadline = Machine.wallClock + seconds
        while Machine.wallClock < deadline {
            var wish = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&wish, 1, 100) > 0 else { continue }
            var byte: UInt8 = 0
            guard read(descriptor, &byte, 1) == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { return line }
            line.append(byte)
        }
        return nil
    }
}
