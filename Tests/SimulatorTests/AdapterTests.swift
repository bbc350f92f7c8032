import NIOCore
import Providers
import Testing

@testable import Simulator

/// Several providers in one simulator.
@Suite struct AdapterTests {
    static let provider = Provider.scripted {
        var declining = Provider()
        declining.name = "declining"
        declining.answers = [ScriptedAnswer(share: 1, status: 402, code: "Declined")]
        declining.faults = [Fault(name: "bad", .badJSON, isArmed: false)]
        var limited = Provider()
        limited.name = "limited"
        limited.limits.rate = Limits.Rate(perSecond: 0.001, burst: 1)
        $0.adapters = [Adapter(provider: declining), Adapter(port: 0, provider: limited)]
    }

    static func line(_ adapter: String) -> String {
        "POST /adapters/\(adapter)/mobile/payments/makePayment HTTP/1.1"
    }

    @Test func eachIsServedAtItsPathWithALedgerOfItsOwn() async throws {
        try await withSimulator(Self.provider) { server in
            try expect(200, from: server, PaymentText(id: 1))
            let declined = try ask(server, PaymentText(line: Self.line("declining"), id: 2))
            #expect(declined?.status == 402)
            let limited = try (3...4).map {
                try ask(server, PaymentText(line: Self.line("limited"), id: $0))?.status
            }
            #expect(limited == [200, 429])
            try expect(404, from: server, PaymentText(line: Self.line("nobody"), id: 5))
            #expect(server.ledger.counts.payments == 1)
            #expect(server.adapters.map(\.name) == ["declining", "limited"])
            #expect(server.adapters.map(\.ledger.counts.payments) == [1, 2])
            #expect(server.adapters.map(\.ledger.counts.bookings) == [0, 1])
        }
    }

    @Test func onePortServesOneAdapterAtThePlainPath() async throws {
        try await withSimulator(Self.provider) { server in
            #expect(server.adapters[0].port == nil)
            let port = try #require(server.adapters[1].port)
            #expect(port != server.port)
            let client = try BlockingClient(port: port)
            client.send(PaymentText(id: 1).text)
            #expect(try client.answer()?.status == 200)
            client.send(PaymentText(line: Self.line("limited"), id: 2).text)
            #expect(try client.answer()?.status == 404)
            #expect(server.adapters[1].ledger.counts.bookings == 1)
            #expect(server.ledger.counts.requests == 0)
        }
    }

    @Test func theAdminPortTellsThemApart() async throws {
        try await withSimulator(Self.provider) { server in
            _ = try ask(server, PaymentText(line: Self.line("declining"), id: 2))
            let counts = try #require(try admin(server, "/adapters/declining/ledger"))
            #expect(counts.body.contains(#""scripted_answers":{"Declined":1}"#))
            let text1 = try #require(try admin(server, "/ledger")).body
            #expect(text1.contains(#""payments":0"#) == true)
            try expectAdmin(404, from: server, "/adapters/nobody/ledger")
            let law = try #require(try admin(server, "/adapters/limited/provider"))
            #expect(law.body.contains("rate: \"0.001/s\"") || law.body.contains("rate: 0.001/s"))
            let path = "/adapters/declining/faults/bad?on=true"
            try expectAdmin(200, from: server, path, "POST")
        }
    }

    @Test func aResetForgetsEverything() async throws {
        let provider = Provider.scripted {
            $0.answers = [ScriptedAnswer(share: 0.5, status: 402, code: "Declined")]
        }
        try await withSimulator(provider) { server in
            let first = try (1...20).map { try ask(server, PaymentText(id: $0))?.status }
            try expectAdmin(200, from: server, "/reset", "POST")
            #expect(server.ledger.counts.payments == 0)
            #expect(server.ledger.entries().isEmpty)
            let again = try (1...20).map { try ask(server, PaymentText(id: $0))?.status }
            #expect(first == again)
            try expectAdmin(404, from: server, "/reset")
        }
    }

    @Test func theTimingHoldsEveryAnswer() async throws {
        let provider = Provider.scripted { $0.latency.law = .constant(.milliseconds(20)) }
        try await withSimulator(provider) { server in
            for id in 1...5 { _ = try ask(server, PaymentText(id: id)) }
            let timing = server.ledger.timing
            #expect(timing.answer.count == 5)
            #expect(timing.answer.minimum >= 20_000)
            #expect(timing.added.count == 5)
            let shown = try #require(try admin(server, "/timing"))
            #expect(shown.body.hasPrefix(#"{"answer_us":{"count":5,"min":"#))
        }
    }
}
