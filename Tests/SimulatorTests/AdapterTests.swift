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

    /// A session of the plain path is one of the adapters that ask for the same, and of no other.
    @Test func signingInHoldsWhereTheSameIsAskedFor() async throws {
        let provider = try ProviderReader.read(
            bytes: Array(
                """
                version: 1
                auth: { credentials: { username: user, password: pass } }
                adapters:
                  same: {}
                  other: { auth: { credentials: { username: user, password: other } } }
                """.utf8), name: "p")
        try await withSimulator(provider) { server in
            let body = #"{"userName":"user","password":"pass"}"#
            let welcome = try AuthenticationTests.signIn(server, body)
            let id = try #require(ConformanceTests.text(of: "sessionId", in: welcome.body))
            for (name, status) in [("same", 200), ("other", 401)] {
                var request = PaymentText(line: Self.line(name))
                try expect(401, from: server, request)
                request.headers.append("Cookie: ss-id=\(id)")
                try expect(status, from: server, request)
            }
            let login = PaymentText(
                line: "POST /adapters/other/auth/credentials HTTP/1.1",
                body: #"{"userName":"user","password":"other"}"#)
            try expect(200, from: server, login)
        }
    }

    @Test func somebodyWhoWantsAPageComesBackToTheAdapter() async throws {
        let provider = try ProviderReader.read(
            bytes: Array(
                """
                version: 1
                auth: { credentials: { username: user, password: pass } }
                adapters: { a: {} }
                """.utf8), name: "p")
        try await withSimulator(provider) { server in
            let request = PaymentText(
                line: Self.line("a"), headers: ["Content-Type: application/json"])
            let answer = try #require(try ask(server, request))
            #expect(
                answer.headers["location"]
                    == "/login?redirect=%2fadapters%2fa%2fmobile%2fpayments%2fmakePayment")
        }
    }

    @Test func eachHasItsServiceAndCountsWhatItRefuses() async throws {
        let provider = try ProviderReader.read(
            bytes: Array(
                """
                version: 1
                service: { cors: true }
                adapters:
                  same: {}
                  small: { service: { body_limit: 20B, cors: false } }
                """.utf8), name: "p")
        try await withSimulator(provider) { server in
            let plain = try #require(try ask(server, PaymentText(id: 1)))
            #expect(plain.headers["access-control-allow-origin"] == "*")
            let same = try #require(try ask(server, PaymentText(line: Self.line("same"), id: 2)))
            #expect(same.headers["access-control-allow-origin"] == "*")
            try expect(413, from: server, PaymentText(line: Self.line("small"), id: 3))
            #expect(server.ledger.counts.requests == 1)
            #expect(server.adapters.map(\.ledger.counts.requests) == [1, 1])
            let wish = PaymentText(
                line: "OPTIONS /adapters/small/mobile/payments/makePayment HTTP/1.1", body: "")
            try expect(404, from: server, wish)
        }
    }

    @Test func theAdminPortTellsNoCredentials() async throws {
        let provider = try ProviderReader.read(
            bytes: Array(
                """
                version: 1
                auth: { bearer: hush, jwt: { secret: hush }, credentials: { username: u, password: hush } }
                adapters: { a: {} }
                """.utf8), name: "p")
        try await withSimulator(provider) { server in
            for path in ["/provider", "/adapters/a/provider"] {
                let law = try #require(try admin(server, path))
                #expect(law.status == 200)
                #expect(!law.body.contains("hush"))
            }
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
