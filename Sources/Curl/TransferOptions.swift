/// All that the transfers of one run have in common.
package struct TransferOptions: Sendable, Equatable {
    /// Absolute, with its constant query if it has one.
    package var url: String
    /// Whether each request brings a query of its own (`Transfer.setQuery`).
    package var variesQuery = false
    /// Lines `Name: value` as libcurl takes them.
    package var headers: [String] = []
    package var userAgent: String
    /// false: a connection of its own for each request.
    package var reusesConnections = true
    /// Slots, and so connections, are used in turn, not the last one first.
    package var rotates = false
    package var version = Version.one
    /// Requests at one time on one connection; above 1 only with `Version.two`.
    package var streams = 1
    /// Connections older than this many seconds are not used again.
    package var lifetime: Int?
    /// `host:port:address,address`: what the host resolves to for the whole run; nil for a literal address.
    package var resolution: String?
    /// Where the host's name leads in the course of the run; nil: to `resolution` all the time.
    package var directory: Directory?
    package var proxy: Proxy?
    /// Connections go there instead of to the URL's host.
    package var unixSocket: String?
    package var tls = TLS()
    /// Bytes of an answer beyond which it counts as unreadable.
    package var longestAnswer = 1 << 20

    package init(url: String, userAgent: String) {
        self.url = url
        self.userAgent = userAgent
    }

    package enum Version: Sendable, Equatable {
        case one
        /// Without TLS by prior knowledge, with TLS as the server agrees (ALPN).
        case two
        /// 2 over TLS if the server agrees, else 1.1; one request at a time on a connection.
        case best
    }

    /// The proxy looks up the target's name.
    package struct Proxy: Sendable, Equatable {
        package enum Kind: Sendable { case http, socks5 }
        package var kind: Kind
        /// IPv6 in brackets.
        package var host: String
        package var port: Int
        package var credentials: Credentials?

        package init(kind: Kind, host: String, port: Int) {
            self.kind = kind
            self.host = host
            self.port = port
        }
    }

    package struct Credentials: Sendable, Equatable {
        let username: String
        let password: String

        package init(username: String, password: String) {
            self.username = username
            self.password = password
        }
    }

    package struct TLS: Sendable, Equatable {
        package enum Version: Int, Sendable { case one2, one3 }

        package var verify = true
        package var caFile: String?
        package var clientCertificate: String?
        package var clientKey: String?
        package var oldest = Version.one2
        package var newest = Version.one3

        package init() {}
    }
}
