import Providers

/// Who is let in, by credentials, token or session, and which cookies the answer sets.
struct Authentication: Sendable {
    struct Verdict {
        /// nil: let in.
        var refusal: Refusal?
        var cookies: [Header] = []
    }

    let gatekeeper: Gatekeeper
    let sessions: Sessions
    let writer = CookieWriter()
    private let readsCookies: Bool
    private let setsCookies: Bool

    init(_ provider: Provider, _ sessions: Sessions) {
        self.sessions = sessions
        gatekeeper = Gatekeeper(
            provider.credentials,
            tokens: provider.tokens.map {
                TokenCheck(secret: $0.secret, requiresTLS: $0.requiresTLS)
            },
            takesLogins: provider.login != nil)
        setsCookies = provider.service.sessions || provider.login != nil
        readsCookies = setsCookies || provider.tokens != nil
    }

    func judge(_ request: IncomingRequest) -> Verdict {
        guard readsCookies else {
            let judgement = gatekeeper.judge(request.authorization, isSecure: request.isSecure)
            return Verdict(refusal: Refusal(judgement))
        }
        let cookies = SessionCookies(request)
        var judgement = gatekeeper.judge(
            request.authorization, token: cookies.token, isSecure: request.isSecure)
        if case .challenge = judgement, isKnown(cookies) { judgement = .pass }
        return Verdict(
            refusal: Refusal(judgement),
            cookies: setsCookies ? answer(to: cookies, judgement, request) : [])
    }

    func isKnown(_ cookies: SessionCookies) -> Bool {
        cookies.session.map(sessions.knows) ?? false
    }

    /// A name and a password make a session, unless the client brings one; everybody else who gets
    /// as far as this gets names for one.
    private func answer(
        to cookies: SessionCookies, _ judgement: Gatekeeper.Judgement, _ request: IncomingRequest
    ) -> [Header] {
        let isSecure = request.isSecure
        let missing = writer.missing(in: cookies, isSecure: isSecure)
        switch judgement {
        case .pass where isBasic(request) && !isKnown(cookies):
            return writer.opened(sessions.open(), isPermanent: false, isSecure: isSecure)
        case .pass, .challenge: return missing
        case .wrongPassword: return missing + [writer.options("temp", isSecure)]
        case .notBase64, .token, .tokenInTheClear: return []
        }
    }

    private func isBasic(_ request: IncomingRequest) -> Bool {
        guard gatekeeper.takesBasic, let authorization = request.authorization else { return false }
        return Bytes.begins(authorization.utf8Span.span, with: "basic ")
    }
}

extension Authentication {
    /// Why somebody is not let in, as it is told.
    enum Refusal: Equatable {
        /// 401 without a body, with what to ask for.
        case challenge(String)
        case error(status: Int, code: String, message: String)

        init?(_ judgement: Gatekeeper.Judgement) {
            switch judgement {
            case .pass, .token(.valid), .token(.foreign): return nil
            case .challenge(let challenge): self = .challenge(challenge)
            case .wrongPassword: self = .wrongPassword
            case .notBase64:
                self = .error(
                    status: 400, code: "FormatException",
                    message: "The input is not a valid Base-64 string.")
            case .token(.expired):
                self = .error(status: 401, code: "TokenException", message: "Token has expired")
            case .token(.illegal):
                self = .error(status: 500, code: "Exception", message: "Illegal base64url string!")
            case .token(.otherAlgorithm(let name)):
                self = .error(
                    status: 405, code: "NotSupportedException",
                    message: "Invalid algorithm '\(name)', expected 'HS256'")
            case .tokenInTheClear:
                self = .error(
                    status: 403, code: "Forbidden", message: "A token needs a secure connection.")
            }
        }

        static let wrongPassword = Refusal.error(
            status: 401, code: "Unauthorized", message: "Invalid Username or Password")
    }
}
