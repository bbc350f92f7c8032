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
    /// `host:port:address,address`: what the host resolves to for the whole run; nil for a literal address.
    package var resolution: String?
    package var tls = TLS()
    /// Bytes of an answer beyond which it counts as unreadable.
    package var longestAnswer = 1 << 20

    package init(url: String, userAgent: String) {
        self.url = url
        self.userAgent = userAgent
    }

    package struct TLS: Sendable, Equatable {
        package var verify = true
        package var caFile: String?
        package var clientCertificate: String?
        package var clientKey: String?

        package init() {}
    }
}
