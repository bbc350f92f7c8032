import Glibc
import NIOCore
import Providers
import Testing

@testable import Simulator

/// Clients that hold on to the service.
@Suite struct RobustnessTests {
    static func limits(_ change: (inout ConnectionLimits) -> Void) -> ConnectionLimits {
        var limits = ConnectionLimits()
        change(&limits)
        return limits
    }

    /// A head that never ends is no progress, however slowly it grows.
    @Test func aHeadThatTricklesInIsClosed() async throws {
        let limits = Self.limits { $0.idle = .milliseconds(200) }
        try await withSimulator(limits: limits) { server in
            let client = try BlockingClient(port: server.port)
            client.send("POST /mobile/payments/makePayment HTTP/1.1\r\n")
            for number in 1...5 {
                usleep(10_000)
                client.send("X-\(number): y\r\n")
            }
            #expect(try client.isClosedByServer())
        }
    }

    @Test func aBodyThatNeverEndsIsTimedOut() async throws {
        let limits = Self.limits {
            $0.idle = .milliseconds(100)
            $0.request = .milliseconds(200)
        }
        try await withSimulator(limits: limits) { server in
            let client = try BlockingClient(port: server.port)
            client.send(String(PaymentText().text.dropLast()))
            #expect(try client.answer()?.status == 408)
            #expect(try client.isClosedByServer())
            #expect(server.ledger.counts.payments == 0)
            #expect(server.ledger.counts.answers == [408: 1])
        }
    }

    @Test func aPaymentLongerThanTheIdleLimitIsAnswered() async throws {
        let limits = Self.limits { $0.idle = .milliseconds(50) }
        let provider = Provider.scripted { $0.latency.law = .constant(.milliseconds(300)) }
        try await withSimulator(provider, limits: limits) { server in
            try expect(200, from: server, PaymentText())
        }
    }

    @Test func aGracefulStopAnswersWhatIsWithTheProvider() async throws {
        var settings = SimulatorSettings(
            provider: .scripted { $0.latency.law = .constant(.milliseconds(200)) })
        settings.threads = 1
        let server = try await SimulatorServer.start(settings)
        let client = try BlockingClient(port: server.port)
        client.send(PaymentText().text)
        try wait { server.ledger.counts.payments == 1 }
        await server.stop(grace: .seconds(60))
        #expect(try client.answer()?.status == 200)
        #expect(try client.isClosedByServer())
    }

    @Test func connectionsAboveTheCeilingAreClosed() async throws {
        let limits = Self.limits { $0.connections = 2 }
        try await withSimulator(limits: limits) { server in
            let guests = try (1...2).map { _ in try BlockingClient(port: server.port) }
            for guest in guests {
                guest.send(PaymentText().text)
                #expect(try guest.answer()?.status == 200)
            }
            let extra = try BlockingClient(port: server.port)
            #expect(try extra.isClosedByServer())
            guests[0].send(PaymentText(id: 2).text)
            #expect(try guests[0].answer()?.status == 200)
        }
    }

    /// 100 MB announced: refused at the head, whatever of it is sent.
    @Test func aHugeBodyIsRefusedUnread() async throws {
        try await withSimulator { server in
            let client = try BlockingClient(port: server.port)
            client.send("POST /mobile/payments/makePayment HTTP/1.1\r\nHost: a\r\n")
            client.send("Content-Type: application/json\r\nContent-Length: 104857600\r\n\r\n")
            #expect(try client.answer()?.status == 413)
            let chunk = [UInt8](repeating: 0x20, count: 1 << 20)
            for _ in 1...20 { client.send(chunk) }
            #expect(try client.isClosedByServer())
            try expect(200, from: server, PaymentText())
        }
    }

    @Test func aThousandConnectionsThatComeAndGoLeaveNothingBehind() async throws {
        let limits = Self.limits { $0.connections = 300 }
        try await withSimulator(limits: limits) { server in
            for _ in 1...5 {
                let clients = try (1...200).map { _ in try BlockingClient(port: server.port) }
                for client in clients { client.send("POST /mobile") }
                let last = try #require(clients.last)
                last.send("/payments/makePayment HTTP/1.1\r\n\r\n")
                #expect(try last.answer() != nil)
            }
            try wait { (try? ask(server, PaymentText())) != nil }
        }
    }
}
