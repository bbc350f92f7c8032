import Providers
import Testing

@testable import Simulator

/// What the provider's script does to payments, over a socket, held against the ledger.
@Suite struct ScriptedAnswerTests {
    let clock = ContinuousClock()

    @Test(arguments: [
        (
            ScriptedAnswer(share: 1, status: 402, code: "CardDeclined"), "CardDeclined",
            #""message":"The provider answered CardDeclined.","errors":[]}}"#
        ),
        (
            ScriptedAnswer(share: 1, status: 400, code: "Length", field: "ReturnUrl"), "Length",
            #""errors":[{"errorCode":"Length","fieldName":"ReturnUrl","#
                + #""message":"The provider answered Length."}]}}"#
        ),
        (
            ScriptedAnswer(share: 1, status: 200, code: "Declined"), "OK",
            #"{"responseStatus":{"errorCode":"Declined","#
                + #""message":"The provider answered Declined."}}"#
        ),
    ])
    func aScriptedAnswerHasTheShapeOfAServiceError(
        _ scripted: ScriptedAnswer, _ reason: String, _ end: String
    ) async throws {
        try await withSimulator(.scripted { $0.answers = [scripted] }) { server in
            let answer = try #require(try ask(server, PaymentText()))
            #expect(answer.status == scripted.status)
            #expect(answer.reason == reason)
            #expect(answer.body.hasPrefix(#"{"responseStatus":{"errorCode":"\#(scripted.code)""#))
            #expect(answer.body.hasSuffix(end))
            #expect(server.ledger.counts.bookings == 0)
            #expect(server.ledger.counts.scriptedAnswers == [scripted.code: 1])
        }
    }

    @Test func sharesComeOutAsTheSeedSays() async throws {
        let provider = Provider.scripted {
            $0.answers = [
                ScriptedAnswer(share: 0.2, status: 402, code: "CardDeclined"),
                ScriptedAnswer(share: 0.1, status: 500, code: "TimeoutException"),
            ]
        }
        let script = ProviderScript(provider, seed: try #require(provider.seed))
        let plans = (1...500).map { script.plan(payment: $0).ending }
        try await withSimulator(provider) { server in
            let client = try BlockingClient(port: server.port)
            var statuses: [Int: Int] = [:]
            for id in 1...500 {
                client.send(PaymentText(id: id).text)
                statuses[try #require(try client.answer()).status, default: 0] += 1
            }
            let expected = [
                200: plans.count { $0 == .accept }, 402: plans.count { $0 == .answer(0) },
                500: plans.count { $0 == .answer(1) },
            ]
            #expect(statuses == expected)
            #expect(server.ledger.counts.answers == expected)
            #expect(server.ledger.counts.bookings == expected[200])
        }
    }

    @Test(arguments: ScriptedDrop.Point.allCases)
    func aDropClosesTheConnectionInPlaceOfTheAnswer(_ point: ScriptedDrop.Point) async throws {
        let provider = Provider.scripted {
            $0.latency.law = .constant(.milliseconds(5))
            $0.drops = [ScriptedDrop(share: 1, point: point)]
        }
        try await withSimulator(provider) { server in
            let client = try BlockingClient(port: server.port)
            client.send(PaymentText(id: 7).text)
            #expect(try client.isClosedByServer())
            let booked = point == .afterBooking
            let counts = server.ledger.counts
            #expect(counts.bookings == (booked ? 1 : 0))
            #expect(counts.droppedAfterBooking == (booked ? 1 : 0))
            #expect(counts.droppedBeforeBooking == (booked ? 0 : 1))
            #expect(counts.answers.isEmpty)
            let entry = Ledger.Entry(arrivals: 1, bookings: booked ? 1 : 0, answer: .dropped)
            #expect(server.ledger[PaymentID(high: 0, low: 7)] == entry)
        }
    }

    @Test func aConstantLawIsNeverUndercut() async throws {
        let law = Duration.milliseconds(20)
        try await withSimulator(.scripted { $0.latency.law = .constant(law) }) { server in
            let client = try BlockingClient(port: server.port)
            for id in 1...10 {
                let start = clock.now
                client.send(PaymentText(id: id).text)
                #expect(try client.answer()?.status == 200)
                #expect(clock.now - start >= law)
            }
        }
    }

    /// 2 ms or 40 ms by the seed: an answer faster than 40 ms can only be a fast one.
    @Test func aBimodalLawIsNeverUndercut() async throws {
        let provider = Provider.scripted {
            $0.latency.law = .bimodal(
                fast: .milliseconds(2), slow: .milliseconds(40), slowShare: 0.3)
        }
        let script = ProviderScript(provider, seed: try #require(provider.seed))
        try await withSimulator(provider) { server in
            let client = try BlockingClient(port: server.port)
            for number in 1...20 {
                let plan = script.plan(payment: UInt64(number))
                let start = clock.now
                client.send(PaymentText(id: number).text)
                #expect(try client.answer()?.status == 200)
                #expect(clock.now - start >= .nanoseconds(plan.delayNanoseconds))
            }
        }
    }

    @Test(arguments: [1, 2])
    func nothingIsAnsweredDuringAStall(threads: Int) async throws {
        let provider = Provider.scripted {
            $0.stall = Stall(after: .zero, length: .milliseconds(300))
        }
        try await withSimulator(provider, threads: threads) { server in
            let first = try BlockingClient(port: server.port)
            let second = try BlockingClient(port: server.port)
            let start = clock.now
            first.send(PaymentText(id: 1).text)
            try wait { server.ledger.counts.payments == 1 }
            second.send(PaymentText(id: 2).text)
            #expect(try first.answer()?.status == 200)
            #expect(clock.now - start >= .milliseconds(300))
            #expect(try second.answer()?.status == 200)
            #expect(clock.now - start >= .milliseconds(300))
            second.send(PaymentText(id: 3).text)
            #expect(try second.answer()?.status == 200)
        }
    }
}
