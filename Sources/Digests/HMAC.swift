/// HMAC-SHA-256 (RFC 2104) under one key.
package struct HMAC: Sendable {
    private static let blockBytes = 64

    /// The key, padded to a block, under the inner and the outer mask.
    private let inner: [UInt8]
    private let outer: [UInt8]

    /// Keys longer than a block are hashed first; all of it counts.
    package init(key: [UInt8]) {
        let key = key.count > Self.blockBytes ? SHA256.digest(of: key) : key
        let padded = key + [UInt8](repeating: 0, count: Self.blockBytes - key.count)
        inner = padded.map { $0 ^ 0x36 }
        outer = padded.map { $0 ^ 0x5C }
    }

    /// 32 bytes.
    package func code(of message: some Sequence<UInt8>) -> [UInt8] {
        SHA256.digest(of: outer + SHA256.digest(of: inner + message))
    }
}

/// Comparisons whose time tells nothing about where two texts differ.
package enum ConstantTime {
    /// Texts of different lengths differ at once: the length of a secret is no secret here.
    package static func equal(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }
}
