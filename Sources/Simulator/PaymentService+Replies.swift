/// Answers that no script decides.
extension PaymentService {
    /// The answer to a payment that never gets to the provider.
    func reply(to refusal: Refusal, as envelope: Envelope) -> Reply {
        reply(status: refusal.status, code: refusal.code, as: envelope)
    }

    /// An error of the service, by its code.
    func reply(status: Int, code: String, as envelope: Envelope) -> Reply {
        let error = ResponseStatus(
            code: code, message: "The simulator answers \(code).", entries: [])
        return Reply(error: error, status: status, as: envelope)
    }
}
