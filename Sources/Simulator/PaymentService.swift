import NIOCore
import Providers

/// The service's decisions in their order: route, form, binding, credentials, validation. What gets
/// through them is a payment for the provider. A class, because a value would be copied for each
/// request.
final class PaymentService: Sendable {
    enum Decision: Sendable {
        case reply(Reply)
        case pay(AdmittedPayment)
    }

    private let settings: ServiceSettings
    private let authentication: Authentication
    private let login: Login?
    private let binder: Binder
    /// Of every answer.
    private let headers: [Header]
    private let scripted: [ScriptedReply]
    /// Whether an answer is built on the return address of a payment.
    private let readsReturnURL: Bool

    /// - Parameter sessions: those whom it lets in; may be shared with the same service elsewhere.
    init(_ provider: Provider, _ sessions: Sessions) {
        settings = provider.service
        let binder = Binder(provider.service)
        let authentication = Authentication(provider, sessions)
        login = provider.login.map { Login($0, authentication, binder) }
        headers = provider.service.cors ? CrossOrigin.headers : []
        scripted = provider.answers.map(ScriptedReply.init)
        readsReturnURL = provider.answers.contains { $0.outcome == .challenge }
        self.binder = binder
        self.authentication = authentication
    }

    /// - Parameter body: the whole body; nil where there is none to be read.
    func decide(_ request: IncomingRequest, body: ByteBuffer?) -> Decision {
        if settings.cors, request.verb == .options {
            return .reply(Reply(empty: 200, headers: headers))
        }
        let target = request.target.utf8Span.span
        let pathEnd = Bytes.position(of: UInt8(ascii: "?"), in: target) ?? target.count
        let query = target.extracting(min(pathEnd + 1, target.count)..<target.count)
        switch Route(target.extracting(0..<pathEnd)) {
        case .makePayment(let suffix) where request.verb == .post:
            return pay(request, Query(query), body, suffix: suffix)
        case .predefined(let format):
            return pay(request, Query(query), body, route: format)
        case .auth(let provider) where login != nil:
            return .reply(answerLogin(request, provider, query, body))
        case .root:
            let metadata = Header(name: .location, value: "/metadata")
            return .reply(Reply(empty: 302, headers: [metadata] + headers))
        case .makePayment, .auth, .unknown:
            var reply = Reply(plain: 404, "404")
            reply.headers = headers
            return .reply(reply)
        }
    }

    /// The answer of the scripted ending at this place of `Provider.answers`.
    func answer(_ place: Int, to payment: AdmittedPayment) -> Reply {
        scripted[place].reply(to: payment)
    }

    private func pay(
        _ request: IncomingRequest, _ query: Query, _ body: ByteBuffer?,
        suffix: KnownFormat? = nil, route: KnownFormat? = nil
    ) -> Decision {
        guard let envelope = envelope(request, query, suffix: suffix, route: route) else {
            return .reply(Reply(empty: 403, headers: headers))
        }
        do {
            let body = try binder.readable(body, of: request)
            return judge(try binder.bind(request, query, body), body, request, envelope)
        } catch {
            return .reply(Reply(to: error, binding: "MakePaymentRequest", as: envelope))
        }
    }

    private func judge(
        _ payment: BoundPayment, _ body: ByteBuffer?, _ request: IncomingRequest,
        _ envelope: Envelope
    ) -> Decision {
        var envelope = envelope
        let verdict = authentication.judge(request)
        if !verdict.cookies.isEmpty { envelope.headers += verdict.cookies }
        switch verdict.refusal {
        case nil: break
        case .challenge where envelope.form == .html:
            let page = "/login?redirect=" + URLEncoded.encoded(request.uri)
            let location = Header(name: .location, value: page)
            return .reply(Reply(empty: 302, headers: [location] + envelope.headers))
        case .challenge(let challenge):
            return .reply(Reply(empty: 401, challenge: challenge, headers: envelope.headers))
        case .error(let status, let code, let message):
            let error = ResponseStatus(code: code, message: message)
            let reason = StandardReason.text(status)
            return .reply(Reply(status: status, reason: reason, json: error.json, as: envelope))
        }
        if settings.validators, let complaint = ResponseStatus(validating: payment) {
            return .reply(Reply(error: complaint, status: 400, as: envelope))
        }
        let returnURL = readsReturnURL ? payment.returnURL.text(in: body) : nil
        return .pay(AdmittedPayment(id: payment.id, envelope: envelope, returnURL: returnURL))
    }

    private func answerLogin(
        _ request: IncomingRequest, _ provider: String?, _ query: Span<UInt8>, _ body: ByteBuffer?
    ) -> Reply {
        guard let login, let envelope = envelope(request, Query(query)) else {
            return Reply(empty: 403, headers: headers)
        }
        return login.answer(request, provider: provider, query: query, body: body, as: envelope)
    }

    /// nil: in a form that is switched off.
    private func envelope(
        _ request: IncomingRequest, _ query: Query, suffix: KnownFormat? = nil,
        route: KnownFormat? = nil
    ) -> Envelope? {
        let negotiated = Negotiated(
            suffix: suffix, query: query, route: route, accept: request.accept,
            bodyIsJSON: request.body == .json)
        guard case .form(let form) = negotiated else { return nil }
        return Envelope(form: form == .html && !settings.html ? .json : form, headers: headers)
    }
}

/// A request that got through the service, for the provider to decide on.
struct AdmittedPayment: Sendable {
    var id: PaymentID
    var envelope: Envelope
    /// Read only where an answer may be built on it.
    var returnURL: String?
}

/// The headers that let pages of any origin read the answers.
private enum CrossOrigin {
    static let headers = [
        Header(name: .allowOrigin, value: "*"),
        Header(name: .allowMethods, value: "GET, POST, PUT, DELETE, PATCH, OPTIONS, HEAD"),
        Header(name: .allowHeaders, value: "Content-Type"),
    ]
}

extension Reply {
    /// An error of the service: its code is the reason phrase.
    init(error: ResponseStatus, status: Int, as envelope: Envelope) {
        self.init(
            status: status, reason: StandardReason.text(code: error.code), json: error.json,
            as: envelope)
    }

    /// Errors of binding are never wrapped in a callback.
    init(to fault: BindingFault, binding type: String, as envelope: Envelope) {
        let status =
            switch fault {
            case .cutInsideString, .notCompressed: 500
            case .tooLarge: 413
            case .notAnObject, .cannotSet, .unreadable: 400
            }
        var envelope = envelope
        if case .jsonp = envelope.form { envelope.form = .json }
        self.init(
            status: status, reason: StandardReason.text(status),
            json: ResponseStatus(fault, binding: type).json, as: envelope)
    }
}
