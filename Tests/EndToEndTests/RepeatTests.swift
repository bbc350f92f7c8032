import Foundation
import Testing

extension Sending {
    /// Ids that are sent again on purpose, against what the service makes of them.
    @Suite struct RepeatTests {
        /// Half of 60 payments, by draw: 30 ± 3.9.
        private func expect(
            _ finding: WritableKeyPath<Summary.Repeats, Int>, when: String, provider: [String],
            accepted: Bool = true
        ) throws {
            let target = try Target(provider)
            let folder = try Folder()
            let text = scenario(
                target.address, load: ["phase: steady, users: 4, payments: 60"]
            ).replacing(
                "client_type: IOS",
                with: "client_type: IOS, repeat_of: { share: 50%, when: \(when) }")
            let ended = try run(text, in: folder)
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            expectItEndedByItself(ended, summary)
            let repeats = try #require(summary.totals.repeats)
            var expected = Summary.Repeats()
            expected[keyPath: finding] = repeats.sent
            #expect(repeats == expected)
            #expect((12...48).contains(repeats.sent))
            // Of two at the same time, the repeat may be there first.
            let refused = when == "concurrently" ? summary.totals["rejected"] : 0
            #expect(summary.totals[accepted ? "accepted" : "in_doubt"] + refused == 60)
            #expect(refused < repeats.sent / 2)
            // The ledger saw every request, and no id that we don't know of.
            let ledger = try target.ledger
            #expect(ledger.payments == summary.totals.started + repeats.sent)
            #expect(ledger.distinctPaymentIds == 60)
            let twice = try target.entries.values.count { $0.arrivals == 2 }
            #expect(twice == repeats.sent)
            let bookedTwice = provider.contains("repeat: charge_twice") ? repeats.sent : 0
            #expect(ledger.bookedTwiceOrMore == bookedTwice)
        }

        @Test(
            arguments: [
                ("replay", \.same), ("refuse", \.refused), ("charge_twice", \.same),
                ("conflict_while_in_flight", \.same),
            ] as [(String, WritableKeyPath<Summary.Repeats, Int> & Sendable)])
        func afterTheAnswer(
            policy: String, finding: WritableKeyPath<Summary.Repeats, Int> & Sendable
        ) throws {
            try expect(finding, when: "after_answer", provider: ["repeat: \(policy)"])
        }

        @Test(
            arguments: [
                ("refuse", \.refused), ("charge_twice", \.same),
                ("conflict_while_in_flight", \.refused),
            ] as [(String, WritableKeyPath<Summary.Repeats, Int> & Sendable)])
        func atTheSameTime(
            policy: String, finding: WritableKeyPath<Summary.Repeats, Int> & Sendable
        ) throws {
            // The first must be there first: the service takes 50 ms.
            let provider = ["repeat: \(policy)", "latency: { constant: 50ms }"]
            try expect(finding, when: "concurrently", provider: provider)
        }

        /// Every payment is booked, and its answer lost with the connection.
        @Test(
            arguments: [("replay", \.settled), ("refuse", \.refused)]
                as [(String, WritableKeyPath<Summary.Repeats, Int> & Sendable)])
        func afterNoAnswer(
            policy: String, finding: WritableKeyPath<Summary.Repeats, Int> & Sendable
        ) throws {
            let provider = [
                "repeat: \(policy)", "drops:", "  - { share: 100%, point: after_booking }",
            ]
            try expect(finding, when: "after_timeout", provider: provider, accepted: false)
        }

        /// Accepted first, declined the second time.
        @Test func whatIsAnsweredOtherwiseIsDifferent() throws {
            let seen = Seen()
            let target = try RawTarget { (request: RawTarget.Request) -> String in
                seen.isNew(request.paymentID)
                    ? RawTarget.answer("200 OK", body: "{}")
                    : RawTarget.answer("402 Payment Required", body: "{}")
            }
            let folder = try Folder()
            let text = scenario(target.address, load: ["phase: steady, users: 4, payments: 60"])
                .replacing("client_type: IOS", with: "client_type: IOS, repeat_of: 100%")
            #expect(try run(text, in: folder).status == 0)
            let totals = try Results(folder).summary.totals
            #expect(totals.repeats == Summary.Repeats(different: 60))
            #expect(totals["accepted"] == 60 && target.requests.count == 120)
        }
    }
}
