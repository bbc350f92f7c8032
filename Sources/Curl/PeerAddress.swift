import CurlShims
import Glibc

/// An IP address without its port: 4 or 16 bytes.
package struct PeerAddress: Sendable, Hashable {
    package let bytes: [UInt8]

    package init(bytes: [UInt8]) {
        precondition(bytes.count == 4 || bytes.count == 16, "an address is IPv4 or IPv6")
        self.bytes = bytes
    }

    /// nil for families other than IPv4 and IPv6.
    package init?(_ address: UnsafePointer<sockaddr>) {
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET: bytes = Array(UnsafeRawBufferPointer(start: raw + 4, count: 4))
        case AF_INET6: bytes = Array(UnsafeRawBufferPointer(start: raw + 8, count: 16))
        default: return nil
        }
    }

    init?(_ address: UnsafePointer<curl_sockaddr>) {
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return nil }
        let raw = UnsafeRawPointer(address) + offset
        self.init(raw.assumingMemoryBound(to: sockaddr.self))
    }

    /// 127.0.0.0/8, ::1, and the former mapped into IPv6.
    package var isLoopback: Bool {
        if bytes.count == 4 { return bytes[0] == 127 }
        if bytes.dropLast().allSatisfy({ $0 == 0 }) { return bytes[15] == 1 }
        let mapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10...11] == [0xFF, 0xFF]
        return mapped && bytes[12] == 127
    }

    /// In the usual notation.
    package var text: String {
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else { return "?" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    /// What `host` resolves to now.
    package static func resolve(_ host: String) throws(ResolutionError) -> [PeerAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0, let list else {
            throw ResolutionError(host: host, reason: String(cString: gai_strerror(code)))
        }
        defer { freeaddrinfo(list) }
        var found: [PeerAddress] = []
        var next: UnsafeMutablePointer<addrinfo>? = list
        while let entry = next {
            if let address = entry.pointee.ai_addr, let peer = PeerAddress(address),
                !found.contains(peer)
            {
                found.append(peer)
            }
            next = entry.pointee.ai_next
        }
        return found
    }
}

package struct ResolutionError: Error, Equatable {
    package let host: String
    /// In the resolver's words.
    package let reason: String
}

/// Where connections may go: fixed before the first one, looked at again for each, so that a name
/// that resolves elsewhere later moves nothing.
package struct AllowedPeers: Sendable, Equatable {
    private let addresses: Set<PeerAddress>
    private let unixSocket: String?

    package init(_ addresses: some Sequence<PeerAddress>) {
        self.addresses = Set(addresses)
        unixSocket = nil
    }

    /// A socket of this machine by its path, and no address.
    package init(unixSocket: String) {
        addresses = []
        self.unixSocket = unixSocket
    }

    package func contains(_ peer: PeerAddress) -> Bool { addresses.contains(peer) }

    func contains(_ address: UnsafePointer<curl_sockaddr>) -> Bool {
        if let peer = PeerAddress(address) { return addresses.contains(peer) }
        guard address.pointee.family == AF_UNIX, let unixSocket,
            let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr)
        else { return false }
        // sun_path stands behind the two bytes of the family.
        let path = (UnsafeRawPointer(address) + offset + 2).assumingMemoryBound(to: CChar.self)
        return strcmp(path, unixSocket) == 0
    }
}
