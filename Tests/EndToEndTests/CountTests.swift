import Foundation
import Testing

extension Sending {
    /// The counts of a run against the target's own ledger, for every way of ending.
    @Suite struct CountTests {
        /// A little of everything that can happen to a payment.
        private static let mixed = [
            "latency: { constant: 20ms }",
            "answers:",
            "  - { share: 10%, status: 402, code: CardDeclined }",
            "  - { share: 5%, status: 400, code: NotEmpty, field: PaymentId }",
            "  - { share: 5%, status: 429, code: TooManyRequests }",
            "  - { share: 5%, status: 500, code: InternalError }",
            "  - { share: 5%, status: 200, code: ProviderTimeout }",
            "drops:",
            "  - { share: 5%, point: before_booking }",
            "  - { share: 5%, point: after_booking }",
        ]

        @Test func aRunThatEndsByItself() throws {
            let target = try Target(Self.mixed)
            let folder = try Folder()
            let ended = try run(
                scenario(
                    target.address,
                    load: [
                        "phase: warm-up, rate: 100/s, for: 1s, measure: false",
                        "phase: open, rate: 300/s, for: 2s",
                        "phase: closed, users: 7, think_time: 5ms, payments: 200",
                    ]), in: folder)
            let results = try Results(folder)
            let summary = try results.summary
            expectItEndedByItself(ended, summary)
            try expectTheLedgerAgrees(results, target)
            #expect(summary.totals.skipped == 0)
            #expect(summary.phases.map(\.totals.started)[2] == 200)
            #expect(summary.totals["in_doubt"] > 0 && summary.totals["accepted"] > 0)
        }

        @Test(arguments: [
            (SIGINT, Int32(130), "phase: open, rate: 200/s, for: 60s"),
            (SIGTERM, 143, "phase: open, rate: 200/s, for: 60s, arrivals: uniform"),
            (SIGINT, 130, "phase: closed, users: 10, think_time: 20ms, for: 60s"),
            (SIGTERM, 143, "phase: closed, users: 10, payments: 1000000"),
        ])
        func aRunThatIsInterrupted(signal: Int32, status: Int32, phase: String) throws {
            let target = try Target(Self.mixed)
            let folder = try Folder()
            let command = try start(scenario(target.address, load: [phase]), in: folder)
            try target.waitForPayments(150)
            command.signal(signal)
            // What is in flight has 20 ms left, and at most 5 s.
            #expect(try command.wait(seconds: 20).status == status)
            let results = try Results(folder)
            try expectTheLedgerAgrees(results, target)
            #expect(try results.summary.totals.started >= 150)
        }

        /// Every payment is answered after 7 s; a signal leaves them 5.
        @Test func whatIsCutAtTheEndIsInDoubtAndListed() throws {
            let target = try Target(["latency: { constant: 7s }"])
            let folder = try Folder()
            let command = try start(
                scenario(target.address, load: ["phase: open, rate: 50/s, for: 60s"]), in: folder)
            try target.waitForPayments(20)
            command.signal(SIGINT)
            #expect(try command.wait(seconds: 20).status == 130)
            let results = try Results(folder)
            let summary = try results.summary
            expectTheCountsAddUp(summary)
            #expect(summary.count("in_doubt", "ABANDONED") == summary.totals.started)
            #expect(summary.totals.started == (try target.ledger.payments))
            // Nobody waits for the answers any more, but the payments are booked.
            try eventually(within: 20, "all is booked") {
                try target.ledger.bookings == summary.totals.started
            }
            let listed = Set(try results.rows("reconcile.csv").compactMap { $0["payment_id"] })
            #expect(listed == Set(try target.entries.keys))
        }

        @Test func aTargetThatDiesInMidRun() throws {
            let target = try Target(["latency: { constant: 20ms }"])
            let folder = try Folder()
            let command = try start(
                scenario(
                    target.address, load: ["phase: open, rate: 100/s, for: 4s"],
                    target: "timeouts: { connect: 500ms, total: 2s }"), in: folder)
            try target.waitForPayments(100)
            let before = try target.ledger
            try target.die()
            let ended = try command.wait()
            let results = try Results(folder)
            let summary = try results.summary
            expectItEndedByItself(ended, summary)
            expectTheCountsAddUp(summary)
            let totals = summary.totals
            #expect(totals["accepted"] >= before.answers["200", default: 0] - 100)
            #expect(totals["accepted"] + totals["in_doubt"] >= before.payments)
            #expect(totals["not_sent"] > 0)
            #expect(totals.started == totals["accepted"] + totals["in_doubt"] + totals["not_sent"])
            #expect(summary.count("not_sent", "COULDNT_CONNECT") == totals["not_sent"])
            #expect(try results.rows("reconcile.csv").count == totals["in_doubt"])
        }

        /// libcurl sends a request again by itself when a reused connection dies before any byte of the
        /// answer: a payment must not be sent twice for that.
        @Test func aConnectionThatDiesUnderAPaymentDoublesNothing() throws {
            let target = try Target([
                "drops:", "  - { share: 15%, point: before_booking }",
                "  - { share: 15%, point: after_booking }",
            ])
            let folder = try Folder()
            let ended = try run(
                scenario(target.address, load: ["phase: closed, users: 4, payments: 1000"]),
                in: folder)
            let results = try Results(folder)
            let summary = try results.summary
            #expect(ended.status == 0)
            try expectTheLedgerAgrees(results, target)
            #expect(summary.count("in_doubt", "GOT_NOTHING") > 100)
            // Most payments went over a connection that had been used before.
            #expect(summary.generator.connectionsOpened < 600)
            #expect(summary.totals["in_doubt"] > 200)
        }

        private func expectTheLedgerAgrees(_ results: Results, _ target: Target) throws {
            let summary = try results.summary
            let ledger = try target.ledger
            let entries = try target.entries
            let totals = summary.totals
            expectTheCountsAddUp(summary)
            let lies = ledger.scriptedAnswers["ProviderTimeout", default: 0]
            let drops = ledger.drops.values.reduce(0, +)
            #expect(ledger.requests == ledger.payments)
            #expect(ledger.payments == totals.started)
            #expect(totals["accepted"] == ledger.answers["200", default: 0] - lies)
            #expect(totals["declined"] == ledger.answers["402", default: 0])
            #expect(totals["rejected"] == ledger.answers["400", default: 0])
            #expect(totals["throttled"] == ledger.answers["429", default: 0])
            #expect(totals["provider_error"] == ledger.answers["500", default: 0] + lies)
            #expect(totals["in_doubt"] == drops)
            #expect(totals["not_sent"] == 0 && totals["malformed"] == 0)
            #expect(ledger.unsent == 0)
            // Each payment came once, under its own id.
            #expect(
                ledger.distinctPaymentIds == ledger.payments && entries.count == ledger.payments)
            #expect(ledger.bookedTwiceOrMore == 0)
            #expect(entries.values.allSatisfy { $0.arrivals == 1 && $0.bookings <= 1 })
            // What was booked was accepted, or is listed.
            let rows = try results.rows("reconcile.csv")
            let listed = Set(rows.compactMap { $0["payment_id"] })
            #expect(listed.count == totals["in_doubt"] + totals["provider_error"])
            #expect(rows.count == listed.count)
            #expect(listed.isSubset(of: entries.keys))
            let booked = entries.filter { $0.value.bookings > 0 }
            #expect(booked.count { !listed.contains($0.key) } == totals["accepted"])
        }
    }
}
