import Payments

extension Scenario.Target {
    /// Headers of every payment beside those that the file names and those of the connection.
    package var fixedHeaders: [(name: String, value: String)] {
        let accepted =
            switch format {
            case .accept: "application/json"
            case .jsonp: "text/javascript"
            case .suffix, .query: "*/*"
            }
        return [("Content-Type", "application/json"), ("Accept", accepted)]
    }
}

extension Scenario.BaseURL {
    /// What `Host` says: the port only where the scheme has another (RFC 9110, 7.2).
    package var hostHeader: String {
        let shownHost = host.contains(":") ? "[\(host)]" : host
        return port == scheme.port ? shownHost : "\(shownHost):\(port)"
    }
}
