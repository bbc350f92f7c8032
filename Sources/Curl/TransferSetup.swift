import CurlShims

/// The libcurl objects that one worker's transfers share; must outlive them.
package final class TransferSetup {
    package let options: TransferOptions
    let headers: UnsafeMutablePointer<curl_slist>?
    let url: OpaquePointer
    /// What the host resolves to, and which one that is; earlier ones stay, since handles refer to them.
    private(set) var resolution: UnsafeMutablePointer<curl_slist>?
    private(set) var resolutionNumber: UInt64 = 0
    private var earlier: [UnsafeMutablePointer<curl_slist>] = []

    package init(_ options: TransferOptions) {
        self.options = options
        headers = Self.list(options.headers)
        resolution = Self.list(options.resolution.map { [$0] } ?? [])
        guard let url = curl_url(),
            curl_url_set(
                url, CURLUPART_URL, options.url, UInt32(CURLU_PATH_AS_IS)) == CURLUE_OK
        else { preconditionFailure("the scenario's URL was checked") }
        self.url = url
    }

    deinit {
        curl_slist_free_all(headers)
        curl_slist_free_all(resolution)
        for list in earlier { curl_slist_free_all(list) }
        curl_url_cleanup(url)
    }

    private static func list(_ lines: [String]) -> UnsafeMutablePointer<curl_slist>? {
        lines.reduce(nil) { list, line in curl_slist_append(list, line) }
    }

    /// From now on the host is where `listing` says.
    func follow(_ listing: Directory.Listing) {
        if let resolution { earlier.append(resolution) }
        resolution = Self.list([listing.resolution])
        resolutionNumber = listing.number
    }

    /// The options that every request of the run has; each is set once in the life of a handle.
    func apply(to easy: borrowing EasyHandle) {
        easy.set(CURLOPT_POST, 1)
        easy.set(CURLOPT_HTTPHEADER, UnsafeMutableRawPointer(headers))
        easy.set(CURLOPT_USERAGENT, options.userAgent)
        easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        easy.set(CURLOPT_NOSIGNAL, 1)
        applyVersion(to: easy)
        applyRoute(to: easy)
        if !options.reusesConnections {
            easy.set(CURLOPT_FRESH_CONNECT, 1)
            easy.set(CURLOPT_FORBID_REUSE, 1)
        }
        if let lifetime = options.lifetime { easy.set(CURLOPT_MAXLIFETIME_CONN, lifetime) }
        apply(options.tls, to: easy)
    }

    private func applyVersion(to easy: borrowing EasyHandle) {
        switch options.version {
        case .one: easy.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        case .best: easy.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        case .two:
            let isSecure = options.url.hasPrefix("https:")
            easy.set(
                CURLOPT_HTTP_VERSION,
                isSecure ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE)
            // Rather a stream of a connection that is about to stand than one more connection.
            easy.set(CURLOPT_PIPEWAIT, 1)
        }
    }

    /// Where connections lead: no proxy of the environment, no look-up for one, no resolver in mid-run.
    private func applyRoute(to easy: borrowing EasyHandle) {
        easy.set(CURLOPT_PROXY, options.proxy?.url ?? "")
        easy.set(CURLOPT_NOPROXY, "")
        easy.set(CURLOPT_DNS_CACHE_TIMEOUT, -1)
        if let resolution { easy.set(CURLOPT_RESOLVE, UnsafeMutableRawPointer(resolution)) }
        if let path = options.unixSocket { easy.set(CURLOPT_UNIX_SOCKET_PATH, path) }
        guard let proxy = options.proxy else { return }
        // The target's headers, credentials among them, are none of the proxy's business.
        easy.set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if let credentials = proxy.credentials {
            easy.set(CURLOPT_PROXYUSERNAME, credentials.username)
            easy.set(CURLOPT_PROXYPASSWORD, credentials.password)
        }
    }

    private func apply(_ tls: TransferOptions.TLS, to easy: borrowing EasyHandle) {
        easy.set(CURLOPT_SSL_VERIFYPEER, tls.verify ? 1 : 0)
        easy.set(CURLOPT_SSL_VERIFYHOST, tls.verify ? 2 : 0)
        let oldest = tls.oldest == .one2 ? CURL_SSLVERSION_TLSv1_2 : CURL_SSLVERSION_TLSv1_3
        let newest =
            tls.newest == .one2 ? CURL_SSLVERSION_MAX_TLSv1_2 : CURL_SSLVERSION_MAX_TLSv1_3
        easy.set(CURLOPT_SSLVERSION, Int(oldest) | Int(newest))
        // Debian's default CA folder keeps libcurl from caching the CA file: 20 ms of CPU a connection.
        easy.set(CURLOPT_CAPATH, nil)
        if let file = tls.caFile { easy.set(CURLOPT_CAINFO, file) }
        if let file = tls.clientCertificate { easy.set(CURLOPT_SSLCERT, file) }
        if let file = tls.clientKey { easy.set(CURLOPT_SSLKEY, file) }
        // Without it OpenSSL would ask for an encrypted key's password on the terminal.
        easy.set(CURLOPT_KEYPASSWD, "")
    }
}

extension TransferOptions.Proxy {
    /// As libcurl takes it; with socks5h the proxy looks up the name, as one of HTTP always does.
    fileprivate var url: String {
        switch kind {
        case .http: "http://\(host):\(port)"
        case .socks5: "socks5h://\(host):\(port)"
        }
    }
}
