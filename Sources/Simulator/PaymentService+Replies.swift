/// Answers that no script decides.
extension PaymentService {
    /// The answer to a payment that never gets to the provider.
    func reply(to refusal: Refusal, as envelope: Envelope) -> Reply {
        let message =
            refusal == .full
            ? "The ledger has no room for another payment id; ledger_entries says how many." : nil
        return reply(status: refusal.status, code: refusal.code, message, as: envelope)
    }

    /// An error of the service, by its code.
    func reply(
        status: Int, code: String, _ message: String? = nil, as envelope: Envelope
    ) -> Reply {
        let error = ResponseStatus(
            code: code, message: message ?? "The simulator answers \(code).", entries: [])
        return Reply(error: error, status: status, as: envelope)
    }
}
