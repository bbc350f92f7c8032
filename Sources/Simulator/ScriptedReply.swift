import Providers

/// One of `Provider.answers`, made ready.
struct ScriptedReply: Sendable {
    private var outcome: ScriptedAnswer.Outcome
    private var status: Int
    private var reason: String
    private var json: String

    init(_ answer: ScriptedAnswer) {
        let message = "The provider answered \(answer.code)."
        let entries = answer.field.map {
            [ResponseStatus.Entry(code: answer.code, field: $0, message: message)]
        }
        let error = ResponseStatus(
            code: answer.code, message: message,
            entries: answer.status == 200 ? entries : entries ?? [])
        outcome = answer.outcome
        status = answer.status
        reason = answer.status == 200 ? "OK" : StandardReason.text(code: answer.code)
        json = error.json
    }

    func reply(to payment: AdmittedPayment) -> Reply {
        switch outcome {
        case .error:
            return Reply(status: status, reason: reason, json: json, as: payment.envelope)
        case .pending:
            return Reply(data: Self.result("Pending", payment.id), as: payment.envelope)
        case .challenge:
            let redirect = #","redirectUrl":"# + JSONText.quoted(Self.address(payment))
            return Reply(
                data: Self.result("RedirectShopper", payment.id) + redirect, as: payment.envelope)
        }
    }

    private static func result(_ code: String, _ id: PaymentID) -> String {
        #""resultCode":"\#(code)","paymentId":"\#(id.digits)""#
    }

    /// Where a buyer goes for the challenge: the return address itself, with what came of it.
    private static func address(_ payment: AdmittedPayment) -> String {
        let base = payment.returnURL ?? ""
        let result = "paymentId=\(payment.id.digits)&result=challenge"
        return base + (base.contains("?") ? "&" : "?") + result
    }
}
