/// The head of an HTTP/1.x request, as far as one that only gives out a page needs it.
package struct ScrapeRequest: Sendable, Equatable {
    package enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
    }

    package enum Refusal: Int, Error, Sendable {
        case badRequest = 400
        case notFound = 404
        case methodNotAllowed = 405
        case headTooLong = 431
        case versionNotSupported = 505

        var words: String {
            switch self {
            case .badRequest: "Bad Request"
            case .notFound: "Not Found"
            case .methodNotAllowed: "Method Not Allowed"
            case .headTooLong: "Request Header Fields Too Large"
            case .versionNotSupported: "HTTP Version Not Supported"
            }
        }
    }

    /// Bytes of a head, its last empty line included.
    package static let longestHead = 8192

    package let method: Method
    /// The values of all `Accept` fields; nil where there is none.
    package let accept: String?

    /// - Parameter head: up to the empty line.
    package init(_ head: [UInt8], path: String) throws(Refusal) {
        let lines = head.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { line in
                let end = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
                return String(decoding: end, as: UTF8.self)
            }
        let words = (lines.first ?? "").split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, !words[0].isEmpty, words[2].hasPrefix("HTTP/") else {
            throw .badRequest
        }
        guard words[2].hasPrefix("HTTP/1.") else { throw .versionNotSupported }
        guard words[1].prefix(while: { $0 != "?" }) == path else { throw .notFound }
        guard let method = Method(rawValue: String(words[0])) else { throw .methodNotAllowed }
        self.method = method
        let values = lines.dropFirst().compactMap { Self.value(of: "accept", in: $0) }
        accept = values.isEmpty ? nil : values.joined(separator: ",")
    }

    private static func value(of name: String, in line: String) -> Substring? {
        guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name else {
            return nil
        }
        return line[line.index(after: colon)...]
    }
}

/// What is given out: a page and its media type.
package struct ScrapePage: Sendable {
    package var contentType: String
    package var text: String

    package init(contentType: String, text: String) {
        self.contentType = contentType
        self.text = text
    }

    /// As HTTP/1.1 has it; the connection ends behind it.
    func answer(to method: ScrapeRequest.Method) -> [UInt8] {
        let body = Array(text.utf8)
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: \(contentType)\r\nContent-Length: \(body.count)\r\n"
            + "Cache-Control: no-store\r\nConnection: close\r\n\r\n"
        return Array(head.utf8) + (method == .head ? [] : body)
    }
}

extension ScrapeRequest.Refusal {
    func answer(path: String) -> [UInt8] {
        let body = self == .notFound ? "\(words); metrics are at \(path)\n" : "\(words)\n"
        let allow = self == .methodNotAllowed ? "Allow: GET, HEAD\r\n" : ""
        return Array(
            ("HTTP/1.1 \(rawValue) \(words)\r\nContent-Type: text/plain; charset=utf-8\r\n\(allow)"
                + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)").utf8)
    }
}
