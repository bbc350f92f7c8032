import CurlShims

/// The libcurl objects that one worker's transfers share; must outlive them.
package final class TransferSetup {
    package let options: TransferOptions
    let headers: UnsafeMutablePointer<curl_slist>?
    let resolution: UnsafeMutablePointer<curl_slist>?
    let url: OpaquePointer

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
        curl_url_cleanup(url)
    }

    private static func list(_ lines: [String]) -> UnsafeMutablePointer<curl_slist>? {
        lines.reduce(nil) { list, line in curl_slist_append(list, line) }
    }

    /// The options that every request of the run has; each is set once in the life of a handle.
    func apply(to easy: borrowing EasyHandle) {
        easy.set(CURLOPT_POST, 1)
        easy.set(CURLOPT_HTTPHEADER, UnsafeMutableRawPointer(headers))
        easy.set(CURLOPT_USERAGENT, options.userAgent)
        easy.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
        easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        // No proxy of the environment, no look-up for one; no signals; no resolver in mid-run.
        easy.set(CURLOPT_PROXY, "")
        easy.set(CURLOPT_NOPROXY, "")
        easy.set(CURLOPT_NOSIGNAL, 1)
        easy.set(CURLOPT_DNS_CACHE_TIMEOUT, -1)
        if let resolution { easy.set(CURLOPT_RESOLVE, UnsafeMutableRawPointer(resolution)) }
        if !options.reusesConnections {
            easy.set(CURLOPT_FRESH_CONNECT, 1)
            easy.set(CURLOPT_FORBID_REUSE, 1)
        }
        apply(options.tls, to: easy)
    }

    private func apply(_ tls: TransferOptions.TLS, to easy: borrowing EasyHandle) {
        easy.set(CURLOPT_SSL_VERIFYPEER, tls.verify ? 1 : 0)
        easy.set(CURLOPT_SSL_VERIFYHOST, tls.verify ? 2 : 0)
        // Debian's default CA folder keeps libcurl from caching the CA file: 20 ms of CPU a connection.
        easy.set(CURLOPT_CAPATH, nil)
        if let file = tls.caFile { easy.set(CURLOPT_CAINFO, file) }
        if let file = tls.clientCertificate { easy.set(CURLOPT_SSLCERT, file) }
        if let file = tls.clientKey { easy.set(CURLOPT_SSLKEY, file) }
        // Without it OpenSSL would ask for an encrypted key's password on the terminal.
        easy.set(CURLOPT_KEYPASSWD, "")
    }
}
