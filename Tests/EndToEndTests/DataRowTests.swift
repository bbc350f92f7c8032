import Foundation
import Testing

extension Sending {
    /// Which row of a data file each payment takes, over all workers.
    @Suite struct DataRowTests {
        private static let tokens = (0..<60).map { "t-\($0)" }

        private static func accepting() throws -> RawTarget {
            try RawTarget { (_: RawTarget.Request) -> String in
                RawTarget.answer("200 OK", body: "{}")
            }
        }

        private func requests(
            _ load: [String], order: String, workers: Int = 2, flows: String? = nil,
            more: [String] = []
        ) throws -> [RawTarget.Request] {
            let target = try Self.accepting()
            let folder = try Folder()
            let rows = Self.tokens.map { "\($0),kind-\($0)\n" }.joined()
            _ = try folder.write("token,kind\n" + rows, as: "cards.csv")
            var text = scenario(
                target.address, load: load,
                more: ["data: { cards: { file: cards.csv, \(order) } }"] + more,
                payment: "token: \"${data.cards.token}\"",
                target: "headers: { X-Kind: \"${data.cards.kind}\" }")
            if let flows { text = text.replacing("load:\n  - { none }\n", with: flows) }
            let ended = try run(text, in: folder, ["--workers", "\(workers)"])
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            expectItEndedByItself(ended, summary)
            #expect(summary.ending.kind == "completed")
            #expect(summary.totals["accepted"] == summary.totals.planned)
            // Header and body are of the same row.
            for request in target.requests {
                #expect(request.headers["x-kind"] == "kind-\(request.member("token"))")
            }
            return target.requests
        }

        /// The phases could go on for an hour: the last row ends them.
        @Test(arguments: [
            "users: 3, for: 1h", "users: 1, for: 1h", "rate: 200/s, for: 1h",
            "users: 3, payments: 100000", "users: 4, payments: 70",
        ])
        func everyRowIsUsedOnce(load: String) throws {
            for order in ["sequential", "shuffle"] {
                let sent = try requests(
                    ["phase: steady, \(load)"], order: "order: \(order), at_end: stop")
                #expect(sent.map { $0.member("token") }.sorted() == Self.tokens.sorted(), "\(load)")
            }
        }

        /// The last row ends the run, not the limit behind it.
        @Test func asManyPaymentsMayBeMadeAsThereAreRows() throws {
            let sent = try requests(
                ["phase: steady, users: 3, for: 1h"], order: "at_end: stop",
                more: ["limits: { payments: 60, duration: 2h }"])
            #expect(sent.map { $0.member("token") }.sorted() == Self.tokens.sorted())
        }

        @Test func rowsAreShuffledOverAllOfThem() throws {
            let sent = try requests(
                ["phase: steady, users: 1, payments: 120"], order: "order: shuffle", workers: 1)
            let tokens = sent.map { $0.member("token") }
            let (first, second) = (Array(tokens.prefix(60)), Array(tokens.dropFirst(60)))
            #expect(first.sorted() == Self.tokens.sorted() && first != Self.tokens)
            #expect(second.sorted() == Self.tokens.sorted() && second != first)
        }

        @Test func rowsGoOnFromPhaseToPhaseAndFromTheTop() throws {
            let sent = try requests(
                ["phase: one, rate: 500/s, payments: 50", "phase: two, users: 1, payments: 50"],
                order: "at_end: wrap")
            // 100 of 60: the first 40 twice.
            let expected = Self.tokens + Self.tokens.prefix(40)
            #expect(sent.map { $0.member("token") }.sorted() == expected.sorted())
        }

        @Test func aFlowWithoutRowsTakesNoneAndGoesOn() throws {
            let target = try Self.accepting()
            let folder = try Folder()
            _ = try folder.write("token\n" + Self.tokens.joined(separator: "\n"), as: "cards.csv")
            let text = scenario(
                target.address, load: ["none"],
                more: [
                    "  - { name: cash, client_type: IOS, payment_method: { token: cash } }",
                    "data: { cards: { file: cards.csv, at_end: stop } }",
                ], payment: "token: \"${data.cards.token}\""
            ).replacing(
                "load:\n  - { none }\n",
                with: "flows:\n  a: [{ phase: one, users: 2, payments: 100, mix: { cash: 1 } }]\n"
                    + "  b: [{ phase: two, users: 3, for: 1h, mix: { card: 1 } }]\n")
            let ended = try run(text, in: folder, ["--workers", "2"])
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            expectItEndedByItself(ended, summary)
            let sent = target.requests.map { $0.member("token") }
            #expect(sent.filter { $0 != "cash" }.sorted() == Self.tokens.sorted())
            #expect(sent.count { $0 == "cash" } == 100)
        }

        @Test func flowsTakeRowsInTurn() throws {
            let flows =
                "flows:\n  a: [{ phase: one, users: 2, payments: 30 }]\n"
                + "  b: [{ phase: two, rate: 300/s, payments: 30 }]\n"
            let sent = try requests(["none"], order: "at_end: stop", flows: flows)
            #expect(sent.map { $0.member("token") }.sorted() == Self.tokens.sorted())
        }
    }
}
