import Digests

/// Checks JSON web tokens (RFC 7519) signed with HS256, as far as the service does: signature and
/// `exp`; and makes the one that a login brings.
struct TokenCheck: Sendable {
    enum Finding: Equatable {
        case valid
        case expired
        /// Three parts of which one is no Base64 for URLs.
        case illegal
        /// Not the algorithm that is configured.
        case otherAlgorithm(String)
        /// Not of three parts, or signed with another secret.
        case foreign
    }

    private let hmac: HMAC
    let requiresTLS: Bool

    init(secret: String, requiresTLS: Bool) {
        hmac = HMAC(key: Array(secret.utf8))
        self.requiresTLS = requiresTLS
    }

    /// - Parameter now: seconds since 1970; a token expires at `exp`, not behind it.
    func check(_ token: Span<UInt8>, now: Int64) -> Finding {
        guard let first = Bytes.position(of: UInt8(ascii: "."), in: token),
            let second = Bytes.position(of: UInt8(ascii: "."), in: token, from: first + 1),
            Bytes.position(of: UInt8(ascii: "."), in: token, from: second + 1) == nil
        else { return .foreign }
        let head = Base64.decodedURL(token.extracting(0..<first))
        let payload = Base64.decodedURL(token.extracting((first + 1)..<second))
        let signature = Base64.decodedURL(token.extracting((second + 1)..<token.count))
        guard let head, let payload, let signature else { return .illegal }
        let algorithm = Self.member("alg", of: head) ?? ""
        guard algorithm == "HS256" else { return .otherAlgorithm(algorithm) }
        let signed = token.extracting(0..<second).withUnsafeBufferPointer { Array($0) }
        guard ConstantTime.equal(hmac.code(of: signed).span, signature.span) else {
            return .foreign
        }
        guard let expiry = Self.member("exp", of: payload) else { return .valid }
        return Bytes.wholeNumber(expiry.utf8Span.span).map { $0 > now } == true ? .valid : .expired
    }

    /// A token for somebody who has signed in, good for 14 days.
    /// - Parameter now: seconds since 1970.
    func issue(to name: String, now: Int64) -> String {
        let head = #"{"typ":"JWT","alg":"HS256"}"#
        let payload =
            #"{"sub":"1","iat":\#(now),"exp":\#(now + Self.lifetime),"#
            + #""preferred_username":\#(JSONText.quoted(name))}"#
        let signed =
            Base64.encodedURL(Array(head.utf8)) + "." + Base64.encodedURL(Array(payload.utf8))
        return signed + "." + Base64.encodedURL(hmac.code(of: signed.utf8))
    }

    /// Seconds.
    private static let lifetime: Int64 = 14 * 86_400

    /// The value of a member of the object that `json` is; the last if there are several.
    private static func member(_ name: String, of json: [UInt8]) -> String? {
        var found: String?
        try? BodyReader.read(json.span) { member, value in
            if Bytes.text(json.span.extracting(member.name)) == name { found = Bytes.text(value) }
        }
        return found
    }
}
