import Documents

/// What can be wrong with `target.http`.
package enum TransportProblem: Problem, Equatable {
    case defectiveHTTP2(libcurl: String)
    case needs(String, String)
    /// One of two things that exclude each other.
    case without(String, String)
    case warmUp(Int, connections: Int)
    /// What was read instead of a proxy's URL, as it may be shown.
    case proxy(String)
    case socketPath(String, bytes: Int)
    case simulatorSocket
    /// The host's name, where it is none.
    case nothingToLookUp(String)
}

extension TransportProblem {
    package var sentence: String {
        switch self {
        case .defectiveHTTP2(let libcurl):
            "HTTP/2 fails in libcurl \(libcurl): requests on a connection that is used again get "
                + "no answer; allowed: 1.1, auto (which means 1.1 here), or version: 2 with "
                + "allow_defective_http2: true"
        case .needs(let key, let other):
            "\(key) without \(other); \(key) is allowed only with it"
        case .without(let key, let other):
            "\(key) and \(other) in one target; one of the two is allowed"
        case .warmUp(let count, let connections):
            "warm_up: \(count) with connections: \(connections); "
                + "at most \(connections) is allowed"
        case .proxy(let read):
            "\(read) as the proxy's URL; allowed: http://HOST:PORT or socks5://HOST:PORT, "
                + "with credentials as username and password beside url"
        case .socketPath(let path, let bytes):
            path.isEmpty
                ? "an empty path; the path of a unix socket is allowed"
                : "the path \(quoted(path)) is \(bytes) bytes long with its folder; "
                    + "at most 107 are allowed by the system"
        case .simulatorSocket:
            "unix_socket with target.base_url: simulator, which listens on TCP; allowed: the URL "
                + "of the service behind the socket"
        case .nothingToLookUp(let host):
            "dns for the host \(quoted(host)), which is no name that could lead elsewhere; "
                + "allowed: a host name in target.base_url"
        }
    }
}
