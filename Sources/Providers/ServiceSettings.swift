/// How the service reads and answers requests: `service:` of the provider file.
package struct ServiceSettings: Sendable, Equatable {
    package enum Binding: String, CaseIterable, Sendable {
        /// What cannot be read in a body keeps its default.
        case lenient
        /// What cannot be read in a body is an error.
        case strict
    }

    package static let bodyLimits = 1...(1 << 30)
    package static let requestCounts = 1...1_000_000

    /// `binding`: how a JSON body is read.
    package var binding = Binding.lenient
    /// `validators`: payments without id, method or client type are refused.
    package var validators = true
    /// `cors`: pages of any origin may call it; answers `OPTIONS`.
    package var cors = false
    /// `html`: answers a page to those who ask for none of its formats; else JSON.
    package var html = true
    /// `sessions`: sets session cookies where the client brings none; a login needs no such word.
    package var sessions = false
    /// `body_limit`: bytes, on the wire and decompressed, above which a body is refused with 413.
    package var bodyLimit = 1 << 20
    /// `requests_per_connection`: the answer to the last of them closes it (HTTP/1.1); nil: no end.
    package var requestsPerConnection: Int?

    package init() {}
}

/// JSON web tokens that are let in: `jwt:` under `auth:`.
package struct TokenSettings: Sendable, Equatable {
    /// `secret`: the key of HS256, its UTF-8 bytes.
    package var secret: String
    /// `require_tls`: a good token over plain HTTP is refused with 403.
    package var requiresTLS: Bool

    package init(secret: String, requiresTLS: Bool = false) {
        self.secret = secret
        self.requiresTLS = requiresTLS
    }
}

/// The name and the password that make a session: `credentials:` under `auth:`.
package struct LoginSettings: Sendable, Equatable {
    package var username: String
    package var password: String

    package init(username: String, password: String) {
        self.username = username
        self.password = password
    }
}
