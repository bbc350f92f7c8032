/// Where a request goes by its path.
enum Route: Equatable {
    /// POST only.
    case makePayment(suffix: KnownFormat?)
    /// `/json/reply/MakePaymentRequest` and the like, any verb.
    case predefined(KnownFormat)
    /// `/auth`, or `/auth/` and the name of a provider in lower case.
    case auth(provider: String?)
    case root
    case unknown

    private static let path: StaticString = "/mobile/payments/makepayment"

    /// - Parameter path: without the query. Case, doubled slashes and one at the end make no difference.
    init(_ path: Span<UInt8>) {
        self = Self.makePayment(path) ?? Self.other(path)
    }

    /// The path that is asked for all the time, without a copy of it.
    private static func makePayment(_ path: Span<UInt8>) -> Route? {
        var place = 0
        var index = 0
        let matched = Self.path.withUTF8Buffer { letters in
            while place < letters.count, index < path.count {
                guard Bytes.lowercase(path[index]) == letters[place] else { return false }
                index += 1
                place += 1
                if letters[place - 1] == UInt8(ascii: "/") { skipSlashes(path, &index) }
            }
            return place == letters.count
        }
        guard matched else { return nil }
        let rest = path.extracting(index..<path.count)
        if rest.count > 1, rest[0] == UInt8(ascii: ".") {
            var end = rest.count
            while rest[end - 1] == UInt8(ascii: "/") { end -= 1 }
            return KnownFormat(rest.extracting(1..<end)).map { .makePayment(suffix: $0) }
        }
        skipSlashes(path, &index)
        return index == path.count ? .makePayment(suffix: nil) : nil
    }

    private static func skipSlashes(_ path: Span<UInt8>, _ index: inout Int) {
        while index < path.count, path[index] == UInt8(ascii: "/") { index += 1 }
    }

    private static func other(_ path: Span<UInt8>) -> Route {
        guard path.count > 0, path[0] == UInt8(ascii: "/") else { return .unknown }
        let parts = Bytes.text(path).lowercased().split(separator: "/")
        switch parts.count {
        case 0: return .root
        case 1 where parts[0] == "auth": return .auth(provider: nil)
        case 2 where parts[0] == "auth": return .auth(provider: String(parts[1]))
        case 3 where parts[1] == "reply" || parts[1] == "oneway":
            guard parts[2] == "makepaymentrequest",
                let format = KnownFormat(parts[0].utf8Span.span)
            else { return .unknown }
            return .predefined(format)
        default: return .unknown
        }
    }
}
