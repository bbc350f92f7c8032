import Documents
import Payments
import Providers
import Testing

/// `auth:` and `service:` of the provider file.
@Suite struct ProviderFileTests {
    static func read(_ text: String) throws -> Provider {
        try ProviderReader.read(bytes: Array("version: 1\n\(text)".utf8), name: "p.yaml")
    }

    @Test func everyKeyOfTheServiceIsRead() throws {
        let provider = try Self.read(
            """
            service:
              binding: strict
              validators: false
              cors: true
              html: false
              sessions: true
              body_limit: 64KiB
            """)
        #expect(provider.service.binding == .strict)
        #expect(!provider.service.validators)
        #expect(provider.service.cors)
        #expect(!provider.service.html)
        #expect(provider.service.sessions)
        #expect(provider.service.bodyLimit == 65_536)
        #expect(try Self.read("name: p").service == ServiceSettings())
    }

    @Test func severalWaysInMayStandTogether() throws {
        let provider = try Self.read(
            """
            auth:
              basic: { username: user, password: pass }
              jwt: { secret: "s", require_tls: true }
              credentials: { username: "u", password: "p" }
            """)
        let basic = Credentials.basic(username: Template("user"), password: Template("pass"))
        #expect(provider.credentials == basic)
        #expect(provider.tokens == TokenSettings(secret: "s", requiresTLS: true))
        #expect(provider.login == LoginSettings(username: "u", password: "p"))
    }

    @Test func whatIsWrittenReadsBackTheSame() throws {
        var provider = Provider()
        provider.credentials = .bearer(Template("t0k"))
        provider.tokens = TokenSettings(secret: "true")
        provider.login = LoginSettings(username: "1", password: "a b")
        provider.service.binding = .strict
        provider.service.bodyLimit = 12_345
        let text = provider.documentText
        #expect(try ProviderReader.read(bytes: Array(text.utf8), name: "p.yaml") == provider)
    }

    @Test(arguments: [
        (
            "service: { binding: loose }",
            #"p.yaml:2:21: "loose"; allowed: lenient, strict"#
        ),
        (
            "auth: { bearer: a, api_key: b }",
            "p.yaml:2:7: bearer, api_key; exactly one is allowed: bearer, basic, api_key"
        ),
        ("auth: { jwt: {} }", #"p.yaml:2:14: key "secret" is missing; it is required here"#),
    ])
    func mistakesAreToldInTheirPlace(_ text: String, _ complaint: String) {
        #expect(performing: { try Self.read(text) }, throws: { "\($0)" == complaint })
    }
}
