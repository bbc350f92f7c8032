import NIOCore
import Providers

/// The service's decisions in their order: route, form, binding, credentials, validation. What gets
/// through them is a payment for the provider.
struct PaymentService: Sendable {
    enum Decision: Sendable {
        case refuse(Reply)
        case pay(PaymentID, AnswerForm)
    }

    private let gatekeeper: Gatekeeper
    private let scripted: [Scripted]

    /// One of `Provider.answers`, made ready.
    private struct Scripted: Sendable {
        var outcome: ScriptedAnswer.Outcome
        var status: Int
        var reason: String
        var json: String
    }

    init(_ provider: Provider) {
        gatekeeper = Gatekeeper(provider.credentials)
        scripted = provider.answers.map { answer in
            let message = "The provider answered \(answer.code)."
            let entries = answer.field.map {
                [ResponseStatus.Entry(code: answer.code, field: $0, message: message)]
            }
            let error = ResponseStatus(
                code: answer.code, message: message,
                entries: answer.status == 200 ? entries : entries ?? [])
            return Scripted(
                outcome: answer.outcome, status: answer.status,
                reason: answer.status == 200 ? "OK" : StandardReason.text(code: answer.code),
                json: error.json)
        }
    }

    /// - Parameter body: the whole body; nil where there is none to be read.
    func decide(_ request: IncomingRequest, body: ByteBuffer?) -> Decision {
        let target = request.target.utf8Span.span
        let pathEnd = Bytes.position(of: UInt8(ascii: "?"), in: target) ?? target.count
        guard request.isPost || request.overridesToPost,
            case .makePayment(let suffix) = Route(target.extracting(0..<pathEnd))
        else { return .refuse(Reply(plain: 404, "404")) }
        let query =
            pathEnd < target.count ? Query(target.extracting((pathEnd + 1)..<target.count)) : nil
        let negotiated = Negotiated(
            suffix: suffix, query: query, accept: request.accept, bodyIsJSON: request.body == .json)
        guard case .form(let form) = negotiated else { return .refuse(Reply(empty: 403)) }
        do {
            return judge(try bind(request, query, body), request, form)
        } catch {
            return .refuse(Self.reply(to: error, as: form))
        }
    }

    /// The answer of the scripted ending at this place of `Provider.answers`.
    func answer(
        _ place: Int, to id: PaymentID, returnURL: String?, as form: AnswerForm
    ) -> Reply {
        let answer = scripted[place]
        switch answer.outcome {
        case .error:
            return Reply(
                status: answer.status, reason: answer.reason, error: answer.json, as: form)
        case .pending: return Reply(data: Self.result("Pending", id), as: form)
        case .challenge:
            let url = ReturnURL.challenge(returnURL, payment: id)
            let redirect = #","redirectUrl":"# + JSONText.quoted(url)
            return Reply(data: Self.result("RedirectShopper", id) + redirect, as: form)
        }
    }

    private static func result(_ code: String, _ id: PaymentID) -> String {
        #""resultCode":"\#(code)","paymentId":"\#(id.digits)""#
    }

    /// Body first, query over it. A body without a declared length is not read.
    private func bind(
        _ request: IncomingRequest, _ query: Query?, _ body: ByteBuffer?
    ) throws(BindingFault) -> BoundPayment {
        var payment = BoundPayment()
        if let body, request.body == .json, request.declaredLength != nil {
            try BodyReader.read(body.readableBytesUInt8Span, into: &payment)
        }
        try query?.bind(to: &payment)
        return payment
    }

    private func judge(
        _ payment: BoundPayment, _ request: IncomingRequest, _ form: AnswerForm
    ) -> Decision {
        switch gatekeeper.judge(request.authorization) {
        case .pass: break
        case .challenge(let challenge): return .refuse(Reply(empty: 401, challenge: challenge))
        case .wrongPassword:
            return Self.refuse(401, "Unauthorized", "Invalid Username or Password", form)
        case .notBase64:
            return Self.refuse(
                400, "FormatException", "The input is not a valid Base-64 string.", form)
        }
        if let complaint = ResponseStatus(validating: payment) {
            return .refuse(
                Reply(
                    status: 400, reason: complaint.code, error: complaint.json, as: form))
        }
        return .pay(payment.id, form)
    }

    private static func refuse(
        _ status: Int, _ code: String, _ message: String, _ form: AnswerForm
    ) -> Decision {
        let error = ResponseStatus(code: code, message: message)
        return .refuse(
            Reply(status: status, reason: StandardReason.text(status), error: error.json, as: form))
    }

    /// Errors of binding are never wrapped in a callback.
    private static func reply(to fault: BindingFault, as form: AnswerForm) -> Reply {
        let status = fault == .cutInsideString ? 500 : 400
        return Reply(
            status: status, reason: StandardReason.text(status), error: ResponseStatus(fault).json,
            as: form == .html ? .html : .json)
    }
}
