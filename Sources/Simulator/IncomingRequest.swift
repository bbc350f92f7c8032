import NIOHTTP1

/// The head of one request, looked through once: the few headers that decide anything. A class, so that
/// a connection that waits for its answer has no room for one.
final class IncomingRequest {
    /// What `Content-Type` says about the body; a body of another type is not read.
    enum Body: Equatable {
        case json, form
        case multipart(boundary: String)
        case other
    }

    /// A header that may say whose session it is; the last two stand for the cookies.
    enum SessionHeader {
        case cookie(String)
        case id(String)
        case options(String)
    }

    enum Verb { case get, head, post, options, other }

    /// As overridden by `X-Http-Method-Override`.
    private(set) var verb: Verb
    /// Whose answer must have no body.
    let isHead: Bool
    /// Path and query as they were asked for.
    let uri: String
    /// The same without what an adapter's path begins with.
    var target: String
    private(set) var accept: String?
    private(set) var authorization: String?
    private(set) var sessionHeaders: [SessionHeader] = []
    private(set) var body = Body.other
    /// nil: no `Content-Length`, or one that is no number.
    private(set) var declaredLength: Int?
    private(set) var hasContentEncoding = false
    /// nil: not compressed, or in a way that the service does not know and takes as plain.
    private(set) var compression: Inflate.Format?
    /// `Expect: 100-continue`, which HTTP/1.0 does not know.
    private(set) var expectsContinue = false
    /// Exactly one `Host` that can be one, or a version that needs none.
    private(set) var hasHost: Bool
    /// Whether the client wants the connection closed behind the answer.
    private(set) var closes: Bool
    /// Came over TLS.
    var isSecure = false

    init(_ head: HTTPRequestHead) {
        verb =
            switch head.method {
            case .POST: .post
            case .GET: .get
            case .HEAD: .head
            case .OPTIONS: .options
            default: .other
            }
        isHead = head.method == .HEAD
        uri = head.uri
        target = head.uri
        closes = head.version == .http1_0
        // HTTP/2 has its authority for it, and its connections are not closed by a request.
        hasHost = head.version == .http1_0 || head.version == .http2
        var hosts = 0
        for (name, value) in head.headers { note(name, value, &hosts) }
        if hosts > 1 { hasHost = false }
        if head.version == .http1_0 { expectsContinue = false }
    }

    private func note(_ name: String, _ value: String, _ hosts: inout Int) {
        let letters = name.utf8Span.span
        switch letters.count {
        case 4 where Bytes.matches(letters, "host"):
            hosts += 1
            hasHost = Self.isHost(value)
        case 6 where Bytes.matches(letters, "accept"):
            accept = accept.map { $0 + "," + value } ?? value
        case 6 where Bytes.matches(letters, "cookie"):
            sessionHeaders.append(.cookie(value))
        case 6 where Bytes.matches(letters, "expect"):
            expectsContinue = Bytes.matches(value.utf8Span.span, "100-continue")
        case 7 where Bytes.matches(letters, "x-ss-id"): sessionHeaders.append(.id(value))
        case 8 where Bytes.matches(letters, "x-ss-opt"): sessionHeaders.append(.options(value))
        case 10 where Bytes.matches(letters, "connection"):
            closes = closes || Bytes.matches(value.utf8Span.span, "close")
        case 12 where Bytes.matches(letters, "content-type"): body = Self.body(value)
        case 13 where Bytes.matches(letters, "authorization"): authorization = value
        case 14 where Bytes.matches(letters, "content-length"): declaredLength = Int(value)
        case 16 where Bytes.matches(letters, "content-encoding"): note(encoding: value)
        case 22 where Bytes.matches(letters, "x-http-method-override"): verb = Self.verb(value)
        default: break
        }
    }

    private func note(encoding: String) {
        hasContentEncoding = true
        let name = encoding.utf8Span.span
        if Bytes.matches(name, "gzip") { compression = .gzip }
        if Bytes.matches(name, "deflate") { compression = .deflate }
    }

    private static func verb(_ name: String) -> Verb {
        let letters = name.utf8Span.span
        if Bytes.matches(letters, "post") { return .post }
        if Bytes.matches(letters, "get") { return .get }
        if Bytes.matches(letters, "head") { return .head }
        return Bytes.matches(letters, "options") ? .options : .other
    }

    /// Visible ASCII without what ends a host (RFC 3986, section 3.2.2).
    private static func isHost(_ value: String) -> Bool {
        let letters = value.utf8Span.span
        for index in letters.indices {
            switch letters[index] {
            case 0...0x20, 0x7F...0xFF, UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"),
                UInt8(ascii: "@"), UInt8(ascii: ","), UInt8(ascii: "\\"):
                return false
            default: break
            }
        }
        return !letters.isEmpty
    }

    private static func body(_ contentType: String) -> Body {
        let value = contentType.utf8Span.span
        let end = Bytes.position(of: UInt8(ascii: ";"), in: value) ?? value.count
        let beginning = value.extracting(0..<end)
        let type = beginning.extracting(Bytes.trimmed(beginning))
        if Bytes.matches(type, "application/json") || Bytes.matches(type, "text/json") {
            return .json
        }
        if Bytes.matches(type, "application/x-www-form-urlencoded") { return .form }
        guard Bytes.matches(type, "multipart/form-data"),
            let boundary = Multipart.parameter("boundary", of: contentType[...])
        else { return .other }
        return .multipart(boundary: boundary)
    }
}
