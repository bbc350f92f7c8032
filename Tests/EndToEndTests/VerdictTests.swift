import Foundation
import Glibc
import Synchronization
import Testing

extension EndToEnd {
    /// Faults that are put in on purpose: each is named by its own cause. What else a busy host adds to it
    /// is no matter of these tests.
    @Suite struct VerdictTests {
        private func measured(
            _ text: String, _ arguments: [String] = [],
            meanwhile: (Command) throws -> Void = { _ in }
        ) throws -> (summary: Summary, ended: Command.Ended) {
            let folder = try Folder()
            let command = try start(text, in: folder, arguments)
            try meanwhile(command)
            let ended = try command.wait(seconds: 120)
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            return (summary, ended)
        }

        private func expect(_ check: String, _ summary: Summary) {
            #expect(
                summary.verdict.causes.contains { $0.check == check },
                "\(check) is missing in \(summary.verdict.causes.map(\.check))")
        }

        /// 0.3 s of 3 s, as `kill -STOP` does it.
        @Test func aGeneratorThatStoodStillNamesTheStall() throws {
            let target = try Target(["latency: { constant: 20ms }"])
            let text = scenario(target.address, load: ["phase: open, rate: 200/s, for: 3s"])
            let (summary, ended) = try measured(text) { command in
                try target.waitForPayments(100)
                command.signal(SIGSTOP)
                usleep(300_000)
                command.signal(SIGCONT)
            }
            expect("loop.stall", summary)
            expect("schedule.lag", summary)
            #expect(summary.verdict.validity == "invalid")
            #expect(summary.verdict.accepted == false)
            #expect(ended.status == 5)
        }

        @Test func anInvalidMeasurementMayBeAccepted() throws {
            let target = try Target(["latency: { constant: 20ms }"])
            let text = scenario(target.address, load: ["phase: open, rate: 200/s, for: 3s"])
            let (summary, ended) = try measured(text, ["--accept-invalid"]) { command in
                try target.waitForPayments(100)
                command.signal(SIGSTOP)
                usleep(500_000)
                command.signal(SIGCONT)
            }
            #expect(ended.status == 0)
            #expect(summary.verdict.validity == "invalid")
            #expect(summary.verdict.accepted == true)
            #expect(ended.output.contains("verdict    invalid, accepted by --accept-invalid\n"))
        }

        /// Programs that go before it on every core, half of the time: it is ready and has no core.
        @Test(.enabled(if: Precedence.isGranted))
        func programsBesideItAreNamed() throws {
            let target = try Target(["latency: { constant: 20ms }"])
            let text = scenario(target.address, load: ["phase: open, rate: 200/s, for: 3s"])
            let (summary, _) = try measured(text) { _ in
                try target.waitForPayments(50)
                let hogs = (0..<ProcessInfo.processInfo.activeProcessorCount).map { _ in Hog() }
                usleep(2_000_000)
                for hog in hogs { hog.stop() }
            }
            expect("generator.cpu", summary)
        }

        @Test func tooFewDescriptorsAreNamed() throws {
            let target = try Target(["latency: { constant: 100ms }"])
            let folder = try Folder()
            let file = try folder.write(
                scenario(target.address, load: ["phase: open, rate: 200/s, for: 3s"]),
                as: "load.yaml")
            let ended = try Shell.run(
                "ulimit -n 64; exec \"$0\" run \(file) --results \(folder.results)")
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            expect("descriptors.headroom", summary)
            #expect(ended == 5)
        }

        /// In a network of its own with 50 local ports: 200/s of 1 s each need 200.
        @Test(.enabled(if: Shell.hasOwnNetworks))
        func tooFewPortsAreNamed() throws {
            let folder = try Folder()
            let file = try folder.write(
                scenario(
                    "simulator", load: ["phase: open, rate: 200/s, for: 3s"],
                    more: ["simulator: { latency: { constant: 1s } }"]), as: "load.yaml")
            let ended = try Shell.run(
                """
                exec unshare -n sh -c 'ip link set lo up \
                && echo 40000 40049 > /proc/sys/net/ipv4/ip_local_port_range \
                && exec "$0" run \(file) --results \(folder.results)' "$0"
                """)
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            expect("ports.ephemeral", summary)
            #expect(ended == 5)
        }

        /// Two servers that take 20 ms each can do 100/s.
        @Test func aTargetThatIsOverloadedHasABacklog() throws {
            let target = try Target([
                "latency: { queue: { servers: 2, service: { constant: 20ms } } }"
            ])
            let (summary, _) = try measured(
                scenario(target.address, load: ["phase: open, rate: 200/s, for: 12s"]))
            expect("queue.stable", summary)
        }

        @Test func aCapOnWhatIsInFlightIsNamed() throws {
            let target = try Target(["latency: { constant: 50ms }"])
            let (summary, _) = try measured(
                scenario(
                    target.address, load: ["phase: open, rate: 200/s, for: 3s"],
                    more: ["limits: { in_flight: 5 }"]))
            expect("openloop.cap", summary)
        }

        /// From 100 ms to 120 ms in 12 s.
        @Test func aTargetThatGetsSlowerIsNamed() throws {
            let began = Date()
            let target = try RawTarget { _ in
                usleep(100_000 + UInt32(20_000 * min(1, -began.timeIntervalSinceNow / 12)))
                return RawTarget.answer("200 OK", body: "{\"data\":\"x\"}")
            }
            let (summary, _) = try measured(
                scenario(
                    target.address,
                    load: ["phase: open, rate: 50/s, for: 12s, arrivals: uniform"]))
            expect("latency.stationary", summary)
            #expect(summary.verdict.causes.allSatisfy { $0.check != "queue.stable" })
        }

        @Test func aTargetThatClosesItsConnectionsIsNamed() throws {
            let target = try RawTarget { _, _ in
                .last(RawTarget.answer("200 OK", ["Connection: close"], body: "{\"data\":\"x\"}"))
            }
            let (summary, _) = try measured(
                scenario(target.address, load: ["phase: open, rate: 100/s, for: 3s"]))
            expect("connection.churn", summary)
        }

        /// Bytes come one at a time, until the time-out: all of them are errors.
        @Test func aTargetThatTricklesIsNamed() throws {
            let target = try TricklingTarget()
            defer { target.stop() }
            let (summary, _) = try measured(
                scenario(
                    target.address, load: ["phase: open, rate: 100/s, for: 3s"],
                    target: "timeouts: { total: 500ms }"))
            expect("errors.bias", summary)
            #expect(summary.totals["in_doubt"] == summary.totals.started)
        }

        @Test func whereItRanIsRecorded() throws {
            let target = try Target()
            let folder = try Folder()
            _ = try run(
                scenario(target.address, load: ["phase: open, rate: 100/s, for: 1s"]), in: folder)
            let results = try Results(folder)
            let json = try #require(
                JSONSerialization.jsonObject(with: Data(results.text("summary.json").utf8))
                    as? [String: Any])
            let environment = try #require(json["environment"] as? [String: Any])
            #expect(environment["peer"] as? String == "127.0.0.1")
            #expect(environment["http_version"] as? String == "1.1")
            #expect(environment["tls_version"] is NSNull)
            #expect(environment["same_host"] as? Bool == true)
            #expect((environment["host_hash"] as? String)?.count == 12)
            #expect((environment["kernel"] as? String)?.hasPrefix("Linux ") == true)
            let hash = try #require(environment["effective_scenario_sha256"] as? String)
            #expect(try hash == Shell.sha256(ofFile: "\(results.folder)/scenario.yaml"))
            #expect(json["host"] is [String: Any])
        }

        @Test func theVersionOfTLSIsRecorded() throws {
            let target = try Target(arguments: ["--tls"])
            let authority = try #require(target.authority)
            let (summary, _) = try measured(
                scenario(
                    target.address, load: ["phase: open, rate: 100/s, for: 1s"],
                    target: "tls: { ca_file: \"\(authority)\" }"))
            #expect(summary.environment?.tlsVersion == "TLSv1.3")
        }
    }
}

/// A thread that takes a core before everything else, 50 ms of each 100.
private final class Hog: Sendable {
    private let isOver = Mutex(false)

    init() {
        Thread.detachNewThread { [self] in
            Precedence.take(0)
            while !isOver.withLock({ $0 }) {
                let end = Date().addingTimeInterval(0.05)
                while Date() < end {}
                usleep(50_000)
            }
        }
    }

    func stop() { isOver.withLock { $0 = true } }
}

private enum Shell {
    /// Runs a script in which `$0` is the program under test; returns its status.
    static func run(_ script: String) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", script, Binary.path]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }

    static var hasOwnNetworks: Bool { (try? run("unshare -n ip link set lo up")) == 0 }

    static func sha256(ofFile path: String) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
        process.arguments = [path]
        process.standardOutput = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return String(text.prefix(64))
    }
}

/// Answers with a byte every 20 ms: an answer takes longer than anybody waits.
private final class TricklingTarget: Sendable {
    let port: Int
    private let socket: OpenSocket

    init() throws {
        let listener = try Socket.listen()
        port = listener.port
        let socket = OpenSocket(number: listener.socket)
        self.socket = socket
        Thread.detachNewThread {
            while true {
                let connection = accept(socket.number, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread { Self.serve(connection) }
            }
        }
    }

    var address: String { "http://127.0.0.1:\(port)" }

    func stop() { shutdown(socket.number, Int32(SHUT_RDWR)) }

    private static func serve(_ connection: Int32) {
        defer { close(connection) }
        guard Socket.receive(from: connection) != nil else { return }
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
        for byte in Array(head.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: 1000) {
            var byte = byte
            guard Glibc.send(connection, &byte, 1, Int32(MSG_NOSIGNAL)) == 1 else { return }
            usleep(20_000)
        }
    }
}
