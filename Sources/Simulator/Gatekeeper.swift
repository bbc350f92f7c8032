import Digests
import Glibc
import Payments
import Providers

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
        /// A token that is one, but not a good one.
        case token(TokenCheck.Finding)
        /// 403: a token over a connection that anybody can read.
        case tokenInTheClear
    }

    /// The right values of `Authorization` behind the scheme: as a bearer, and in Base64 as basic.
    private let bearer: [UInt8]?
    private let basic: [UInt8]?
    private let tokens: TokenCheck?
    private let isOpen: Bool
    private let isAPIKey: Bool
    private let challenge: String
    /// Seconds since 1970.
    private let now: @Sendable () -> Int64

    /// Credentials that differ from request to request can never be right: nobody gets in.
    init(
        _ credentials: Credentials?, tokens: TokenCheck? = nil, takesLogins: Bool = false,
        now: @escaping @Sendable () -> Int64 = { Int64(time(nil)) }
    ) {
        isOpen = credentials == nil && tokens == nil && !takesLogins
        self.tokens = tokens
        self.now = now
        (bearer, basic) = Self.right(credentials)
        if case .apiKey = credentials { isAPIKey = true } else { isAPIKey = false }
        challenge = Self.challenge(credentials, takesTokens: tokens != nil)
    }

    /// - Parameter token: a JSON web token from elsewhere than `Authorization`, which goes first.
    func judge(
        _ authorization: String?, token: Substring? = nil, isSecure: Bool = false
    ) -> Judgement {
        if isOpen { return .pass }
        guard let authorization else {
            return token.map { judge(token: $0.utf8Span.span, isSecure) } ?? .challenge(challenge)
        }
        let value = authorization.utf8Span.span
        if Bytes.begins(value, with: "bearer ") {
            let given = value.extracting(7..<value.count)
            if Self.equal(given, bearer) { return .pass }
            return judge(token: given, isSecure)
        }
        guard Bytes.begins(value, with: "basic "), takesBasic else { return .challenge(challenge) }
        guard let given = Base64.decoded(value.extracting(6..<value.count)) else {
            return .notBase64
        }
        if Self.equal(given.span, basic) { return .pass }
        // An empty password is an API key, and this one is not known.
        return isAPIKey || given.last == UInt8(ascii: ":") ? .challenge(challenge) : .wrongPassword
    }

    /// Whether `Authorization: Basic` means anything here.
    var takesBasic: Bool { basic != nil }

    /// For somebody who has signed in; nil: no tokens are taken.
    func token(for name: String) -> String? { tokens?.issue(to: name, now: now()) }

    private func judge(token: Span<UInt8>, _ isSecure: Bool) -> Judgement {
        guard let tokens else { return .challenge(challenge) }
        switch tokens.check(token, now: now()) {
        case .foreign: return .challenge(challenge)
        case .valid: return tokens.requiresTLS && !isSecure ? .tokenInTheClear : .pass
        case let finding: return .token(finding)
        }
    }
}

extension Gatekeeper {
    private static func right(_ credentials: Credentials?) -> (bearer: [UInt8]?, basic: [UInt8]?) {
        switch credentials {
        case nil: return (nil, nil)
        case .bearer(let token): return (token.constant.map { Array($0.utf8) }, nil)
        case .basic(let username, let password):
            guard let name = username.constant, let word = password.constant else {
                return (nil, nil)
            }
            return (nil, Array("\(name):\(word)".utf8))
        case .apiKey(let key):
            guard let key = key.constant else { return (nil, nil) }
            return (Array(key.utf8), Array("\(key):".utf8))
        }
    }

    /// What the first scheme asks for, in the order in which they are listed here.
    private static func challenge(_ credentials: Credentials?, takesTokens: Bool) -> String {
        switch credentials {
        case .basic: "basic realm=\"/auth/basic\""
        case .bearer: "jwt realm=\"/auth/jwt\""
        case .apiKey: "Basic realm=\"/auth/apikey\""
        case nil where takesTokens: "jwt realm=\"/auth/jwt\""
        case nil: "credentials realm=\"/auth/credentials\""
        }
    }

    private static func equal(_ given: Span<UInt8>, _ right: [UInt8]?) -> Bool {
        right.map { ConstantTime.equal(given, $0.span) } ?? false
    }
}
