import Foundation
import Testing

extension Sending {
    /// Payments that are sent again because of how their attempt ended.
    @Suite struct RetryTests {
        private static let throttled = RawTarget.answer("429 Too Many Requests", body: "{}")
        private static let accepted = RawTarget.answer("200 OK", body: "{}")

        /// Answers each id with the first of these, then with the next; the last one goes on.
        private static func target(_ answers: String...) throws -> RawTarget {
            let seen = Seen()
            return try RawTarget { (request: RawTarget.Request) -> String in
                answers[min(seen.count(request.paymentID), answers.count) - 1]
            }
        }

        private func summary(
            _ target: RawTarget, retry: String, load: String = "users: 3, payments: 30"
        ) throws -> Summary {
            let folder = try Folder()
            let ended = try run(
                scenario(
                    target.address, load: ["phase: steady, \(load)"], more: ["retry: { \(retry) }"]),
                in: folder, ["--workers", "2"])
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            expectItEndedByItself(ended, summary)
            #expect(target.requests.count == summary.totals.started + summary.totals.retries)
            return summary
        }

        @Test func theLastAttemptIsTheOutcomeAndTheTimeThatOfAll() throws {
            let target = try Self.target(Self.throttled, Self.accepted)
            let summary = try summary(target, retry: "on: [throttled], max: 2, after: 20ms")
            #expect(summary.totals["accepted"] == 30 && summary.totals["throttled"] == 0)
            #expect(summary.totals.started == 30 && summary.totals.retries == 30)
            #expect(summary.errors.isEmpty)
            // Each id twice, with the same body.
            let byID = Dictionary(grouping: target.requests, by: \.paymentID)
            #expect(byID.count == 30)
            #expect(byID.values.allSatisfy { $0.count == 2 && $0[0].body == $0[1].body })
            #expect(try #require(summary.latency.serviceTime.p50Us) >= 20_000)
        }

        @Test func attemptsAreAtMostAsManyAsAllowed() throws {
            let target = try Self.target(Self.throttled)
            let summary = try summary(target, retry: "on: [throttled], max: 2, after: 1ms")
            #expect(summary.totals["throttled"] == 30 && summary.totals.retries == 60)
            let byID = Dictionary(grouping: target.requests, by: \.paymentID)
            #expect(byID.count == 30 && byID.values.allSatisfy { $0.count == 3 })
        }

        @Test func othersAreNotSentAgain() throws {
            let target = try Self.target(RawTarget.answer("503 Service Unavailable"))
            let summary = try summary(target, retry: "on: [throttled, not_sent], after: 1ms")
            #expect(summary.totals["provider_error"] == 30 && summary.totals.retries == 0)
        }

        @Test func theAnswerSaysWhenToComeBackWhereItIsHeard() throws {
            let later = RawTarget.answer("429 Too Many Requests", ["Retry-After: 1"])
            let heard = try summary(
                Self.target(later, Self.accepted), retry: "on: [throttled], after: retry_after",
                load: "users: 3, payments: 3")
            #expect(heard.totals["accepted"] == 3)
            #expect(try #require(heard.latency.serviceTime.p50Us) >= 1_000_000)
            let unheard = try summary(
                Self.target(later, Self.accepted), retry: "on: [throttled], after: 5ms")
            #expect(unheard.totals["accepted"] == 30)
            #expect(try #require(unheard.latency.serviceTime.p50Us) < 1_000_000)
        }

        /// Nobody waits a year for a payment, and no arithmetic breaks.
        @Test(arguments: ["31536000", "9223372036854775807"])
        func anAnswerThatPutsOffForEverIsFinal(seconds: String) throws {
            let never = RawTarget.answer("429 Too Many Requests", ["Retry-After: \(seconds)"])
            let target = try Self.target(never)
            // libcurl hears six hours at the most.
            let summary = try summary(target, retry: "on: [throttled], after: retry_after")
            #expect(summary.totals["throttled"] == 30 && summary.totals.retries == 0)
        }

        @Test func nothingIsSentAgainAfterASignal() throws {
            let target = try Self.target(Self.throttled)
            let folder = try Folder()
            let command = try start(
                scenario(
                    target.address, load: ["phase: steady, rate: 100/s, for: 60s"],
                    more: ["retry: { on: [throttled], max: 10, after: 300ms }"]), in: folder)
            try eventually(within: 20, "some were sent again") { target.requests.count > 60 }
            command.signal(SIGINT)
            #expect(try command.wait(seconds: 10).status == 130)
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            #expect(summary.totals["throttled"] == summary.totals.started)
            #expect(target.requests.count == summary.totals.started + summary.totals.retries)
            // 30 of them were waiting for their next attempt.
            #expect(summary.totals.retries < summary.totals.started * 10)
        }

        /// The next attempts are due long after the drain: how the first one ended stands, once.
        @Test func whatWaitsAtTheEndEndsAsItDid() throws {
            let target = try Self.target(Self.throttled)
            let folder = try Folder()
            let text = scenario(
                target.address, load: ["phase: steady, rate: 100/s, for: 300ms, arrivals: uniform"],
                more: ["retry: { on: [throttled], max: 1, after: 60s }"],
                target: "timeouts: { connect: 400ms, total: 500ms }"
            ).replacing("client_type: IOS", with: "client_type: IOS, repeat_of: 100%")
            let ended = try run(text, in: folder)
            let summary = try Results(folder).summary
            expectTheCountsAddUp(summary)
            expectItEndedByItself(ended, summary)
            #expect(summary.totals["throttled"] == 30 && summary.totals.started == 30)
            // The last one may be answered when no retry would be in time any more: then it ends at once,
            // and is repeated.
            let repeats = summary.totals.repeats?.sent ?? 0
            #expect(repeats <= 1 && target.requests.count == 30 + repeats)
        }
    }
}

extension RawTarget.Request {
    /// What the body says.
    var paymentID: String { member("paymentId") }

    /// A string of the body's JSON, however deep.
    func member(_ name: String) -> String {
        guard let start = body.firstRange(of: "\"\(name)\":\"") else { return "" }
        return String(body[start.upperBound...].prefix { $0 != "\"" })
    }
}
