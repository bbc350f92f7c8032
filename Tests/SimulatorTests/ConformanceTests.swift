import NIOCore
import NIOHTTP1
import Payments
import Providers
import Testing

@testable import Simulator

/// The observed requests, each to a service that is set as the observed one was.
@Suite struct ConformanceTests {
    /// What the stand-in does not do, by the name of the pair.
    static let outOfScope = [
        "throw web": "an error without an error object: scripted answers always have one",
        "throw httpresult": "an acceptance with another status: acceptances are 200",
        "throw redirect": "a redirect in place of an answer: no outcome of the provider yet",
        "valid amount 11": "validators of another type of request, and a request not kept whole",
    ]

    static let secret = "observed-secret"
    static let inScope = ObservedPair.all.filter { outOfScope[$0.name] == nil }

    @Test func everyPairIsThereAndEveryExceptionIsOne() {
        #expect(ObservedPair.all.count == 128)
        #expect(Self.inScope.count == 128 - Self.outOfScope.count)
    }

    @Test(arguments: inScope)
    func theAnswerIsTheObservedOne(_ pair: ObservedPair) async throws {
        try await withSimulator(Self.provider(for: pair)) { server in
            let client = try BlockingClient(port: server.port)
            let headers = try Self.headers(of: pair, server)
            let head = ["\(pair.target) HTTP/1.1", "Host: localhost"] + headers
            client.send(
                Array((head.joined(separator: "\r\n") + "\r\n\r\n").utf8) + pair.bytes)
            let answer = try #require(try client.answer())
            #expect(answer.status == pair.status)
            #expect(answer.headers["content-type"] == pair.contentType)
            #expect(Self.text(of: "errorCode", in: answer.body) == pair.errorCode)
            #expect(Self.text(of: "fieldName", in: answer.body) == pair.fieldName)
            #expect(answer.headers["www-authenticate"] == pair.challenge)
            #expect(answer.cookies.sorted() == pair.cookies)
            guard let bound = pair.bound else { return }
            let paid = server.ledger.entries().map(\.id.digits)
            #expect(paid == [bound.paymentId])
        }
    }

    @Test(arguments: inScope.filter { $0.bound != nil })
    func theValuesAreTheObservedOnes(_ pair: ObservedPair) throws {
        let bound = try #require(pair.bound)
        let parts = pair.target.split(separator: " ", maxSplits: 1)
        var head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: String(parts[0])),
            uri: String(parts[1]))
        for header in pair.headers + ["Content-Length: \(pair.bytes.count)"] {
            let pieces = header.split(separator: ":", maxSplits: 1)
            head.headers.add(name: String(pieces[0]), value: String(pieces[1].dropFirst()))
        }
        let request = IncomingRequest(head)
        let query = parts[1].split(separator: "?").dropFirst().first ?? ""
        let binder = Binder(Self.provider(for: pair).service)
        let body = try binder.readable(ByteBuffer(bytes: pair.bytes), of: request) ?? ByteBuffer()
        let payment = try binder.bind(request, Query(query.utf8Span.span), body)
        #expect(payment.id.digits == bound.paymentId)
        #expect(payment.clientType == bound.clientType)
        #expect(payment.version == bound.version)
        #expect(payment.storesPaymentMethod == bound.storePaymentMethod)
        let text = body.readableBytesUInt8Span
        let returnURL = payment.returnURL.text(in: text)
        if let length = bound.returnUrlLength {
            #expect(returnURL == String(repeating: "x", count: length))
        } else {
            #expect(returnURL == bound.returnUrl)
        }
        let map = payment.paymentMethod.map(in: text)
        #expect(map?.entries.map { [$0.name, $0.value ?? ""] } == bound.paymentMethod)
    }
}

extension ConformanceTests {
    static func provider(for pair: ObservedPair) -> Provider {
        .scripted { provider in
            provider.service.sessions = true
            provider.service.validators = pair.name == "valid ok"
            provider.service.bodyLimit = 4 << 20
            if pair.set == "auth" {
                provider.credentials = .basic(
                    username: Template("user"), password: Template("pass"))
                provider.tokens = TokenSettings(secret: secret)
                provider.login = LoginSettings(username: "user", password: "pass")
            }
            if pair.set == "throw", let code = pair.errorCode, pair.request.contains("/throw/") {
                provider.answers = [
                    ScriptedAnswer(
                        share: 1, status: pair.status, code: code, field: pair.fieldName)
                ]
            }
        }
    }

    /// The headers with what was left out of the pairs filled in: a length, tokens, a session.
    static func headers(of pair: ObservedPair, _ server: SimulatorServer) throws -> [String] {
        let length = pair.bytes.isEmpty ? [] : ["Content-Length: \(pair.bytes.count)"]
        return try (pair.headers + length).map { header in
            if header.contains("<jwt>") {
                return header.replacing("<jwt>", with: token(for: pair.name))
            }
            guard header.contains("<id>") else { return header }
            return header.replacing("<id>", with: try signedIn(server))
        }
    }

    private static func token(for name: String) -> String {
        switch name {
        case "jwt expired": Tokens.signed(#"{"sub":"1","exp":1}"#, secret: secret)
        case "jwt none alg": Tokens.signed(#"{"sub":"1"}"#, algorithm: "none", secret: secret)
        default: Tokens.signed(#"{"sub":"1","exp":99999999999}"#, secret: secret)
        }
    }

    /// The session of a login.
    private static func signedIn(_ server: SimulatorServer) throws -> String {
        let login = PaymentText(
            line: "POST /auth/credentials HTTP/1.1",
            body: #"{"userName":"user","password":"pass"}"#)
        let body = try #require(try ask(server, login)).body
        return try #require(text(of: "sessionId", in: body))
    }

    /// The first string member of this name.
    static func text(of name: String, in json: String) -> String? {
        json.firstRange(of: "\"\(name)\":\"").map { range in
            String(json[range.upperBound...].prefix { $0 != "\"" })
        }
    }
}
