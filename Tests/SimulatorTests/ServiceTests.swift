import Payments
import Providers
import Testing

@testable import Simulator

/// Answers of the running service, over a socket.
@Suite struct ServiceTests {
    static let reference = "pay-00000000000000000000000000000001"

    @Test func aPaymentIsAcceptedAsJSON() async throws {
        try await withSimulator { server in
            let answer = try #require(try ask(server, PaymentText()))
            #expect(answer.status == 200)
            #expect(answer.reason == "OK")
            #expect(answer.body == #"{"data":"\#(Self.reference)"}"#)
            #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
            #expect(answer.headers["vary"] == "Accept")
            #expect(answer.headers["x-powered-by"] == "paybench-simulator")
        }
    }

    @Test func jsonpWrapsAcceptanceAndServiceErrorsButNotBindingErrors() async throws {
        try await withSimulator { server in
            let line = "POST /mobile/payments/makePayment?callback=cb"
            let good = try #require(try ask(server, PaymentText(line: line + " HTTP/1.1")))
            #expect(good.headers["content-type"] == "text/javascript")
            #expect(good.body == #"cb({"data":"\#(Self.reference)"})"#)
            let invalid = try #require(
                try ask(server, PaymentText(line: line + " HTTP/1.1", body: "{}")))
            #expect(invalid.status == 400)
            #expect(invalid.body.hasPrefix(#"cb({"responseStatus":{"errorCode":"NotEmpty""#))
            #expect(invalid.body.hasSuffix("})"))
            let unbound = try #require(
                try ask(server, PaymentText(line: line + "&paymentId=nope HTTP/1.1")))
            #expect(unbound.status == 400)
            #expect(unbound.headers["content-type"] == "application/json; charset=utf-8")
            #expect(unbound.body.hasPrefix("{"))
        }
    }

    @Test func withoutAcceptThereIsAPage() async throws {
        try await withSimulator { server in
            let request = PaymentText(headers: ["Content-Type: application/json"])
            let answer = try #require(try ask(server, request))
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "text/html")
            #expect(answer.body.contains(Self.reference))
        }
    }

    @Test func aFormatThatIsSwitchedOffIsForbidden() async throws {
        try await withSimulator { server in
            let line = "POST /mobile/payments/makePayment.xml HTTP/1.1"
            let answer = try #require(try ask(server, PaymentText(line: line)))
            #expect(answer.status == 403)
            #expect(answer.body.isEmpty)
            #expect(answer.headers["content-length"] == "0")
        }
    }

    @Test(arguments: [
        "GET /mobile/payments/makePayment", "PUT /mobile/payments/makePayment",
        "DELETE /mobile/payments/makePayment", "OPTIONS /mobile/payments/makePayment",
        "POST /mobile/payments", "POST /mobile/payments/makePayment.nope",
    ])
    func aWrongVerbOrPathIsNotFound(_ line: String) async throws {
        try await withSimulator { server in
            let answer = try #require(try ask(server, PaymentText(line: line + " HTTP/1.1")))
            #expect(answer.status == 404)
            #expect(answer.body == "404")
            #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
        }
    }

    @Test func theAnswerToHeadHasNoBody() async throws {
        try await withSimulator { server in
            let client = try BlockingClient(port: server.port)
            client.send("HEAD /mobile/payments/makePayment HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try client.answer()?.status == 404)
            client.send(
                "HEAD /json/reply/MakePaymentRequest?paymentId=\(String(repeating: "1", count: 32))"
                    + "&clientType=1&paymentMethod=%7B%7D HTTP/1.1\r\nHost: localhost\r\n\r\n")
            let answer = try #require(try client.answer())
            #expect(answer.status == 200)
            #expect(answer.body.isEmpty)
            client.send(PaymentText().text)
            #expect(try client.answer()?.status == 200)
        }
    }

    @Test func anOverriddenVerbCounts() async throws {
        try await withSimulator { server in
            var request = PaymentText(line: "GET /mobile/payments/makePayment HTTP/1.1")
            request.headers.append("X-Http-Method-Override: POST")
            let answer = try ask(server, request)
            #expect(answer?.status == 200)
        }
    }

    @Test func bindingErrorsHaveTheirShape() async throws {
        try await withSimulator { server in
            let hello = try #require(try ask(server, PaymentText(body: "hello")))
            #expect(hello.status == 400)
            #expect(hello.reason == "Bad Request")
            #expect(
                hello.body
                    == #"{"responseStatus":{"errorCode":"SerializationException","message":"Type"#
                    + #" definitions should start with a '{', expecting serialized type"#
                    + #" 'MakePaymentRequest', got string starting with: hello"}}"#)
            let cut = try #require(try ask(server, PaymentText(body: #"{"paymentId":"111"#)))
            #expect(cut.status == 500)
            #expect(cut.body.contains(#""errorCode":"IndexOutOfRangeException""#))
            let line = "POST /mobile/payments/makePayment?paymentId=nope HTTP/1.1"
            let query = try #require(try ask(server, PaymentText(line: line)))
            #expect(query.status == 400)
            #expect(
                query.body
                    == #"{"responseStatus":{"errorCode":"SerializationException","message":"Unable"#
                    + #" to bind to request 'MakePaymentRequest'","errors":[{"errorCode":"#
                    + #""SerializationException","fieldName":"paymentId","message":"#
                    + #""'nope' is an Invalid value for 'paymentId'"}]}}"#)
        }
    }

    @Test func validationReportsEveryFailureAndTheFirstOnTop() async throws {
        try await withSimulator { server in
            let answer = try #require(try ask(server, PaymentText(body: #"{"clientType":9}"#)))
            #expect(answer.status == 400)
            #expect(answer.reason == "NotEmpty")
            #expect(
                answer.body
                    == #"{"responseStatus":{"errorCode":"NotEmpty","#
                    + #""message":"'Payment Id' must not be empty.","errors":["#
                    + #"{"errorCode":"NotEmpty","fieldName":"PaymentId","#
                    + #""message":"'Payment Id' must not be empty.","#
                    + #""meta":{"PropertyName":"Payment Id","#
                    + #""PropertyValue":"00000000000000000000000000000000"}},"#
                    + #"{"errorCode":"NotNull","fieldName":"PaymentMethod","#
                    + #""message":"'Payment Method' must not be empty.","#
                    + #""meta":{"PropertyName":"Payment Method"}},"#
                    + #"{"errorCode":"Enum","fieldName":"ClientType","message":"'Client Type' has"#
                    + #" a range of values which does not include '9'.","meta":{"#
                    + #""PropertyName":"Client Type","PropertyValue":"9"}}]}}"#)
        }
    }

    @Test(arguments: ["Content-Type: text/plain", "Content-Type: application/vnd.api+json"])
    func aBodyOfUnknownTypeIsIgnored(_ type: String) async throws {
        try await withSimulator { server in
            let request = PaymentText(headers: ["Accept: application/json", type])
            let answer = try ask(server, request)
            #expect(answer?.reason == "NotEmpty")
        }
    }

    @Test func aChunkedBodyIsIgnored() async throws {
        try await withSimulator { server in
            let body = PaymentText.body(id: 1)
            let client = try BlockingClient(port: server.port)
            client.send(
                "POST /mobile/payments/makePayment HTTP/1.1\r\nHost: localhost\r\n"
                    + "Accept: application/json\r\nContent-Type: application/json\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
                    + String(body.utf8.count, radix: 16) + "\r\n" + body + "\r\n0\r\n\r\n")
            #expect(try client.answer()?.reason == "NotEmpty")
        }
    }

    @Test func credentialsAreLookedAtBehindBindingAndBeforeValidation() async throws {
        let provider = Provider.scripted { $0.credentials = .bearer(Template("t0k")) }
        try await withSimulator(provider) { server in
            let none = try #require(try ask(server, PaymentText(body: "{}")))
            #expect(none.status == 401)
            #expect(none.body.isEmpty)
            #expect(none.headers["www-authenticate"] == "jwt realm=\"/auth/jwt\"")
            #expect(try ask(server, PaymentText(body: "hello"))?.status == 400)
            var right = PaymentText()
            right.headers.append("Authorization: Bearer t0k")
            #expect(try ask(server, right)?.status == 200)
            #expect(server.ledger.counts.payments == 1)
        }
    }

    @Test func aWrongPasswordIsAnsweredWithABody() async throws {
        let provider = Provider.scripted {
            $0.credentials = .basic(username: Template("user"), password: Template("pass"))
        }
        try await withSimulator(provider) { server in
            var wrong = PaymentText()
            wrong.headers.append("Authorization: Basic dXNlcjpub3Bl")
            let answer = try #require(try ask(server, wrong))
            #expect(answer.status == 401)
            #expect(answer.headers["www-authenticate"] == nil)
            #expect(
                answer.body
                    == #"{"responseStatus":{"errorCode":"Unauthorized","#
                    + #""message":"Invalid Username or Password"}}"#)
        }
    }
}
