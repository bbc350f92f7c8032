import Glibc

/// What a request brings of its session: the cookies, or the headers that stand for them.
struct SessionCookies {
    private(set) var temporary: Substring?
    private(set) var permanent: Substring?
    /// `ss-opt=perm`: the permanent one counts.
    private(set) var isPermanent = false
    private(set) var hasOptions = false
    private(set) var hasUserID = false
    /// `ss-tok`, a JSON web token.
    private(set) var token: Substring?

    init(_ request: IncomingRequest) {
        var id: Substring?
        for header in request.sessionHeaders {
            switch header {
            case .cookie(let text): note(cookies: text)
            case .id(let value): id = value[...]
            case .options(let value): note("ss-opt", value[...])
            }
        }
        if let id { note(isPermanent ? "ss-pid" : "ss-id", id) }
    }

    private mutating func note(cookies: String) {
        for pair in cookies.split(separator: ";") {
            let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { note(parts[0], parts[1]) }
        }
    }

    private mutating func note(_ name: Substring, _ value: Substring) {
        switch name {
        case "ss-id": temporary = value
        case "ss-pid": permanent = value
        case "ss-opt":
            isPermanent = value == "perm"
            hasOptions = true
        case "X-UAId": hasUserID = true
        case "ss-tok": token = value
        default: break
        }
    }

    /// The session that counts.
    var session: SessionID? { (isPermanent ? permanent : temporary).flatMap { SessionID($0) } }
}

/// Writes the `Set-Cookie` headers of the service.
struct CookieWriter: Sendable {
    /// Twenty years from the start of the service, as RFC 9110, 5.6.7 writes instants.
    private let expires: String

    init(now: time_t = time(nil)) {
        var instant = now + 20 * 365 * 86_400
        var parts = tm()
        gmtime_r(&instant, &parts)
        let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 40) { buffer in
            let count = strftime(
                buffer.baseAddress, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            return String(
                decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        expires = ";expires=" + text
    }

    /// Names for a client that brings none, which are nobody's session.
    func missing(in cookies: SessionCookies, isSecure: Bool) -> [Header] {
        var headers: [Header] = []
        if cookies.temporary == nil { headers.append(temporary(SessionID(), isSecure)) }
        if cookies.permanent == nil { headers.append(permanent(SessionID(), isSecure)) }
        return headers
    }

    /// The cookies of a session just opened.
    func opened(_ id: SessionID, isPermanent: Bool, isSecure: Bool) -> [Header] {
        [
            temporary(isPermanent ? SessionID() : id, isSecure),
            permanent(isPermanent ? id : SessionID(), isSecure),
            options(isPermanent ? "perm" : "temp", isSecure),
            header("X-UAId=1;path=/" + expires, isSecure),
        ]
    }

    func options(_ value: String, _ isSecure: Bool) -> Header {
        header("ss-opt=\(value);path=/" + expires, isSecure)
    }

    private func temporary(_ id: SessionID, _ isSecure: Bool) -> Header {
        header("ss-id=\(id.text);path=/", isSecure)
    }

    private func permanent(_ id: SessionID, _ isSecure: Bool) -> Header {
        header("ss-pid=\(id.text);path=/" + expires, isSecure)
    }

    private func header(_ text: String, _ isSecure: Bool) -> Header {
        Header(name: .setCookie, value: text + (isSecure ? ";Secure" : "") + ";HttpOnly")
    }
}
