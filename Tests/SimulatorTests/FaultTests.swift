import NIOCore
import Providers
import Testing

@testable import Simulator

/// Each fault as a client sees it, and as the ledger tells it.
@Suite struct FaultTests {
    let clock = ContinuousClock()

    static func provider(_ effects: Fault.Effect..., law: Duration = .zero) -> Provider {
        .scripted {
            $0.latency.law = .constant(law)
            $0.faults = effects.map { Fault(name: $0.kind.rawValue, $0) }
        }
    }

    @Test(
        arguments: [
            (Fault.Point.beforeBooking, 0), (.duringBooking, 1), (.afterBooking, 1),
        ] as [(Fault.Point, UInt32)])
    func aResetConnectionEndsWithRST(_ point: Fault.Point, _ bookings: UInt32) async throws {
        let provider = Self.provider(.reset(point), law: .milliseconds(20))
        try await withSimulator(provider) { server in
            let client = try BlockingClient(port: server.port)
            client.send(PaymentText(id: 1).text)
            let rest = try client.rest()
            #expect(rest.isEmpty)
            #expect(client.wasReset)
            try wait { server.ledger.counts.resets == 1 }
            let expected = Ledger.Entry(arrivals: 1, bookings: bookings, answer: .reset)
            #expect(entry(server, 1) == expected)
            #expect(server.ledger.counts.faults == ["reset": 1])
            #expect(server.ledger.counts.answers.isEmpty)
        }
    }

    /// Reset at half of 600 ms: the booking comes behind it.
    @Test func aResetDuringBookingComesBeforeTheBooking() async throws {
        let provider = Self.provider(.reset(.duringBooking), law: .milliseconds(600))
        try await withSimulator(provider) { server in
            let client = try BlockingClient(port: server.port)
            client.send(PaymentText(id: 1).text)
            #expect(try client.isClosedByServer())
            let isBookedYet = server.ledger.counts.bookings
            #expect(isBookedYet == 0)
            try wait { server.ledger.counts.bookings == 1 }
        }
    }

    /// 47 bytes of body announced, the first 23 sent.
    @Test func aCutBodyIsHalfAndTheConnectionEnds() async throws {
        try await withSimulator(Self.provider(.cutBody)) { server in
            let client = try BlockingClient(port: server.port)
            client.send(PaymentText(id: 1).text)
            let text = try client.rest()
            #expect(text.contains("Content-Length: 47\r\n"))
            #expect(text.hasSuffix("\r\n\r\n" + #"{"data":"pay-0000000000"#))
            #expect(!client.wasReset)
            #expect(entry(server, 1) == Ledger.Entry(arrivals: 1, bookings: 1, answer: .broken))
            #expect(server.ledger.counts.broken == 1)
        }
    }

    @Test func aWrongLengthLeavesItsRestInFrontOfTheNextAnswer() async throws {
        try await withSimulator(Self.provider(.wrongLength)) { server in
            let client = try BlockingClient(port: server.port)
            client.send(PaymentText(id: 1).text)
            let answer = try #require(try client.answer())
            #expect(answer.headers["content-length"] == "40")
            #expect(answer.body == #"{"data":"pay-"# + String(repeating: "0", count: 27))
            var last = PaymentText(id: 2)
            last.headers.append("Connection: close")
            client.send(last.text)
            let rest = try client.rest()
            #expect(rest.hasPrefix(#"00001"}HTTP/1.1 200 OK"#))
        }
    }

    @Test func aDrippingBodyIsWholeAndTakesItsTime() async throws {
        let time = Duration.milliseconds(200)
        try await withSimulator(Self.provider(.drip(over: time))) { server in
            let client = try BlockingClient(port: server.port)
            let start = clock.now
            client.send(PaymentText(id: 1).text + PaymentText(id: 2).text)
            for id in 1...2 {
                let reference = "pay-" + PaymentID(high: 0, low: UInt64(id)).digits
                #expect(try client.answer()?.body == #"{"data":"\#(reference)"}"#)
                #expect(clock.now - start >= time * id)
            }
            #expect(
                entry(server, 1) == Ledger.Entry(arrivals: 1, bookings: 1, answer: .status(200)))
        }
    }

    @Test func badJSONIsOfTheLengthItSays() async throws {
        try await withSimulator(Self.provider(.badJSON)) { server in
            let client = try BlockingClient(port: server.port)
            client.send(PaymentText(id: 1).text)
            let answer = try #require(try client.answer())
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
            #expect(answer.body == #"{"data":"pay-00000000"#)
            #expect(entry(server, 1) == Ledger.Entry(arrivals: 1, bookings: 1, answer: .broken))
        }
    }

    @Test func aTimeoutOfTheProviderIs500AfterItsTime() async throws {
        let time = Duration.milliseconds(100)
        try await withSimulator(Self.provider(.timeout(after: time))) { server in
            let start = clock.now
            let answer = try #require(try ask(server, PaymentText(id: 1)))
            #expect(clock.now - start >= time)
            #expect(answer.status == 500)
            #expect(answer.body.contains(#""errorCode":"TimeoutException""#))
            #expect(
                entry(server, 1) == Ledger.Entry(arrivals: 1, bookings: 0, answer: .status(500)))
        }
    }

    @Test func aBrownOutFailsItsShareWith503() async throws {
        let provider = Self.provider(.brownOut(factor: 3, errors: 1), law: .milliseconds(20))
        try await withSimulator(provider) { server in
            let start = clock.now
            let answer = try #require(try ask(server, PaymentText(id: 1)))
            #expect(clock.now - start >= .milliseconds(60))
            #expect(answer.status == 503)
            #expect(answer.body.contains(#""errorCode":"ServiceUnavailable""#))
            #expect(server.ledger.counts.bookings == 0)
        }
    }

    @Test func nothingFallsDueInAStallOfItsWindow() async throws {
        let window = Fault.Window(after: .zero, length: .milliseconds(300))
        let provider = Provider.scripted { $0.faults = [Fault(name: "s", .stall, window: window)] }
        try await withSimulator(provider) { server in
            let start = clock.now
            try expect(200, from: server, PaymentText(id: 1))
            #expect(clock.now - start >= .milliseconds(300))
        }
    }

    @Test func idleConnectionsAreClosed() async throws {
        try await withSimulator(Self.provider(.closeIdle(after: .milliseconds(50)))) { server in
            let client = try BlockingClient(port: server.port)
            client.send(PaymentText(id: 1).text)
            #expect(try client.answer()?.status == 200)
            #expect(try client.isClosedByServer())
            #expect(!client.wasReset)
        }
    }

    /// Switched by hand: the port refuses, those who are in stay, and it opens again.
    @Test func refusedConnectionsAreRefusedUntilTheFaultIsOff() async throws {
        let provider = Provider.scripted {
            $0.faults = [Fault(name: "down", .refuse, isArmed: false)]
        }
        try await withSimulator(provider) { server in
            let guest = try BlockingClient(port: server.port)
            guest.send(PaymentText(id: 1).text)
            #expect(try guest.answer()?.status == 200)
            try expectAdmin(200, from: server, "/faults/down?on=true", "POST")
            try wait { (try? BlockingClient(port: server.port)) == nil }
            guest.send(PaymentText(id: 2).text)
            #expect(try guest.answer()?.status == 200)
            try expectAdmin(200, from: server, "/faults/down?on=false", "POST")
            try wait { (try? BlockingClient(port: server.port)) != nil }
            try expect(200, from: server, PaymentText(id: 3))
        }
    }

    @Test func aFaultIsSwitchedWhileRunning() async throws {
        let provider = Provider.scripted {
            $0.faults = [
                Fault(name: "bad", .badJSON, isArmed: false),
                Fault(name: "s", .stall, isArmed: false),
            ]
        }
        try await withSimulator(provider) { server in
            let text1 = try #require(try ask(server, PaymentText(id: 1))).body
            #expect(text1.hasSuffix("}") == true)
            try expectAdmin(200, from: server, "/faults/bad?on=true", "POST")
            let text2 = try #require(try ask(server, PaymentText(id: 2))).body
            #expect(text2.hasSuffix("}") == false)
            try expectAdmin(200, from: server, "/faults/bad?on=false", "POST")
            let text3 = try #require(try ask(server, PaymentText(id: 3))).body
            #expect(text3.hasSuffix("}") == true)
            try expectAdmin(200, from: server, "/faults/s?on=true", "POST")
            let held = try BlockingClient(port: server.port)
            held.send(PaymentText(id: 4).text)
            try wait { server.ledger.counts.payments == 4 }
            #expect(server.ledger.counts.bookings == 3)
            try expectAdmin(200, from: server, "/faults/s?on=false", "POST")
            #expect(try held.answer()?.status == 200)
        }
    }

    @Test(arguments: [
        ("/faults/nope?on=true", 404, "no such fault; faults: bad_json\n"),
        ("/faults/bad_json", 400, "on=true or on=false\n"),
        ("/faults/bad_json?on=maybe", 400, "on=true or on=false\n"),
    ])
    func aWrongSwitchIsNamed(_ path: String, _ status: Int, _ text: String) async throws {
        try await withSimulator(Self.provider(.badJSON)) { server in
            let answer = try #require(try admin(server, path, "POST"))
            #expect(answer.status == status)
            #expect(answer.body == text)
        }
    }
}
