import Glibc
import Providers
import Testing

@testable import Simulator

/// TLS, HTTP/2 and client certificates.
@Suite struct EncryptionTests {
    static func withSimulator(
        _ provider: Provider = .scripted(), clientAuthority: String? = nil,
        _ work: (SimulatorServer) async throws -> Void
    ) async throws {
        var settings = SimulatorSettings(provider: provider)
        settings.encryption = EncryptionSettings(clientAuthority: clientAuthority)
        let server = try await SimulatorServer.start(settings)
        do {
            try await work(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    static let accepted = EncryptedClient.Answer(
        status: 200, body: #"{"data":"pay-00000000000000000000000000000001"}"#)

    @Test(arguments: [EncryptedClient.Wanted.http1, .http2])
    func aPaymentIsAccepted(_ wanted: EncryptedClient.Wanted) async throws {
        try await Self.withSimulator { server in
            let answer = try await EncryptedClient(wanted: wanted).ask(port: server.port)
            #expect(answer == Self.accepted)
            #expect(server.ledger.counts.bookings == 1)
        }
    }

    @Test(arguments: [EncryptedClient.Wanted.http1, .http2])
    func errorsAreAnswered(_ wanted: EncryptedClient.Wanted) async throws {
        let provider = Provider.scripted {
            $0.answers = [ScriptedAnswer(share: 1, status: 402, code: "Declined")]
        }
        try await Self.withSimulator(provider) { server in
            let answer = try await EncryptedClient(wanted: wanted).ask(port: server.port)
            #expect(answer.status == 402)
            #expect(answer.body.contains(#""errorCode":"Declined""#))
        }
    }

    /// What ends a connection of HTTP/1.1 ends the stream of HTTP/2, and the ledger tells the same.
    @Test(arguments: [EncryptedClient.Wanted.http1, .http2])
    func aResetAndACutBodyAreNoAnswers(_ wanted: EncryptedClient.Wanted) async throws {
        for effect in [Fault.Effect.reset(.afterBooking), .cutBody] {
            let provider = Provider.scripted { $0.faults = [Fault(name: "f", effect)] }
            try await Self.withSimulator(provider) { server in
                await #expect(throws: (any Error).self) {
                    try await EncryptedClient(wanted: wanted).ask(port: server.port)
                }
                #expect(server.ledger.counts.bookings == 1)
                #expect(server.ledger.counts.resets + server.ledger.counts.broken == 1)
            }
        }
    }

    /// A token that must not come in the clear is good over TLS.
    @Test(arguments: [EncryptedClient.Wanted.http1, .http2])
    func aRequestOverTLSIsSecure(_ wanted: EncryptedClient.Wanted) async throws {
        let provider = Provider.scripted {
            $0.tokens = TokenSettings(secret: "s3cret", requiresTLS: true)
            $0.service.sessions = true
        }
        let token = Tokens.signed(#"{"sub":"1","exp":99999999999}"#, secret: "s3cret")
        try await Self.withSimulator(provider) { server in
            var client = EncryptedClient(wanted: wanted)
            let stranger = try await client.ask(port: server.port)
            #expect(stranger.status == 401)
            client.headers = [("Authorization", "Bearer \(token)")]
            let answer = try await client.ask(port: server.port)
            #expect(answer.status == 200)
            #expect(answer.cookies == ["ss-id", "ss-pid"])
        }
    }

    @Test func aClientOfHTTP2ThatAsksForItIsToldToContinue() async throws {
        try await Self.withSimulator { server in
            var client = EncryptedClient(wanted: .http2)
            let unasked = try await client.ask(port: server.port)
            #expect(!unasked.isContinued)
            client.headers = [("Expect", "100-continue")]
            let answer = try await client.ask(port: server.port, id: 2)
            #expect(answer.status == 200)
            #expect(answer.isContinued)
        }
    }

    /// First that no more may be asked, with the highest id there is; then, once the client has seen
    /// it, what was the last.
    @Test func aGracefulStopSaysGoodbyeOverHTTP2AndAnswersWhatWasAsked() async throws {
        var settings = SimulatorSettings(
            provider: .scripted { $0.latency.law = .constant(.seconds(1)) })
        settings.encryption = EncryptionSettings()
        let server = try await SimulatorServer.start(settings)
        let client = EncryptedClient(wanted: .http2)
        async let answer = client.ask(port: server.port)
        try wait { server.ledger.counts.payments == 1 }
        await server.stop(grace: .seconds(60))
        #expect(try await answer == Self.accepted)
        #expect(client.goodbyes.all == [Int(Int32.max), 1])
    }

    @Test func aDrippingBodyIsWholeOverHTTP2() async throws {
        let provider = Provider.scripted {
            $0.faults = [Fault(name: "d", .drip(over: .milliseconds(50)))]
        }
        try await Self.withSimulator(provider) { server in
            let answer = try await EncryptedClient(wanted: .http2).ask(port: server.port)
            #expect(answer == Self.accepted)
        }
    }

    @Test(arguments: [EncryptedClient.Wanted.http1, .http2])
    func onlyClientsWithACertificateAreLetIn(_ wanted: EncryptedClient.Wanted) async throws {
        let path = "/tmp/paybench-tests-ca-\(getpid())-\(wanted == .http1 ? 1 : 2).pem"
        let file = try #require(fopen(path, "w"))
        fputs(TestCertificates.authority, file)
        fclose(file)
        defer { unlink(path) }
        try await Self.withSimulator(clientAuthority: path) { server in
            await #expect(throws: (any Error).self) {
                try await EncryptedClient(wanted: wanted).ask(port: server.port)
            }
            let known = EncryptedClient(wanted: wanted, hasCertificate: true)
            let answer = try await known.ask(port: server.port)
            #expect(answer == Self.accepted)
            #expect(server.ledger.counts.payments == 1)
        }
    }

    @Test func plainTextOnATLSPortGetsNoAnswer() async throws {
        try await Self.withSimulator { server in
            let client = try BlockingClient(port: server.port)
            client.send(PaymentText().text)
            let answer = try client.answer()
            #expect(answer == nil)
            #expect(server.ledger.counts.payments == 0)
        }
    }

    @Test func aClientAuthorityThatIsNoneIsNamed() async throws {
        var settings = SimulatorSettings(provider: .scripted())
        settings.encryption = EncryptionSettings(clientAuthority: "/nowhere.pem")
        await #expect(throws: SimulatorError.clientAuthority(path: "/nowhere.pem")) {
            try await SimulatorServer.start(settings)
        }
    }
}
