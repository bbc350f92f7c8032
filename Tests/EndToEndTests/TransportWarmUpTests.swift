import Foundation
import Testing

extension Sending {
    /// Connections opened ahead, and used in turn.
    @Suite struct TransportWarmUpTests {
        private let answer = RawTarget.answer("200 OK", body: "{}")

        @Test(arguments: [false, true])
        func paymentsUseTheConnectionsThatWereOpenedAhead(rotate: Bool) throws {
            let target = try RawTarget { [answer] _ in answer }
            let folder = try Folder()
            let ended = try run(
                scenario(
                    target.address, load: ["phase: closed, users: 20, payments: 300"],
                    target: "http: { connections: 20, warm_up: 20, rotate: \(rotate) }"),
                in: folder)
            let summary = try Results(folder).summary
            expectItEndedByItself(ended, summary)
            #expect(summary.totals["accepted"] == 300)
            #expect(summary.generator.connectionsOpened == 20)
            // And the first one, that only knocks.
            #expect(target.connections == 21)
            #expect(target.requests.count == 300)
            #expect(target.requests.allSatisfy { $0.line.hasPrefix("POST ") })
        }

        /// One payment at a time: 60 of them in turn are 3 on each of 20 connections.
        @Test func connectionsInTurnAreAllUsed() throws {
            let (counts, answer) = (Counts(), answer)
            let target = try RawTarget { _, count in
                counts.note(count)
                return .text(answer)
            }
            let folder = try Folder()
            _ = try run(
                scenario(
                    target.address, load: ["phase: closed, users: 1, payments: 60"],
                    target: "http: { connections: 20, rotate: true }"), in: folder,
                ["--workers", "1"])
            #expect(target.requests.count == 60 && target.connections == 21)
            #expect(counts.of == [1: 20, 2: 20, 3: 20])
        }
    }
}

/// How many requests were which one of their connection.
private final class Counts: @unchecked Sendable {
    private let lock = NSLock()
    private var counts: [Int: Int] = [:]

    func note(_ number: Int) { lock.withLock { counts[number, default: 0] += 1 } }

    var of: [Int: Int] { lock.withLock { counts } }
}
