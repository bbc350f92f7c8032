import NIOCore
import Providers
import Testing

@testable import Simulator

/// What a PaymentId that was seen before comes to, and the other answers that are no acceptance.
@Suite struct RepeatTests {
    static func provider(_ policy: RepeatPolicy, _ answer: ScriptedAnswer? = nil) -> Provider {
        .scripted {
            $0.repeats = policy
            $0.answers = answer.map { [$0] } ?? []
        }
    }

    /// Statuses of three requests with one id, and how often it was booked.
    @Test(
        arguments: [
            (.chargeTwice, [200, 200, 200], 3), (.replay, [200, 200, 200], 1),
            (.conflictWhileInFlight, [200, 200, 200], 1), (.refuse, [200, 409, 409], 1),
        ] as [(RepeatPolicy, [Int], Int)])
    func aRepeatComesToWhatThePolicySays(
        _ policy: RepeatPolicy, _ statuses: [Int], _ bookings: Int
    ) async throws {
        try await withSimulator(Self.provider(policy)) { server in
            let answers = try (1...3).map { _ in try #require(try ask(server, PaymentText(id: 5))) }
            #expect(answers.map(\.status) == statuses)
            let counts = server.ledger.counts
            #expect(counts.bookings == bookings)
            #expect(counts.bookedTwiceOrMore == (bookings > 1 ? 1 : 0))
            #expect(counts.payments == 3)
            #expect(counts.distinctPaymentIDs == 1)
            let isReplay = policy == .replay || policy == .conflictWhileInFlight
            #expect(counts.replayed == (isReplay ? 2 : 0))
            #expect(counts.duplicates == (policy == .refuse ? 2 : 0))
            if isReplay { #expect(Set(answers.map(\.body)).count == 1) }
            if policy == .refuse { #expect(answers[1].body.contains("DuplicatePayment")) }
        }
    }

    @Test(arguments: [(RepeatPolicy.conflictWhileInFlight, 409), (.replay, 200)])
    func aRepeatWhileInFlightIsBookedOnce(_ policy: RepeatPolicy, _ status: Int) async throws {
        var provider = Self.provider(policy)
        provider.latency.law = .constant(.milliseconds(200))
        try await withSimulator(provider) { server in
            let first = try BlockingClient(port: server.port)
            first.send(PaymentText(id: 5).text)
            try wait { server.ledger.counts.payments == 1 }
            let second = try #require(try ask(server, PaymentText(id: 5)))
            #expect(second.status == status)
            #expect(status == 200 || second.body.contains("PaymentInProgress"))
            #expect(try first.answer()?.status == 200)
            #expect(server.ledger.counts.bookings == 1)
        }
    }

    /// All first payments decline: a hard one is kept, a soft one decided again.
    @Test(arguments: [(ScriptedAnswer.Decline.hard, 1), (.soft, 0)])
    func onlyHardDeclinesAreKept(_ decline: ScriptedAnswer.Decline, _ replayed: Int) async throws {
        var answer = ScriptedAnswer(share: 1, status: 402, code: "Declined")
        answer.decline = decline
        try await withSimulator(Self.provider(.replay, answer)) { server in
            for _ in 1...2 { try expect(402, from: server, PaymentText(id: 5)) }
            #expect(server.ledger.counts.replayed == replayed)
            #expect(server.ledger.counts.bookings == 0)
        }
    }

    /// In doubt, then asked again: the answer comes, and there is one booking.
    @Test func aDroppedPaymentThatWasBookedIsReplayed() async throws {
        let provider = Provider.scripted {
            $0.repeats = .replay
            $0.faults = [Fault(name: "r", .reset(.afterBooking))]
        }
        try await withSimulator(provider) { server in
            let none = try ask(server, PaymentText(id: 5))
            #expect(none == nil)
            try expect(200, from: server, PaymentText(id: 5))
            #expect(
                entry(server, 5) == Ledger.Entry(arrivals: 2, bookings: 1, answer: .status(200)))
        }
    }

    @Test func aChallengeRedirectsToTheReturnURLAndIsNotBooked() async throws {
        let provider = Self.provider(.chargeTwice, .challenge(share: 1))
        try await withSimulator(provider) { server in
            let digits = PaymentID(high: 0, low: 9).digits
            let body =
                #"{"paymentId":"\#(digits)","paymentMethod":{"a":"returnUrl"},"clientType":1,"#
                + #""ReturnUrl" : "https://shop.example.test/back?x=1"}"#
            let answer = try #require(try ask(server, PaymentText(body: body)))
            #expect(answer.status == 200)
            #expect(
                answer.body
                    == #"{"data":"{\"resultCode\":\"RedirectShopper\",\"paymentId\":\"\#(digits)\","#
                    + #"\"redirectUrl\":\"https://shop.example.test/back?x=1&paymentId=\#(digits)"#
                    + #"&result=challenge\"}"}"#)
            #expect(server.ledger.counts.bookings == 0)
            #expect(server.ledger.counts.scriptedAnswers == ["RedirectShopper": 1])
        }
    }

    /// The return address is the bound one: escapes undone, and from wherever it may come.
    @Test(arguments: [
        (
            "POST /mobile/payments/makePayment HTTP/1.1",
            #","returnUrl":"https:\/\/shop.example.test\/\u00e9""#,
            "https://shop.example.test/é?"
        ),
        (
            "POST /mobile/payments/makePayment?returnUrl=http://a.example.test/?b HTTP/1.1", "",
            "http://a.example.test/?b&"
        ),
        ("POST /mobile/payments/makePayment HTTP/1.1", "", "?"),
    ])
    func aChallengeLeadsBackToTheBoundAddress(
        _ line: String, _ member: String, _ address: String
    ) async throws {
        try await withSimulator(Self.provider(.chargeTwice, .challenge(share: 1))) { server in
            let body = String(PaymentText.body(id: 9).dropLast()) + member + "}"
            let answer = try #require(try ask(server, PaymentText(line: line, body: body)))
            #expect(answer.body.contains(#"redirectUrl\":\"\#(address)paymentId="#))
        }
    }

    @Test func aPendingPaymentIsBooked() async throws {
        try await withSimulator(Self.provider(.chargeTwice, .pending(share: 1))) { server in
            let answer = try #require(try ask(server, PaymentText(id: 9)))
            #expect(answer.body.hasPrefix(#"{"data":"{\"resultCode\":\"Pending\""#))
            #expect(server.ledger.counts.bookings == 1)
        }
    }

    @Test func aRateAboveTheLimitIs429WithRetryAfter() async throws {
        let provider = Provider.scripted {
            $0.limits.rate = Limits.Rate(perSecond: 0.001, burst: 2)
            $0.limits.retryAfter = .seconds(7)
        }
        try await withSimulator(provider) { server in
            let answers = try (1...3).map { try ask(server, PaymentText(id: $0)) }
            #expect(answers.map { $0?.status } == [200, 200, 429])
            #expect(answers[2]?.headers["retry-after"] == "7")
            #expect(answers[2]?.body.contains(#""errorCode":"TooManyRequests""#) == true)
            #expect(answers[0]?.headers["retry-after"] == nil)
            #expect(
                entry(server, 3) == Ledger.Entry(arrivals: 1, bookings: 0, answer: .status(429)))
            #expect(server.ledger.counts.limited == 1)
        }
    }

    @Test func moreAtOnceThanTheLimitIs429() async throws {
        let provider = Provider.scripted {
            $0.latency.law = .constant(.milliseconds(200))
            $0.limits.concurrent = 1
        }
        try await withSimulator(provider) { server in
            let first = try BlockingClient(port: server.port)
            first.send(PaymentText(id: 1).text)
            try wait { server.ledger.counts.payments == 1 }
            try expect(429, from: server, PaymentText(id: 2))
            #expect(try first.answer()?.status == 200)
            try expect(200, from: server, PaymentText(id: 2))
        }
    }

    @Test func aFullLedgerRefusesNewPaymentsAndSaysSoOnce() async throws {
        let provider = Provider.scripted { $0.ledgerEntries = 2 }
        try await withSimulator(provider) { server in
            let statuses = try [1, 2, 3, 4, 1].map { try ask(server, PaymentText(id: $0))?.status }
            #expect(statuses == [200, 200, 503, 503, 200])
            #expect(server.ledger.counts.refusedFull == 2)
            #expect(server.ledger.counts.bookings == 3)
            #expect(server.ledger.entries().count == 2)
        }
    }
}
