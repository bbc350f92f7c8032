import NIOHTTP1

/// The head of one request, looked through once: the few headers that decide anything.
struct IncomingRequest {
    /// What `Content-Type` says about the body; the service reads JSON only.
    enum Body { case json, other }

    let isPost: Bool
    /// Whose answer must have no body.
    let isHead: Bool
    /// Path and query; without what an adapter's path begins with.
    var target: String
    private(set) var accept: String?
    private(set) var authorization: String?
    private(set) var body = Body.other
    /// nil: no `Content-Length`, or one that is no number.
    private(set) var declaredLength: Int?
    /// `X-Http-Method-Override: POST`
    private(set) var overridesToPost = false
    /// Whether the client wants the connection closed behind the answer.
    private(set) var closes: Bool

    init(_ head: HTTPRequestHead) {
        isPost = head.method == .POST
        isHead = head.method == .HEAD
        target = head.uri
        closes = head.version == .http1_0
        for (name, value) in head.headers { note(name, value) }
    }

    private mutating func note(_ name: String, _ value: String) {
        let letters = name.utf8Span.span
        switch letters.count {
        case 6 where Bytes.matches(letters, "accept"):
            accept = accept.map { $0 + "," + value } ?? value
        case 10 where Bytes.matches(letters, "connection"):
            closes = closes || Bytes.matches(value.utf8Span.span, "close")
        case 12 where Bytes.matches(letters, "content-type"): body = Self.body(value)
        case 13 where Bytes.matches(letters, "authorization"): authorization = value
        case 14 where Bytes.matches(letters, "content-length"): declaredLength = Int(value)
        case 22 where Bytes.matches(letters, "x-http-method-override"):
            overridesToPost = Bytes.matches(value.utf8Span.span, "post")
        default: break
        }
    }

    private static func body(_ contentType: String) -> Body {
        let value = contentType.utf8Span.span
        let end = Bytes.position(of: UInt8(ascii: ";"), in: value) ?? value.count
        let beginning = value.extracting(0..<end)
        let type = beginning.extracting(Bytes.trimmed(beginning))
        return Bytes.matches(type, "application/json") || Bytes.matches(type, "text/json")
            ? .json : .other
    }
}
