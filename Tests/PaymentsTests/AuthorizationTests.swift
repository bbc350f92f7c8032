import Foundation
import Payments
import Testing

@Suite struct AuthorizationTests {
    @Test func aBearerTokenStandsAsItIs() {
        let token = Template([.literal("abc."), .secret(name: "TOKEN", value: "d-e_f")])
        #expect(Credentials.bearer(token).authorization == "Bearer abc.d-e_f")
    }

    @Test(arguments: [
        // RFC 7617, 2 and 2.1.
        ("Aladdin", "open sesame", "QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("test", "123£", "dGVzdDoxMjPCow=="),
        // One, two and three bytes in the last group (RFC 4648, 4).
        ("", "", "Og=="), ("f", "", "Zjo="), ("fo", "", "Zm86"), ("foo", "bar", "Zm9vOmJhcg=="),
        ("foo", "ba", "Zm9vOmJh"),
        // 0xFB 0xFF and 0xFF are no UTF-8; U+07FF is DF BF, U+FFFD is EF BF BD: + and / of the alphabet.
        ("\u{7FF}", "\u{FFFD}>", "378677+9Pg=="),
    ])
    func basicIsUserColonPasswordInBase64(user: String, password: String, encoded: String) {
        let basic = Credentials.basic(username: Template(user), password: Template(password))
        #expect(basic.authorization == "Basic \(encoded)")
    }

    @Test func anAPIKeyIsAUserWithoutPassword() {
        #expect(Credentials.apiKey(Template("Aladdin")).authorization == "Basic QWxhZGRpbjo=")
    }

    @Test func everyLengthIsEncodedAsFoundationDoes() {
        let seed: UInt64 = 11
        var random = SeededGenerator(seed: seed)
        for length in 0..<200 {
            let user = String(
                (0..<length).map { _ in
                    Character(Unicode.Scalar(UInt8.random(in: 0x20...0x7E, using: &random)))
                })
            let basic = Credentials.basic(username: Template(user), password: Template("p"))
            let expected = Data("\(user):p".utf8).base64EncodedString()
            #expect(basic.authorization == "Basic \(expected)", "seed \(seed)")
        }
    }
}
