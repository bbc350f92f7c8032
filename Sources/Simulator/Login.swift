import Digests
import NIOCore
import Providers

/// `/auth` and `/auth/credentials`: a name and a password for a session.
struct Login: Sendable {
    private let settings: LoginSettings
    private let authentication: Authentication
    private let binder: Binder

    init(_ settings: LoginSettings, _ authentication: Authentication, _ binder: Binder) {
        self.settings = settings
        self.authentication = authentication
        self.binder = binder
    }

    /// - Parameters:
    ///   - provider: in the path, in lower case.
    ///   - query: what stands behind the `?`.
    func answer(
        _ request: IncomingRequest, provider: String?, query: Span<UInt8>, body: ByteBuffer?,
        as envelope: Envelope
    ) -> Reply {
        let cookies = SessionCookies(request)
        var envelope = envelope
        envelope.headers += authentication.writer.missing(in: cookies, isSecure: request.isSecure)
        switch provider {
        case nil: return state(of: request, cookies, envelope)
        case "credentials" where request.verb == .post:
            do {
                return judge(try bind(request, query, body), request, envelope)
            } catch {
                return Reply(to: error, binding: "Authenticate", as: envelope)
            }
        case "credentials":
            let advice = "to enable set AuthFeature.AllowGetAuthenticateRequests = req => true"
            let message = "GET Authenticate requests are disabled, \(advice)"
            return Self.refuse(405, "NotSupportedException", message, envelope)
        case let name?:
            let message = "No configuration was added for OAuth provider '\(name)'"
            return Self.refuse(404, "NotFound", message, envelope)
        }
    }

    /// What `GET /auth` says to somebody who is in already, or not.
    private func state(
        of request: IncomingRequest, _ cookies: SessionCookies, _ envelope: Envelope
    ) -> Reply {
        if let id = cookies.session, authentication.sessions.knows(id) {
            return welcome(id, nil, envelope)
        }
        guard case .challenge(let challenge) = authentication.gatekeeper.judge(nil) else {
            return Reply(empty: 401, headers: envelope.headers)
        }
        return Reply(empty: 401, challenge: challenge, headers: envelope.headers)
    }

    private func judge(
        _ values: LoginValues, _ request: IncomingRequest, _ envelope: Envelope
    ) -> Reply {
        var failed = envelope
        failed.headers.append(authentication.writer.options("temp", request.isSecure))
        if let complaint = ResponseStatus(validating: values) {
            return Reply(error: complaint, status: 400, as: failed)
        }
        guard Self.equal(values.userName, settings.username),
            Self.equal(values.password, settings.password)
        else {
            return Self.refuse(401, "Unauthorized", "Invalid Username or Password", failed)
        }
        let id = authentication.sessions.open()
        var welcomed = envelope
        welcomed.headers.removeAll { $0.name == .setCookie }
        welcomed.headers += authentication.writer.opened(
            id, isPermanent: values.rememberMe, isSecure: request.isSecure)
        let token = authentication.gatekeeper.token(for: settings.username)
        return welcome(id, token, welcomed)
    }

    private func welcome(_ id: SessionID, _ token: String?, _ envelope: Envelope) -> Reply {
        let name = JSONText.quoted(settings.username)
        let bearer = token.map { #""bearerToken":"\#($0)","# } ?? ""
        let json =
            #"{"userId":"1","sessionId":"\#(id.text)","userName":\#(name),"displayName":\#(name),"#
            + bearer + #""responseStatus":{}}"#
        return Reply(status: 200, reason: "OK", json: json, as: envelope)
    }

    private static func refuse(
        _ status: Int, _ code: String, _ message: String, _ envelope: Envelope
    ) -> Reply {
        let error = ResponseStatus(code: code, message: message, entries: [])
        return Reply(error: error, status: status, as: envelope)
    }

    private static func equal(_ given: String, _ right: String) -> Bool {
        ConstantTime.equal(given.utf8Span.span, right.utf8Span.span)
    }
}

/// What a login brings.
struct LoginValues {
    var userName = ""
    var password = ""
    /// Asks for the permanent session.
    var rememberMe = false
}

extension Login {
    fileprivate enum Member: MemberName {
        case userName, password, rememberMe

        init?(_ name: Span<UInt8>) {
            if Bytes.matches(name, "username") {
                self = .userName
            } else if Bytes.matches(name, "password") {
                self = .password
            } else if Bytes.matches(name, "rememberme") {
                self = .rememberMe
            } else {
                return nil
            }
        }
    }

    private func bind(
        _ request: IncomingRequest, _ query: Span<UInt8>, _ body: ByteBuffer?
    ) throws(BindingFault) -> LoginValues {
        var values = LoginValues()
        let body = try binder.readable(body, of: request)
        if let body, request.body == .json {
            let text = body.readableBytesUInt8Span
            try BodyReader.read(text) { member, value in
                guard let name = Member(text.extracting(member.name)) else { return }
                let isNull = !member.isString && Bytes.matches(value, "null")
                values.set(name, to: isNull ? "" : JSONText.unescaped(value))
            }
        }
        var pairs = Pairs<Member>(urlEncoded: query)
        if let body, let form = Binder.form(request, body, of: Member.self) { pairs.write(form) }
        for pair in pairs.all { values.set(pair.member, to: Bytes.text(pair.text.span)) }
        return values
    }
}

extension LoginValues {
    fileprivate mutating func set(_ member: Login.Member, to text: String) {
        switch member {
        case .userName: userName = text
        case .password: password = text
        case .rememberMe: rememberMe = Scalar.boolean(text.utf8Span.span) ?? false
        }
    }
}

extension ResponseStatus {
    /// Login without a name or a password; nil: both are there.
    fileprivate init?(validating values: LoginValues) {
        let missing = [("UserName", values.userName), ("Password", values.password)]
            .filter { $0.1.isEmpty }.map { Entry.missing("NotEmpty", $0.0, value: nil) }
        guard !missing.isEmpty else { return nil }
        let lines = missing.map { "\n -- \($0.field): \($0.message)" }.joined()
        self.init(
            code: "ValidationException", message: "Validation failed: \(lines)", entries: missing)
    }
}
