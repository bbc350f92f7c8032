/// Answers that no script decides.
extension PaymentService {
    /// The answer to a payment that never gets to the provider.
    func reply(to refusal: Refusal, as form: AnswerForm) -> Reply {
        reply(status: refusal.status, code: refusal.code, as: form)
    }

    /// An error of the service, by its code.
    func reply(status: Int, code: String, as form: AnswerForm) -> Reply {
        let error = ResponseStatus(
            code: code, message: "The simulator answers \(code).", entries: [])
        return Reply(status: status, reason: code, error: error.json, as: form)
    }
}
