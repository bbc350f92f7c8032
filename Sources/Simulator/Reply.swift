import NIOCore
import NIOHTTP1

struct Header: Equatable, Sendable {
    var name: Name
    var value: String

    /// The names of headers that only some answers have.
    enum Name: String, Sendable {
        case setCookie = "Set-Cookie"
        case location = "Location"
        case retryAfter = "Retry-After"
        case allowOrigin = "Access-Control-Allow-Origin"
        case allowMethods = "Access-Control-Allow-Methods"
        case allowHeaders = "Access-Control-Allow-Headers"
    }
}

/// One answer as it goes over the wire.
struct Reply: Sendable {
    enum Body: Sendable {
        case none
        case text(String)
        /// `{"data":"…"}` with the reference of this payment.
        case reference(PaymentID, AnswerForm)
    }

    var status: Int
    var reason: String
    var contentType: String?
    /// The value of `WWW-Authenticate`.
    var challenge: String?
    var headers: [Header] = []
    var body: Body
    /// Whether the connection ends behind it.
    var closes = false

    /// An accepted payment.
    init(accepted id: PaymentID, as envelope: Envelope) {
        status = 200
        reason = "OK"
        contentType = envelope.form.contentType
        headers = envelope.headers
        body = .reference(id, envelope.form)
    }

    /// An answer without a body.
    init(empty status: Int, challenge: String? = nil, headers: [Header] = []) {
        self.status = status
        reason = StandardReason.text(status)
        self.challenge = challenge
        self.headers = headers
        body = .none
    }

    /// A plain answer of the host, not of the service.
    init(plain status: Int, _ text: String, contentType: String = "text/plain; charset=utf-8") {
        self.status = status
        reason = StandardReason.text(status)
        self.contentType = contentType
        body = .text(text)
    }

    /// Bytes that are no request of HTTP.
    static var badRequest: Reply {
        Reply(
            plain: 400, "<!doctype html><title>Bad Request</title><h1>Bad Request</h1>",
            contentType: "text/html")
    }

    /// A document of the service, in the form that was asked for.
    init(status: Int, reason: String, json: String, as envelope: Envelope) {
        self.status = status
        self.reason = reason
        contentType = envelope.form.contentType
        headers = envelope.headers
        body = status == 204 || status == 304 ? .none : .text(envelope.form.document(json))
    }
}

extension Reply {
    /// Appends head and body.
    func write(to buffer: inout ByteBuffer) {
        writeHead(to: &buffer, declaring: length)
        writeBody(to: &buffer)
    }

    /// Appends the head; `length` is what `Content-Length` says.
    func writeHead(to buffer: inout ByteBuffer, declaring length: Int) {
        buffer.writeStaticString("HTTP/1.1 ")
        buffer.writeString(String(status))
        buffer.writeStaticString(" ")
        buffer.writeString(reason)
        if let contentType {
            buffer.writeStaticString("\r\nContent-Type: ")
            buffer.writeString(contentType)
        }
        if let challenge {
            buffer.writeStaticString("\r\nWWW-Authenticate: ")
            buffer.writeString(challenge)
        }
        for header in headers {
            buffer.writeStaticString("\r\n")
            buffer.writeString(header.name.rawValue)
            buffer.writeStaticString(": ")
            buffer.writeString(header.value)
        }
        if closes { buffer.writeStaticString("\r\nConnection: close") }
        buffer.writeStaticString(
            "\r\nVary: Accept\r\nX-Powered-By: paybench-simulator\r\nContent-Length: ")
        buffer.writeString(String(length))
        buffer.writeStaticString("\r\n\r\n")
    }

    /// The head as a value, for connections that are no plain bytes.
    var head: HTTPResponseHead {
        var head = HTTPResponseHead(
            version: .http2, status: HTTPResponseStatus(statusCode: status))
        if let contentType { head.headers.add(name: "content-type", value: contentType) }
        if let challenge { head.headers.add(name: "www-authenticate", value: challenge) }
        for header in headers {
            head.headers.add(name: header.name.rawValue.lowercased(), value: header.value)
        }
        head.headers.add(name: "vary", value: "Accept")
        head.headers.add(name: "x-powered-by", value: "paybench-simulator")
        head.headers.add(name: "content-length", value: String(length))
        return head
    }

    var bodyBytes: ByteBuffer {
        var bytes = ByteBuffer()
        writeBody(to: &bytes)
        return bytes
    }

    /// Bytes of the body.
    var length: Int {
        switch body {
        case .none: 0
        case .text(let text): text.utf8.count
        case .reference(_, let form):
            form.frame.before.utf8.count + form.frame.after.utf8.count + Self.referenceLength
        }
    }

    /// `{"data":"pay-` + 32 digits + `"}`
    private static let referenceLength = 13 + 32 + 2

    func writeBody(to buffer: inout ByteBuffer) {
        switch body {
        case .none: break
        case .text(let text): buffer.writeString(text)
        case .reference(let id, let form):
            let frame = form.frame
            buffer.writeString(frame.before)
            buffer.writeStaticString(#"{"data":"pay-"#)
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: 32) { target in
                id.withDigits { place, digit in target[place] = digit }
                return 32
            }
            buffer.writeStaticString(#""}"#)
            buffer.writeString(frame.after)
        }
    }
}

extension Reply {
    /// 200 with JSON that breaks off, of the length it says.
    init(brokenJSON id: PaymentID, as envelope: Envelope) {
        self.init(
            plain: 200, #"{"data":"pay-"# + id.digits.prefix(8),
            contentType: AnswerForm.json.contentType)
        headers = envelope.headers
    }

    /// 200 with a document of the provider in `data`, as text: `members` is JSON without braces.
    init(data members: String, as envelope: Envelope) {
        let json = #"{"data":"# + JSONText.quoted("{" + members + "}") + "}"
        self.init(status: 200, reason: "OK", json: json, as: envelope)
    }
}

/// Reason phrases, which HTTP allows to be empty.
enum StandardReason {
    static func text(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 302: "Found"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 413: "Payload Too Large"
        case 429: "Too Many Requests"
        case 500: "Internal Server Error"
        case 503: "Service Unavailable"
        default: ""
        }
    }

    /// An error code as a reason phrase: what is no visible ASCII is left out.
    static func text(code: String) -> String {
        String(
            String.UnicodeScalarView(
                code.unicodeScalars.filter { (0x20...0x7E).contains($0.value) }))
    }
}
