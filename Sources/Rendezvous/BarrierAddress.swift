/// Where shard 0 listens and the others call.
package struct BarrierAddress: Sendable, Equatable, CustomStringConvertible {
    /// A name or an address, without brackets.
    package let host: String
    package let port: Int

    /// Reads `HOST:PORT`; an IPv6 address stands in brackets.
    package init(_ text: String) throws(ShardProblem) {
        guard let colon = text.lastIndex(of: ":"),
            let port = wholeNumber(text[text.index(after: colon)...]), (1...65535).contains(port)
        else { throw .start(.badAddress(text)) }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw .start(.badAddress(text))
        }
        let isName = host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
        guard !host.isEmpty, isName else { throw .start(.badAddress(text)) }
        self.host = String(host)
        self.port = port
    }

    package var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
