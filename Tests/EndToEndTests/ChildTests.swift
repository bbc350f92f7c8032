import Foundation
import Testing

extension Sending {
    /// The simulator that a run starts never outlives it.
    @Suite struct ChildTests {
        private static let text = scenario(
            "simulator", load: ["phase: closed, users: 2, think_time: 5ms, for: 60s"])

        @Test func itIsGoneAfterANormalEnd() throws {
            let folder = try Folder()
            let text = scenario("simulator", load: ["phase: closed, users: 2, for: 2s"])
            // A busy host may stall it; that is no matter of this test.
            let command = try start(text, in: folder, ["--accept-invalid"])
            let child = try child(of: command)
            #expect(try command.wait().status == 0)
            #expect(isGone(child))
            try expectNobodyListens(folder)
        }

        @Test(arguments: [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 143)] as [(Int32, Int32)])
        func itIsGoneAfterASignal(signal: Int32, status: Int32) throws {
            let folder = try Folder()
            let command = try start(Self.text, in: folder)
            let child = try child(of: command)
            try eventually(within: 30, "the run has begun") { !folder.resultFolders.isEmpty }
            command.signal(signal)
            #expect(try command.wait(seconds: 20).status == status)
            #expect(isGone(child))
            try expectNobodyListens(folder)
        }

        @Test(arguments: [SIGINT, SIGTERM])
        func theFileOfItsCAIsGoneWithIt(signal: Int32) throws {
            let folder = try Folder()
            let command = try Command(["simulate", "--tls", "--json"], in: folder)
            func files() throws -> [String] {
                try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
                    .filter { !$0.hasSuffix(".out") && !$0.hasSuffix(".err") }
            }
            try eventually(within: 30, "it serves") { command.outputSoFar.contains("\n") }
            #expect(try files() == ["paybench-simulator-ca-\(command.id).pem"])
            command.signal(signal)
            #expect(try command.wait(seconds: 20).status == 0)
            #expect(try files().isEmpty)
        }

        @Test func itIsGoneAfterItsParentWasKilled() throws {
            let folder = try Folder()
            let command = try start(Self.text, in: folder)
            let child = try child(of: command)
            try eventually(within: 30, "the run has begun") { !folder.resultFolders.isEmpty }
            command.signal(SIGKILL)
            #expect(try command.wait().status == nil)
            try eventually(within: 10, "the simulator is gone") { isGone(child) }
        }

        /// A signal before the first payment: nothing is running yet, and nothing stays.
        @Test func itIsGoneWhereTheRunNeverBegan() throws {
            let folder = try Folder()
            let command = try start(Self.text, in: folder)
            let child = try child(of: command)
            command.signal(SIGINT)
            #expect(try command.wait(seconds: 20).status == 130)
            #expect(isGone(child))
        }

        /// The process id of its only child, once there is one.
        private func child(of command: Command) throws -> Int32 {
            var found: Int32?
            try eventually(within: 30, "the simulator is started") {
                found = Self.processes.first { $0.parent == command.id }?.id
                return found != nil
            }
            return try #require(found)
        }

        /// Gone, or only its status is left for whoever is to collect it.
        private func isGone(_ id: Int32) -> Bool {
            Self.processes.first { $0.id == id }.map { $0.state == "Z" } ?? true
        }

        private func expectNobodyListens(_ folder: Folder) throws {
            let target = try Results(folder).summary.target
            let port = try #require(URL(string: target)?.port)
            #expect(!Socket.answers(port: port))
        }

        /// Of `/proc/<id>/stat`: id, (name), state, parent.
        private static var processes: [(id: Int32, state: String, parent: Int32)] {
            let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return entries.compactMap(Int32.init).compactMap { id in
                guard let text = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
                    let name = text.lastIndex(of: ")")
                else { return nil }
                let words = text[text.index(after: name)...].split(separator: " ")
                guard words.count > 1, let parent = Int32(words[1]) else { return nil }
                return (id, String(words[0]), parent)
            }
        }
    }
}
