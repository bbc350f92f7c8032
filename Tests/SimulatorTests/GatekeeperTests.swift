import Payments
import Testing

@testable import Simulator

@Suite struct GatekeeperTests {
    static let jwt = "jwt realm=\"/auth/jwt\""
    static let basic = "basic realm=\"/auth/basic\""
    static let apiKey = "Basic realm=\"/auth/apikey\""

    @Test func withoutCredentialsEverybodyPasses() {
        #expect(Gatekeeper(nil).judge(nil) == .pass)
        #expect(Gatekeeper(nil).judge("Foo bar") == .pass)
    }

    @Test(
        arguments: [
            ("Bearer t0k", .pass), ("bearer t0k", .pass), ("Bearer t0k2", .challenge(jwt)),
            ("Bearer ", .challenge(jwt)), ("Foo t0k", .challenge(jwt)),
            ("Basic dTpw", .challenge(jwt)), (nil, .challenge(jwt)),
        ] as [(String?, Gatekeeper.Judgement)])
    func aBearerHasToBringTheToken(_ header: String?, _ expected: Gatekeeper.Judgement) {
        #expect(Gatekeeper(.bearer(Template("t0k"))).judge(header) == expected)
    }

    /// `dXNlcjpwYXNz` is `user:pass`, `dXNlcjpub3Bl` is `user:nope`, `a2V5Og==` is `key:`.
    @Test(
        arguments: [
            ("Basic dXNlcjpwYXNz", .pass), ("Basic dXNlcjpub3Bl", .wrongPassword),
            ("Basic !!!", .notBase64), ("Basic a2V5Og==", .challenge(basic)),
            ("Bearer t0k", .challenge(basic)), (nil, .challenge(basic)),
        ] as [(String?, Gatekeeper.Judgement)])
    func basicHasToBringNameAndPassword(_ header: String?, _ expected: Gatekeeper.Judgement) {
        let gatekeeper = Gatekeeper(
            .basic(username: Template("user"), password: Template("pass")))
        #expect(gatekeeper.judge(header) == expected)
    }

    @Test(
        arguments: [
            ("Basic a2V5Og==", .pass), ("Bearer key", .pass),
            ("Basic b3RoZXI6", .challenge(apiKey)),
            ("Basic dXNlcjpwYXNz", .challenge(apiKey)), (nil, .challenge(apiKey)),
        ] as [(String?, Gatekeeper.Judgement)])
    func anAPIKeyComesAsUserNameOrAsBearer(_ header: String?, _ expected: Gatekeeper.Judgement) {
        #expect(Gatekeeper(.apiKey(Template("key"))).judge(header) == expected)
    }

    @Test func credentialsThatChangeFromRequestToRequestLetNobodyIn() {
        let gatekeeper = Gatekeeper(.bearer(Template([.uuid])))
        #expect(gatekeeper.judge("Bearer ") == .challenge(Self.jwt))
    }

    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"),
        ("Zm9vYmE=", "fooba"), ("Zm9vYmFy", "foobar"),
    ])
    func base64IsDecoded(_ text: String, _ expected: String) {
        #expect(Base64.decoded(text.utf8Span.span) == Array(expected.utf8))
    }

    @Test(arguments: ["Zg", "Zg=", "Z===", "Z g=", "Zm9v!A=="])
    func whatIsNoBase64IsRefused(_ text: String) {
        #expect(Base64.decoded(text.utf8Span.span) == nil)
    }
}
