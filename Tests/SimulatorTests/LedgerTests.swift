import NIOCore
import Providers
import Testing

@testable import Simulator

@Suite struct LedgerTests {
    @Test(arguments: [1, 2])
    func theLedgerCountsWhatTheClientCounted(threads: Int) async throws {
        let provider = Provider.scripted {
            $0.answers = [ScriptedAnswer(share: 0.3, status: 402, code: "CardDeclined")]
            $0.drops = [ScriptedDrop(share: 0.1, point: .afterBooking)]
        }
        try await withSimulator(provider, threads: threads) { server in
            var answers: [Int: Int] = [:]
            var drops = 0
            for id in 1...300 {
                if let answer = try ask(server, PaymentText(id: id)) {
                    answers[answer.status, default: 0] += 1
                } else {
                    drops += 1
                }
            }
            let counts = server.ledger.counts
            #expect(counts.requests == 300)
            #expect(counts.payments == 300)
            #expect(counts.distinctPaymentIDs == 300)
            #expect(counts.answers == answers)
            #expect(counts.scriptedAnswers == ["CardDeclined": answers[402, default: 0]])
            #expect(counts.droppedAfterBooking == drops)
            #expect(counts.bookings == answers[200, default: 0] + drops)
            #expect(counts.bookedTwiceOrMore == 0)
        }
    }

    @Test func aRepeatedPaymentIsBookedAgainAndSeen() async throws {
        try await withSimulator { server in
            for _ in 1...3 { _ = try ask(server, PaymentText(id: 5)) }
            _ = try ask(server, PaymentText(id: 6))
            let entry = Ledger.Entry(arrivals: 3, bookings: 3, answer: .status(200))
            #expect(server.ledger[PaymentID(high: 0, low: 5)] == entry)
            let counts = server.ledger.counts
            #expect(counts.payments == 4)
            #expect(counts.distinctPaymentIDs == 2)
            #expect(counts.bookedTwiceOrMore == 1)
        }
    }

    @Test func requestsThatReachNoServiceAreNoPayments() async throws {
        try await withSimulator { server in
            _ = try ask(server, PaymentText(line: "GET /nope HTTP/1.1"))
            _ = try ask(server, PaymentText(body: "{}"))
            let counts = server.ledger.counts
            #expect(counts.requests == 2)
            #expect(counts.payments == 0)
            #expect(counts.answers == [404: 1, 400: 1])
            #expect(server.ledger.entries().isEmpty)
        }
    }

    @Test func anAnswerToAClientThatHasGoneIsUnsentAndItsBookingStands() async throws {
        try await withSimulator(.scripted { $0.latency.law = .constant(.milliseconds(300)) }) {
            server in
            do {
                let client = try BlockingClient(port: server.port)
                client.send(PaymentText(id: 1).text)
                try wait { server.ledger.counts.payments == 1 }
            }
            try wait { server.ledger.counts.unsent == 1 }
            #expect(try ask(server, PaymentText(id: 2))?.status == 200)
            let entry = Ledger.Entry(arrivals: 1, bookings: 1, answer: .unsent)
            #expect(server.ledger[PaymentID(high: 0, low: 1)] == entry)
            #expect(server.ledger.counts.unsent == 1)
        }
    }

    @Test func whereTimesAreKeptEachAnswerHasItsInstants() async throws {
        let provider = Provider.scripted { $0.latency.law = .constant(.milliseconds(20)) }
        try await withSimulator(provider, keepsTimes: true) { server in
            for id in 1...3 { _ = try ask(server, PaymentText(id: id)) }
            let times = try #require(server.ledger.times)
            #expect(times.map(\.id.low) == [1, 2, 3])
            #expect(times.allSatisfy { $0.due - $0.arrival == .milliseconds(20) })
            #expect(times.allSatisfy { $0.answered >= $0.due })
            let text = try #require(try admin(server, "/timing/payments")).body
            let rows = text.split(separator: "\n")
            #expect(rows.first == "payment_id,arrival_ns,due_ns,answered_ns")
            #expect(rows.count == 4)
        }
        try await withSimulator(provider) { server in
            try expectAdmin(404, from: server, "/timing/payments")
        }
    }

    @Test func theAdminPortShowsCountsAndEntries() async throws {
        let provider = Provider.scripted {
            $0.answers = [ScriptedAnswer(share: 1, status: 402, code: "Card\"Declined")]
        }
        try await withSimulator(provider) { server in
            _ = try ask(server, PaymentText(id: 255))
            #expect(try admin(server, "/health")?.status == 200)
            #expect(try admin(server, "/nope")?.status == 404)
            let counts = try #require(try admin(server, "/ledger"))
            #expect(counts.headers["content-type"] == "application/json; charset=utf-8")
            #expect(
                counts.body
                    == #"{"requests":1,"payments":1,"bookings":0,"distinct_payment_ids":1,"#
                    + #""booked_twice_or_more":0,"answers":{"402":1},"#
                    + #""scripted_answers":{"Card\"Declined":1},"#
                    + #""drops":{"before_booking":0,"after_booking":0},"resets":0,"broken":0,"#
                    + #""unsent":0,"limited":0,"refused_full":0,"#
                    + #""repeats":{"replayed":0,"conflict":0,"refused":0},"faults":{}}"# + "\n")
            let entries = try #require(try admin(server, "/ledger/entries"))
            #expect(entries.headers["content-type"] == "text/csv; charset=utf-8")
            let rows = entries.body.split(separator: "\n")
            #expect(rows.first == "payment_id,arrivals,bookings,answer,first_arrival_ns")
            #expect(rows.last?.hasPrefix("000000000000000000000000000000ff,1,0,402,") == true)
            #expect(rows.count == 2)
        }
    }
}
