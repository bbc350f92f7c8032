import Glibc

/// The host of a URL in its one writing: lower case, no trailing dot, IP addresses canonical,
/// IPv6 without brackets.
struct Host: Equatable {
    let name: String

    /// nil for anything that is no host name or that a resolver might read as a number in disguise
    /// (`0x7f.1`, `2130706433`).
    init?(_ written: some StringProtocol) {
        if written.hasPrefix("["), written.hasSuffix("]") {
            guard let address = Self.canonicalIPv6(String(written.dropFirst().dropLast())) else {
                return nil
            }
            name = address
            return
        }
        var text = written.lowercased()
        if text.hasSuffix(".") { text.removeLast() }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard text.utf8.count <= 253, labels.allSatisfy(Self.isLabel), let last = labels.last,
            let first = last.utf8.first
        else { return nil }
        let numeric = (0x30...0x39).contains(first)
        if numeric, !(labels.count == 4 && labels.allSatisfy(Self.isOctet)) { return nil }
        name = text
    }

    /// `localhost`, `127.0.0.0/8` and `::1`: what needs no guard rails.
    var isLoopback: Bool {
        name == "localhost" || name == "::1" || (name.hasPrefix("127.") && isIPv4)
    }

    private var isIPv4: Bool {
        let parts = name.split(separator: ".")
        return parts.count == 4 && parts.allSatisfy(Self.isOctet)
    }

    private static func isLabel(_ label: Substring) -> Bool {
        (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
            && label.utf8.allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x5F
            }
    }

    private static func isOctet(_ label: Substring) -> Bool {
        UInt8(label).map { String($0) == label } ?? false
    }

    private static func canonicalIPv6(_ text: String) -> String? {
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, &address, &buffer, socklen_t(buffer.count)) != nil else {
            return nil
        }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }
}
