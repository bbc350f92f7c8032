import ArgumentParser
import Dispatch
import Documents
import FoundationEssentials
import Glibc
import Providers
import Runs
import Simulator
import Synchronization

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Serves the stand-in makePayment service on the loopback.",
        discussion: """
            Without a file it answers every payment at once. A file describes one provider, or \
            several under `adapters`, each at /adapters/NAME/mobile/payments/makePayment. Presets \
            (\(Preset.allCases.map(\.rawValue).joined(separator: ", "))) are invented from public \
            figures; no provider was measured. GET /ledger on the admin port tells what it really \
            did: payments seen, booked, booked twice.
            """)

    @Argument(help: "The provider: one YAML file.")
    var provider: String?

    @Option(help: "A preset by name, in place of a file.")
    var preset: Preset?

    @Option(help: "Loopback address to listen on.")
    var host = "127.0.0.1"

    @Flag(help: "Let --host be an address that others can reach; the ledger stays on the loopback.")
    var allowAnyHost = false

    @Option(help: "Port of the payments; 0: any free one.")
    var port = 0

    @Option(help: "Port of the ledger; 0: any free one.")
    var adminPort = 0

    @Option(help: "Threads that answer payments.")
    var threads = 1

    @Flag(help: "Serve payments over TLS (HTTP/2 and HTTP/1.1) with a public test certificate.")
    var tls = false

    @Option(
        name: .customLong("client-ca"), help: "With --tls: let in clients of this CA (PEM) only.")
    var clientCA: String?

    @Option(help: "Write every payment id with its bookings to this CSV file at the end.")
    var ledger: String?

    @Flag(help: "Keep when each payment came, fell due and was answered, for GET /timing/payments.")
    var times = false

    @Flag(help: "Say the addresses as one line of JSON.")
    var json = false

    @Flag(help: .hidden)
    var untilStdinCloses = false

    func validate() throws {
        for (name, value) in [("--port", port), ("--admin-port", adminPort)] {
            guard (0...65_535).contains(value) else {
                throw ValidationError("\(name) \(value): a port is 0…65535")
            }
        }
        guard (1...64).contains(threads) else {
            throw ValidationError("--threads \(threads): 1…64 are possible")
        }
        if clientCA != nil, !tls { throw ValidationError("--client-ca needs --tls") }
        if provider != nil, preset != nil {
            throw ValidationError("--preset and a file; one of them is possible")
        }
    }

    func run() throws {
        var settings = SimulatorSettings(provider: try readProvider())
        settings.host = host
        settings.port = port
        settings.adminPort = adminPort
        settings.threads = threads
        settings.allowsAnyHost = allowAnyHost
        settings.keepsTimes = times
        if tls { settings.encryption = EncryptionSettings(clientAuthority: clientCA) }
        settings.say = { Terminal.say($0) }
        _ = Descriptors.raiseLimit()
        // Opened first: a run is not lost to a path that can't be written.
        let file = try ledger.map(LedgerFile.init)
        let authority = tls ? try AuthorityFile() : nil
        defer { authority?.remove() }
        let server = try start(settings)
        let signals = Signals()
        try announce(server, authority)
        waitForTheEnd(signals)
        try wait { await server.stop(grace: .milliseconds(1500)) }
        try file?.write(server)
    }

    private func start(_ settings: SimulatorSettings) throws -> SimulatorServer {
        do {
            return try wait { try await SimulatorServer.start(settings) }
        } catch let error as SimulatorError {
            Terminal.say("paybench: \(error.sentence)")
            throw ExitStatus.usage.exit
        }
    }

    private func readProvider() throws -> Provider {
        guard let provider else { return preset?.provider ?? Provider() }
        do {
            return try ProviderReader.read(path: provider)
        } catch {
            Terminal.say(error.description)
            throw ExitStatus.usage.exit
        }
    }

    private func announce(_ server: SimulatorServer, _ authority: AuthorityFile?) throws {
        let bracketed = host.contains(":") ? "[\(host)]" : host
        let base = "\(tls ? "https" : "http")://\(bracketed)"
        var addresses = SimulatorProcess.Addresses(
            payments: "\(base):\(server.port)", admin: "http://\(adminHost):\(server.adminPort)")
        addresses.authority = authority?.path
        for adapter in server.adapters {
            addresses.adapters[adapter.name] =
                adapter.port.map { "\(base):\($0)" }
                ?? "\(base):\(server.port)/adapters/\(adapter.name)"
        }
        if preset != nil { Terminal.say("paybench: presets are invented from public figures") }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            Terminal.print(String(decoding: try encoder.encode(addresses), as: UTF8.self) + "\n")
        } else {
            Terminal.print(
                """
                payments  \(addresses.payments)/mobile/payments/makePayment
                \(adapters(of: server, base))\
                \(authority.map { "ca        \($0.path)\n" } ?? "")\
                ledger    \(addresses.admin)/ledger
                seed      \(server.seed)

                """)
        }
    }

    /// The ledger stays on the loopback, wherever payments come from.
    private var adminHost: String {
        if allowAnyHost { return "127.0.0.1" }
        return host.contains(":") ? "[\(host)]" : host
    }

    /// One line for each path and port of an adapter.
    private func adapters(of server: SimulatorServer, _ host: String) -> String {
        server.adapters.map { adapter in
            let path = "mobile/payments/makePayment"
            let own = adapter.port.map { "          \(host):\($0)/\(path)\n" } ?? ""
            return "\(adapter.name)\n          \(host):\(server.port)/adapters/"
                + "\(adapter.name)/\(path)\n" + own
        }.joined()
    }

    /// A signal, or the end of the process that started this one.
    private func waitForTheEnd(_ signals: Signals) {
        while signals.received == nil {
            var wish = pollfd(
                fd: untilStdinCloses ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0)
            guard poll(&wish, 1, 100) > 0 else { continue }
            var byte: UInt8 = 0
            if read(STDIN_FILENO, &byte, 1) <= 0 { return }
        }
    }
}

extension Preset: ExpressibleByArgument {}

/// What a task found, for the thread that waits for it.
private final class Answer<Value: Sendable>: Sendable {
    let result = Mutex<Result<Value, any Error>?>(nil)
}

/// Blocks this thread, which is not one of the concurrency pool's, until `work` is done.
private func wait<Value: Sendable>(
    for work: @escaping @Sendable () async throws -> Value
) throws -> Value {
    let answer = Answer<Value>()
    let done = DispatchSemaphore(value: 0)
    Task {
        do {
            let value = try await work()
            answer.result.withLock { $0 = .success(value) }
        } catch {
            answer.result.withLock { $0 = .failure(error) }
        }
        done.signal()
    }
    done.wait()
    guard let result = answer.result.withLock({ $0 }) else {
        preconditionFailure("the task answers before it signals")
    }
    return try result.get()
}

extension SimulatorError {
    /// What was wrong, and what is right.
    fileprivate var sentence: String {
        switch self {
        case .notLoopback(let host):
            "--host \(host): the simulator listens on the loopback only; 127.0.0.1, ::1 or localhost "
                + "(--allow-any-host lets it listen elsewhere)"
        case .notAnAddress(let host): "--host \(host): an IP address is needed"
        case .clientAuthority(let path): "--client-ca \(path): a PEM file of certificates is needed"
        case .portOutOfRange(let port): "port \(port): a port is 0…65535"
        case .portInUse(let port):
            "port \(port) is in use; choose another one, or 0 for any free one"
        case .cannotBind(let port, let code):
            "can't listen on port \(port): \(String(cString: strerror(code)))"
        }
    }
}
