import Curl
import Scenarios

/// Where connections really go: to the target, to its proxy, or to a socket of this machine.
struct Route {
    let allowed: AllowedPeers
    /// What libcurl is told about the name that was looked up; nil where there was none.
    let resolution: String?
    /// What was found; empty for a socket.
    let peers: [PeerAddress]

    init(to base: Scenario.BaseURL, of http: Scenario.HTTP) throws(RunFailure) {
        if let path = http.unixSocket {
            allowed = AllowedPeers(unixSocket: path)
            resolution = nil
            peers = []
            return
        }
        let end = http.proxy.map(End.init) ?? End(base)
        peers = try end.resolve()
        allowed = AllowedPeers(peers)
        resolution = end.resolution(to: peers)
    }

    /// Every address is one of this machine.
    var isLoopback: Bool { peers.allSatisfy(\.isLoopback) }
}

/// The host that connections are opened to.
struct End: Sendable {
    let host: String
    let port: Int
    /// Its name promises that it is this machine.
    let isLoopback: Bool
    /// As it is called where it can't be reached.
    private let text: String

    init(_ base: Scenario.BaseURL) {
        host = base.host
        port = base.port
        isLoopback = base.isLoopback
        text = base.text
    }

    init(_ proxy: Scenario.Proxy) {
        host = proxy.host
        port = proxy.port
        isLoopback = proxy.isLoopback
        text = "the proxy \(proxy.text)"
    }

    /// Its addresses now; never one that breaks the promise of its name.
    func resolve() throws(RunFailure) -> [PeerAddress] {
        let found: [PeerAddress]
        do {
            found = try PeerAddress.resolve(host)
        } catch {
            throw .unreachable(target: text, reason: "\(error.host): \(error.reason)")
        }
        if isLoopback, let stray = found.first(where: { !$0.isLoopback }) {
            throw .notLoopback(host: host, address: stray.text)
        }
        return found
    }

    /// `host:port:address,address`; nil where the host is an address itself.
    func resolution(to peers: [PeerAddress]) -> String? {
        if peers.contains(where: { $0.text == host }) { return nil }
        let addresses = peers.map { $0.bytes.count == 16 ? "[\($0.text)]" : $0.text }
        return "\(host):\(port):\(addresses.joined(separator: ","))"
    }
}
