import Digests

@testable import Simulator

/// JSON web tokens as a client would bring them.
enum Tokens {
    static func signed(
        _ payload: String, algorithm: String = "HS256", secret: String
    ) -> String {
        let head = #"{"typ":"JWT","alg":"\#(algorithm)"}"#
        let signed =
            Base64.encodedURL(Array(head.utf8)) + "." + Base64.encodedURL(Array(payload.utf8))
        let code = HMAC(key: Array(secret.utf8)).code(of: signed.utf8)
        return signed + "." + Base64.encodedURL(code)
    }
}
