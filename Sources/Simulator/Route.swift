/// Where a request goes by its path.
enum Route: Equatable {
    case makePayment(suffix: KnownFormat?)
    case unknown

    private static let path: StaticString = "/mobile/payments/makepayment"

    /// - Parameter path: without the query. Case, doubled slashes and one at the end make no difference.
    init(_ path: Span<UInt8>) {
        self = .unknown
        var place = 0
        var index = 0
        let matched = Self.path.withUTF8Buffer { letters in
            while place < letters.count, index < path.count {
                guard Bytes.lowercase(path[index]) == letters[place] else { return false }
                index += 1
                place += 1
                if letters[place - 1] == UInt8(ascii: "/") { Self.skipSlashes(path, &index) }
            }
            return place == letters.count
        }
        guard matched else { return }
        let rest = path.extracting(index..<path.count)
        if rest.count > 1, rest[0] == UInt8(ascii: ".") {
            var end = rest.count
            while rest[end - 1] == UInt8(ascii: "/") { end -= 1 }
            guard let suffix = KnownFormat(rest.extracting(1..<end)) else { return }
            self = .makePayment(suffix: suffix)
        } else {
            Self.skipSlashes(path, &index)
            if index == path.count { self = .makePayment(suffix: nil) }
        }
    }

    private static func skipSlashes(_ path: Span<UInt8>, _ index: inout Int) {
        while index < path.count, path[index] == UInt8(ascii: "/") { index += 1 }
    }
}
