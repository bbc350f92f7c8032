import Payments
import Providers
import Testing

@testable import Simulator

/// Tokens, logins and sessions.
@Suite struct AuthenticationTests {
    static let secret = "s3cret"
    static let challenge = "jwt realm=\"/auth/jwt\""

    static func gatekeeper(requiresTLS: Bool = false) -> Gatekeeper {
        Gatekeeper(
            nil, tokens: TokenCheck(secret: secret, requiresTLS: requiresTLS), now: { 1000 })
    }

    static func token(_ payload: String, _ algorithm: String = "HS256") -> String {
        Tokens.signed(payload, algorithm: algorithm, secret: secret)
    }

    @Test(
        arguments: [
            (token(#"{"exp":1001}"#), .pass), (token(#"{"sub":"x"}"#), .pass),
            (token(#"{"exp":1000}"#), .token(.expired)), (token(#"{"exp":"x"}"#), .token(.expired)),
            (token("{}", "none"), .token(.otherAlgorithm("none"))),
            (token("{}", "HS512"), .token(.otherAlgorithm("HS512"))),
            (Tokens.signed("{}", secret: "other"), .challenge(challenge)),
            ("a.b.c", .token(.illegal)), ("e30.e30.e3!", .token(.illegal)),
            ("e30.e30", .challenge(challenge)), ("e30.e30.e30.e30", .challenge(challenge)),
            ("", .challenge(challenge)),
        ] as [(String, Gatekeeper.Judgement)])
    func aTokenIsJudgedAsTheServiceDoes(_ token: String, _ expected: Gatekeeper.Judgement) {
        #expect(Self.gatekeeper().judge("Bearer \(token)") == expected)
        #expect(Self.gatekeeper().judge(nil, token: token[...]) == expected)
    }

    @Test func aTokenInTheClearIsRefusedWhereThatMatters() {
        let token = Self.token("{}")
        let gatekeeper = Self.gatekeeper(requiresTLS: true)
        #expect(gatekeeper.judge("Bearer \(token)") == .tokenInTheClear)
        #expect(gatekeeper.judge("Bearer \(token)", isSecure: true) == .pass)
    }

    /// RFC 7515, appendix C: the bytes that need every kind of digit.
    @Test func base64ForURLsIsStrict() {
        let bytes: [UInt8] = [3, 236, 255, 224, 193]
        #expect(Base64.encodedURL(bytes) == "A-z_4ME")
        #expect(Base64.decodedURL("A-z_4ME".utf8Span.span) == bytes)
        for text in ["A+z/4ME", "A-z_4ME=", "A", "A-z_4", "A z_"] {
            #expect(Base64.decodedURL(text.utf8Span.span) == nil)
        }
    }

    @Test func theOldestSessionIsForgottenFirst() {
        let sessions = Sessions(capacity: 3)
        let ids = (1...5).map { _ in sessions.open() }
        #expect(ids.map(sessions.knows) == [false, false, true, true, true])
        #expect(!sessions.knows(SessionID()))
        #expect(ids.allSatisfy { SessionID($0.text[...]) == $0 })
    }

    static let login = Provider.scripted {
        $0.login = LoginSettings(username: "user", password: "pass")
    }

    static func signIn(_ server: SimulatorServer, _ body: String) throws -> BlockingClient.Answer {
        let request = PaymentText(line: "POST /auth/credentials HTTP/1.1", body: body)
        return try #require(try ask(server, request))
    }

    static func pay(
        _ server: SimulatorServer, _ headers: String...
    ) throws -> BlockingClient.Answer {
        var request = PaymentText()
        request.headers += headers
        return try #require(try ask(server, request))
    }

    @Test func aLoginOpensASession() async throws {
        try await withSimulator(Self.login) { server in
            let answer = try Self.signIn(server, #"{"userName":"user","password":"pass"}"#)
            #expect(answer.status == 200)
            #expect(answer.cookies.sorted() == ["X-UAId", "ss-id", "ss-opt", "ss-pid"])
            let id = try #require(ConformanceTests.text(of: "sessionId", in: answer.body))
            #expect(
                answer.body
                    == #"{"userId":"1","sessionId":"\#(id)","userName":"user","displayName":"user","#
                    + #""responseStatus":{}}"#)
            #expect(try Self.pay(server, "Cookie: ss-id=\(id)").status == 200)
            #expect(try Self.pay(server, "X-ss-id: \(id)").status == 200)
            #expect(try Self.pay(server, "Cookie: ss-pid=\(id)").status == 401)
            let unknown = try Self.pay(server, "Cookie: ss-id=\(SessionID().text); ss-pid=x")
            #expect(unknown.status == 401)
            #expect(unknown.body.isEmpty)
            #expect(
                unknown.headers["www-authenticate"] == "credentials realm=\"/auth/credentials\"")
            #expect(unknown.cookies.isEmpty)
        }
    }

    @Test func whereTokensAreTakenALoginBringsOne() async throws {
        var provider = Self.login
        provider.tokens = TokenSettings(secret: "s3cret")
        try await withSimulator(provider) { server in
            let answer = try Self.signIn(server, #"{"userName":"user","password":"pass"}"#)
            let token = try #require(ConformanceTests.text(of: "bearerToken", in: answer.body))
            #expect(try Self.pay(server, "Authorization: Bearer \(token)").status == 200)
            #expect(try Self.pay(server, "Authorization: Bearer \(token)x").status != 200)
        }
        try await withSimulator(Self.login) { server in
            let answer = try Self.signIn(server, #"{"userName":"user","password":"pass"}"#)
            #expect(!answer.body.contains("bearerToken"))
        }
    }

    @Test func theSessionOfAClientThatIsToBeRememberedIsThePermanentOne() async throws {
        try await withSimulator(Self.login) { server in
            let body = #"{"UserName":"user","Password":"pass","rememberMe":true}"#
            let answer = try Self.signIn(server, body)
            let id = try #require(ConformanceTests.text(of: "sessionId", in: answer.body))
            #expect(try Self.pay(server, "Cookie: ss-opt=perm; ss-pid=\(id)").status == 200)
            #expect(try Self.pay(server, "X-ss-opt: perm", "X-ss-id: \(id)").status == 200)
            #expect(try Self.pay(server, "Cookie: ss-opt=temp; ss-pid=\(id)").status == 401)
        }
    }

    @Test(arguments: [
        (#"{"userName":"user","password":"Pass"}"#, 401, "Unauthorized"),
        (#"{"userName":"user"}"#, 400, "ValidationException"),
        (#"{"userName":null,"password":"pass"}"#, 400, "ValidationException"),
        ("hello", 400, "SerializationException"),
    ])
    func aWrongLoginIsTold(_ body: String, _ status: Int, _ code: String) async throws {
        try await withSimulator(Self.login) { server in
            let answer = try Self.signIn(server, body)
            #expect(answer.status == status)
            #expect(ConformanceTests.text(of: "errorCode", in: answer.body) == code)
        }
    }

    @Test func somebodyWhoWantsAPageIsLedToTheLogin() async throws {
        try await withSimulator(Self.login) { server in
            let line = "POST /mobile/payments/makePayment?v=1 HTTP/1.1"
            let request = PaymentText(line: line, headers: ["Content-Type: application/json"])
            let answer = try #require(try ask(server, request))
            #expect(answer.status == 302)
            #expect(answer.body.isEmpty)
            #expect(
                answer.headers["location"]
                    == "/login?redirect=%2fmobile%2fpayments%2fmakePayment%3fv%3d1")
        }
    }

    @Test func withoutLoginsThereIsNoSuchPath() async throws {
        try await withSimulator { server in
            let answer = try Self.signIn(server, "{}")
            #expect(answer.status == 404)
        }
    }

    @Test func basicCredentialsMakeASessionOnEachCallWithoutCookies() async throws {
        let provider = Provider.scripted {
            $0.credentials = .basic(username: Template("user"), password: Template("pass"))
            $0.service.sessions = true
        }
        try await withSimulator(provider) { server in
            let answer = try Self.pay(server, "Authorization: Basic dXNlcjpwYXNz")
            #expect(answer.cookies == ["ss-id", "ss-pid", "ss-opt", "X-UAId"])
            #expect(try Self.pay(server).cookies == ["ss-id", "ss-pid"])
        }
    }

    @Test func withoutTheWordThereAreNoCookies() async throws {
        try await withSimulator { server in
            let answer = try Self.pay(server)
            #expect(answer.cookies.isEmpty)
        }
    }
}
