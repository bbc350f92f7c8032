import Providers
import Testing
import Zlib

@testable import Simulator

/// Compression, forms and what HTTP itself asks for.
@Suite struct TransportTests {
    /// - Parameter windowBits: 31 is gzip, -15 the raw stream.
    static func compressed(_ bytes: [UInt8], windowBits: Int32) -> [UInt8] {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        deflateInit2_(&stream, 9, Z_DEFLATED, windowBits, 8, 0, ZLIB_VERSION, size)
        defer { deflateEnd(&stream) }
        var input = bytes
        return input.withUnsafeMutableBufferPointer { source in
            [UInt8](unsafeUninitializedCapacity: source.count + 1024) { target, count in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                deflate(&stream, Z_FINISH)
                count = target.count - Int(stream.avail_out)
            }
        }
    }

    static func inflated(
        _ bytes: [UInt8], _ format: Inflate.Format, limit: Int = 1 << 20
    ) throws -> [UInt8] {
        try Inflate.inflated(bytes.span, format, limit: limit)
    }

    @Test(arguments: [0, 1, 1000, 100_000])
    func whatWasCompressedComesBack(_ count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        let gzip = Self.compressed(bytes, windowBits: 31)
        #expect(try Self.inflated(gzip, .gzip) == bytes)
        #expect(try Self.inflated(Self.compressed(bytes, windowBits: -15), .deflate) == bytes)
        #expect(throws: BindingFault.notCompressed) { try Self.inflated(gzip, .deflate) }
        #expect(throws: BindingFault.notCompressed) {
            try Self.inflated(Array(gzip.dropLast(9)), .gzip)
        }
    }

    @Test func aSmallBodyThatBecomesALargeOneIsRefused() throws {
        let bomb = Self.compressed([UInt8](repeating: 0x20, count: 1 << 20), windowBits: 31)
        #expect(bomb.count < 2000)
        #expect(try Self.inflated(bomb, .gzip, limit: 1 << 20).count == 1 << 20)
        #expect(throws: BindingFault.tooLarge) { try Self.inflated(bomb, .gzip, limit: 65_535) }
    }

    @Test(arguments: [("gzip", 500, "IOException"), ("GZIP", 500, "IOException"), ("br", 200, nil)])
    func aBodyThatIsNotInItsEncodingIsAnError(
        _ encoding: String, _ status: Int, _ code: String?
    ) async throws {
        try await withSimulator { server in
            var request = PaymentText()
            request.headers.append("Content-Encoding: \(encoding)")
            let answer = try #require(try ask(server, request))
            #expect(answer.status == status)
            #expect(ConformanceTests.text(of: "errorCode", in: answer.body) == code)
        }
    }

    @Test func fieldsOfAMultipartFormAreBoundAndFilesAreNot() async throws {
        let parts = [
            ("name=\"PaymentId\"", "00000000000000000000000000000007"),
            ("name=clientType", "Web"), ("name=\"paymentMethod\"", "{type:card}"),
            ("name=\"clientType\"; filename=\"x\"", "Nokia"),
        ]
        let body = parts.map { head, value in
            "--b0\r\nContent-Disposition: form-data; \(head)\r\n\r\n\(value)\r\n"
        }.joined()
        try await withSimulator { server in
            var request = PaymentText(body: body + "--b0--\r\n")
            request.headers[1] = "Content-Type: multipart/form-data; boundary=\"b0\""
            let answer = try ask(server, request)
            #expect(answer?.status == 200)
            #expect(server.ledger.entries().map(\.id) == [PaymentID(high: 0, low: 7)])
        }
    }

    @Test func strictBindingRefusesWhatLenientBindingForgets() async throws {
        let strict = Provider.scripted { $0.service.binding = .strict }
        try await withSimulator(strict) { server in
            let answer = try #require(try ask(server, PaymentText(body: #"{"PaymentId":"nope"}"#)))
            #expect(answer.status == 400)
            #expect(
                answer.body
                    == #"{"responseStatus":{"errorCode":"SerializationException","#
                    + #""message":"Failed to set property 'PaymentId' with 'nope'"}}"#)
            #expect(try ask(server, PaymentText())?.status == 200)
        }
    }

    @Test func aClientThatWaitsIsToldToGoOn() async throws {
        try await withSimulator { server in
            let client = try BlockingClient(port: server.port)
            let parts = PaymentText(headers: [
                "Accept: application/json", "Content-Type: application/json",
                "Expect: 100-continue",
            ]).text.split(separator: "\r\n\r\n")
            client.send(String(parts[0]) + "\r\n\r\n")
            #expect(try client.answer()?.status == 100)
            client.send(String(parts[1]))
            #expect(try client.answer()?.status == 200)
        }
    }

    /// The first answer is late, and must not come behind the word about the second request.
    @Test func theWordToGoOnWaitsForTheAnswersInFrontOfIt() async throws {
        let provider = Provider.scripted { $0.latency.law = .constant(.milliseconds(50)) }
        try await withSimulator(provider) { server in
            let client = try BlockingClient(port: server.port)
            var waiting = PaymentText(id: 2)
            waiting.headers.append("Expect: 100-continue")
            let parts = waiting.text.split(separator: "\r\n\r\n")
            client.send(PaymentText().text + parts[0] + "\r\n\r\n")
            #expect(try client.answer()?.status == 200)
            #expect(try client.answer()?.status == 100)
            client.send(String(parts[1]))
            #expect(try client.answer()?.status == 200)
        }
    }

    @Test(arguments: ["", "Host: a\r\nHost: b\r\n", "Host: a b\r\n", "Host: \r\n"])
    func aRequestWithoutOneGoodHostIsRefusedByTheHost(_ host: String) async throws {
        try await withSimulator { server in
            let client = try BlockingClient(port: server.port)
            client.send("POST /mobile/payments/makePayment HTTP/1.1\r\n\(host)\r\n")
            let answer = try #require(try client.answer())
            #expect(answer.status == 400)
            #expect(answer.headers["content-type"] == "text/html")
            #expect(try client.isClosedByServer())
        }
    }

    @Test func withTheSwitchPagesOfAnyOriginMayAsk() async throws {
        try await withSimulator(.scripted { $0.service.cors = true }) { server in
            let line = "/mobile/payments/makePayment HTTP/1.1"
            let asked = try #require(try ask(server, PaymentText(line: "OPTIONS " + line)))
            #expect(asked.status == 200)
            #expect(asked.body.isEmpty)
            for request in [
                PaymentText(), PaymentText(line: "GET " + line), PaymentText(body: "hello"),
            ] {
                let answer = try #require(try ask(server, request))
                #expect(answer.headers["access-control-allow-origin"] == "*")
                #expect(answer.headers["access-control-allow-headers"] == "Content-Type")
            }
        }
    }

    @Test func theRootLeadsToTheMetadata() async throws {
        try await withSimulator { server in
            let answer = try #require(try ask(server, PaymentText(line: "GET / HTTP/1.1")))
            #expect(answer.status == 302)
            #expect(answer.headers["location"] == "/metadata")
        }
    }

    @Test(arguments: ["GET", "PUT", "POST"])
    func predefinedRoutesTakeAnyVerb(_ verb: String) async throws {
        try await withSimulator { server in
            let line = "\(verb) /json/reply/MakePaymentRequest HTTP/1.1"
            var request = PaymentText(line: line)
            request.headers[0] = "Accept: text/html"
            let answer = try #require(try ask(server, request))
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
        }
    }

    @Test func withoutPagesHTMLFallsBackToJSON() async throws {
        try await withSimulator(.scripted { $0.service.html = false }) { server in
            let request = PaymentText(headers: ["Content-Type: application/json"])
            let answer = try #require(try ask(server, request))
            #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
        }
    }
}
