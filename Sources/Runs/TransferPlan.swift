import Curl
import DataFiles
import Engine
import Payments
import Scenarios

extension TransferOptions {
    /// What `target` says about each request and the connections that it travels on.
    ///
    /// - Parameter resolution: the line for libcurl where a name has to be resolved.
    init(
        _ target: Scenario.Target, base: Scenario.BaseURL, resolution: String?, userAgent: String,
        data: [DataFile]
    ) {
        var url = base.text + target.path + target.format.pathSuffix
        // A query that varies brings the item itself.
        if target.parameters == .body, let item = target.format.queryItem { url += "?\(item)" }
        self.init(url: url, userAgent: userAgent)
        variesQuery = target.parameters == .query
        headers = Self.headerLines(of: target) + HeaderTemplates(target, data: data).constant
        self.resolution = resolution
        take(target.http)
        take(target.tls)
    }

    private mutating func take(_ http: Scenario.HTTP) {
        reusesConnections = http.reuse
        rotates = http.rotate
        streams = http.streams
        lifetime = http.lifetime.map { Int($0.components.seconds) }
        unixSocket = http.unixSocket
        proxy = http.proxy.map(Proxy.init)
        version =
            switch http.version {
            case .one: .one
            case .two: .two
            case .auto: Libcurl.isFitForHTTP2 ? .best : .one
            }
    }

    private mutating func take(_ scenario: Scenario.TLS) {
        tls.verify = scenario.verify
        tls.caFile = scenario.caFile
        tls.clientCertificate = scenario.clientCertificate
        tls.clientKey = scenario.clientKey?.constant
        tls.oldest = scenario.versions.contains(.one2) ? .one2 : .one3
        tls.newest = scenario.versions.contains(.one3) ? .one3 : .one2
    }

    private static func headerLines(of target: Scenario.Target) -> [String] {
        ["Expect:"] + target.fixedHeaders.map { "\($0.name): \($0.value)" }
    }
}

extension HeaderTemplates {
    /// - Parameter data: the scenario's data sets, in its order.
    init(_ target: Scenario.Target, data: [DataFile]) {
        self.init(
            credentials: target.credentials,
            headers: target.headers.map { ($0.name, $0.value) }, data: data)
    }
}

extension SignInPlan {
    /// Travels as payments do, but to its own path.
    init(_ signIn: SignIn, transfer: TransferOptions, to base: Scenario.BaseURL) {
        var options = transfer
        options.url = base.text + signIn.path
        options.variesQuery = false
        options.headers = ["Content-Type: application/json", "Expect:", "Accept: application/json"]
        self.init(transfer: options, body: signIn.body, scope: signIn.scope)
    }
}

extension TransferOptions.Proxy {
    fileprivate init(_ proxy: Scenario.Proxy) {
        let kind: Kind =
            switch proxy.scheme {
            case .http: .http
            case .socks5: .socks5
            }
        let host = proxy.host.contains(":") ? "[\(proxy.host)]" : proxy.host
        self.init(kind: kind, host: host, port: proxy.port)
        if let username = proxy.username?.constant, let password = proxy.password?.constant {
            credentials = TransferOptions.Credentials(username: username, password: password)
        }
    }
}
