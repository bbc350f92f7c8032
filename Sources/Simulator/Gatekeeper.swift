import Payments

/// Checks the credentials of requests against the only ones that are right.
struct Gatekeeper: Sendable {
    enum Judgement: Equatable {
        case pass
        /// 401 without a body; the scheme and realm to ask for.
        case challenge(String)
        /// 401: a user name and a password, not the right ones.
        case wrongPassword
        /// 400: basic credentials that are no Base64.
        case notBase64
    }

    private enum Scheme { case open, bearer, basic, apiKey }

    private let scheme: Scheme
    /// The right values of `Authorization` behind the scheme: as a bearer, and in Base64 as basic.
    private let bearer: [UInt8]?
    private let basic: [UInt8]?

    /// Credentials that differ from request to request can never be right: nobody gets in.
    init(_ credentials: Credentials?) {
        switch credentials {
        case nil:
            (scheme, bearer, basic) = (.open, nil, nil)
        case .bearer(let token):
            (scheme, bearer, basic) = (.bearer, token.constant.map { Array($0.utf8) }, nil)
        case .basic(let username, let password):
            let pair = username.constant.flatMap { name in password.constant.map { "\(name):\($0)" }
            }
            (scheme, bearer, basic) = (.basic, nil, pair.map { Array($0.utf8) })
        case .apiKey(let key):
            let key = key.constant
            (scheme, bearer) = (.apiKey, key.map { Array($0.utf8) })
            basic = key.map { Array("\($0):".utf8) }
        }
    }

    func judge(_ authorization: String?) -> Judgement {
        if scheme == .open { return .pass }
        guard let authorization else { return .challenge(challenge) }
        let value = authorization.utf8Span.span
        if Bytes.begins(value, with: "bearer ") {
            let given = value.extracting(7..<value.count)
            return given.equals(bearer) ? .pass : .challenge(challenge)
        }
        guard Bytes.begins(value, with: "basic "), scheme != .bearer else {
            return .challenge(challenge)
        }
        guard let given = Base64.decoded(value.extracting(6..<value.count)) else {
            return .notBase64
        }
        if given == basic { return .pass }
        // An empty password is an API key, and this one is not known.
        return scheme == .apiKey || given.last == UInt8(ascii: ":")
            ? .challenge(challenge) : .wrongPassword
    }

    private var challenge: String {
        switch scheme {
        case .open, .basic: "basic realm=\"/auth/basic\""
        case .bearer: "jwt realm=\"/auth/jwt\""
        case .apiKey: "Basic realm=\"/auth/apikey\""
        }
    }
}

extension Span<UInt8> {
    fileprivate func equals(_ other: [UInt8]?) -> Bool {
        guard let other, other.count == count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}

/// Base64 (RFC 4648, section 4) with its padding.
enum Base64 {
    static func decoded(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var end = text.count
        while end > 0, text.count - end < 2, text[end - 1] == UInt8(ascii: "=") { end -= 1 }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var word: UInt32 = 0
        for index in 0..<end {
            guard let digit = value(text[index]) else { return nil }
            word = word << 6 | UInt32(digit)
            if index % 4 > 0 {
                bytes.append(UInt8(truncatingIfNeeded: word >> (6 - 2 * UInt32(index % 4))))
            }
        }
        return bytes
    }

    private static func value(_ letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): letter - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): letter - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
