import ArgumentParser
import FoundationEssentials
import Glibc
import Simulator

/// The CA that clients of `--tls` have to trust, in a file of the temporary folder.
struct AuthorityFile {
    let path: String

    init() throws {
        let name = "paybench-simulator-ca-\(getpid()).pem"
        path = FileManager.default.temporaryDirectory.appending(path: name).path()
        try TestCertificates.authority.write(toFile: path, atomically: true, encoding: .utf8)
    }

    func remove() { unlink(path) }
}

/// Where `--ledger` writes, open from the start.
struct LedgerFile {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    /// The rows of every provider; with adapters, a first column names it.
    func write(_ server: SimulatorServer) throws {
        defer { close(descriptor) }
        let isNamed = !server.adapters.isEmpty
        try put((isNamed ? "adapter," : "") + Ledger.csvHeader + "\n")
        try put(server.ledger.csvRows(prefix: isNamed ? "," : ""))
        for adapter in server.adapters {
            try put(adapter.ledger.csvRows(prefix: adapter.name + ","))
        }
    }

    private func put(_ text: String) throws {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Self.failure(path) }
            bytes = bytes.dropFirst(count)
        }
    }

    private static func failure(_ path: String) -> ExitCode {
        Terminal.say("paybench: --ledger \(path): \(String(cString: strerror(errno)))")
        return ExitStatus.ours.exit
    }
}
