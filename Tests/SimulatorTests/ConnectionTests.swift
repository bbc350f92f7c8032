import Providers
import Testing

@testable import Simulator

/// What clients do to connections, well-behaved and other ones.
@Suite struct ConnectionTests {
    @Test func oneConnectionServesManyPayments() async throws {
        try await withSimulator { server in
            let client = try BlockingClient(port: server.port)
            for id in 1...50 {
                client.send(PaymentText(id: id).text)
                #expect(try client.answer()?.status == 200)
            }
            #expect(server.ledger.counts.distinctPaymentIDs == 50)
        }
    }

    /// 600 is more than one connection may have open at once.
    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        let provider = Provider.scripted {
            $0.latency.law = .bimodal(fast: .zero, slow: .milliseconds(10), slowShare: 0.5)
        }
        try await withSimulator(provider) { server in
            let client = try BlockingClient(port: server.port)
            client.send((1...600).map { PaymentText(id: $0).text }.joined())
            for id in 1...600 {
                let reference = "pay-" + PaymentID(high: 0, low: UInt64(id)).digits
                #expect(try client.answer()?.body == #"{"data":"\#(reference)"}"#)
            }
        }
    }

    @Test(arguments: ["HTTP/1.0", "HTTP/1.1"])
    func aClientThatWantsNoMoreIsClosed(_ version: String) async throws {
        try await withSimulator { server in
            var request = PaymentText(line: "POST /mobile/payments/makePayment \(version)")
            if version == "HTTP/1.1" { request.headers.append("Connection: close") }
            let client = try BlockingClient(port: server.port)
            client.send(request.text + PaymentText(id: 2).text)
            let answer = try #require(try client.answer())
            #expect(answer.status == 200)
            #expect(answer.headers["connection"] == "close")
            #expect(try client.isClosedByServer())
            #expect(server.ledger.counts.payments == 1)
        }
    }

    @Test func aConnectionEndsBehindAsManyRequestsAsItMayHave() async throws {
        try await withSimulator(.scripted { $0.service.requestsPerConnection = 3 }) { server in
            let client = try BlockingClient(port: server.port)
            client.send((1...4).map { PaymentText(id: $0).text }.joined())
            let closes = try (1...3).map { _ in
                try client.answer()?.headers["connection"] == "close"
            }
            #expect(closes == [false, false, true])
            #expect(try client.isClosedByServer())
            #expect(server.ledger.counts.payments == 3)
        }
    }

    @Test func aBodyAboveTheLimitIsRefusedAndTheConnectionClosed() async throws {
        try await withSimulator { server in
            let client = try BlockingClient(port: server.port)
            client.send(PaymentText(body: String(repeating: " ", count: 2 << 20)).text)
            #expect(try client.answer()?.status == 413)
            #expect(try client.isClosedByServer())
            #expect(server.ledger.counts.answers == [413: 1])
        }
    }

    @Test func aChunkedBodyAboveTheLimitIsRefused() async throws {
        try await withSimulator { server in
            let client = try BlockingClient(port: server.port)
            let head = "POST /mobile/payments/makePayment HTTP/1.1\r\nHost: localhost\r\n"
            let chunk = "10000\r\n" + String(repeating: "x", count: 65536) + "\r\n"
            client.send(head + "Transfer-Encoding: chunked\r\n\r\n")
            client.send(String(repeating: chunk, count: 20) + "0\r\n\r\n")
            #expect(try client.answer()?.status == 413)
        }
    }

    @Test func bytesThatAreNoHTTPAreRefusedAndTheServiceLives() async throws {
        try await withSimulator { server in
            var draws = Draws(seed: 9)
            for attempt in 1...200 as ClosedRange<UInt64> {
                draws.seed = attempt
                var bytes = Array(PaymentText().text.utf8)
                for number in 1...(attempt % 20 + 1) {
                    let place = Int(draws.unit(number, for: .ending) * Double(bytes.count))
                    bytes[place] = UInt8(draws.unit(number, for: .latency) * 256)
                }
                try BlockingClient(port: server.port).send(bytes)
            }
            let garbage = try BlockingClient(port: server.port)
            garbage.send("\u{0}\u{1}nonsense\r\n\r\n")
            let answer = try #require(try garbage.answer())
            #expect(answer.status == 400)
            #expect(answer.headers["content-type"] == "text/html")
            #expect(try ask(server, PaymentText())?.status == 200)
        }
    }

    @Test func aPortInUseIsNamed() async throws {
        let running = try await SimulatorServer.start(SimulatorSettings(provider: .scripted()))
        var settings = SimulatorSettings(provider: .scripted())
        settings.port = running.port
        await #expect(throws: SimulatorError.portInUse(running.port)) {
            try await SimulatorServer.start(settings)
        }
        settings.port = 0
        settings.adminPort = running.adminPort
        await #expect(throws: SimulatorError.portInUse(running.adminPort)) {
            try await SimulatorServer.start(settings)
        }
        await running.stop()
    }

    @Test(arguments: ["0.0.0.0", "::", "192.0.2.1", "example.test", ""])
    func onlyLoopbackIsServed(_ host: String) async {
        var settings = SimulatorSettings(provider: .scripted())
        settings.host = host
        await #expect(throws: SimulatorError.notLoopback(host: host)) {
            try await SimulatorServer.start(settings)
        }
    }

    @Test func aPortOutOfRangeIsRefused() async {
        var settings = SimulatorSettings(provider: .scripted())
        settings.adminPort = 65536
        await #expect(throws: SimulatorError.portOutOfRange(65536)) {
            try await SimulatorServer.start(settings)
        }
    }

    /// Somebody else may get a port that is free again; hardly three times.
    @Test func stoppingTwiceIsHarmlessAndFreesThePort() async throws {
        var refusals = 0
        for _ in 0..<3 {
            let server = try await SimulatorServer.start(SimulatorSettings(provider: .scripted()))
            await server.stop()
            await server.stop()
            do { _ = try BlockingClient(port: server.port) } catch { refusals += 1 }
        }
        #expect(refusals > 0)
    }
}
