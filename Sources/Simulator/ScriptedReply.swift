import Providers

/// One of `Provider.answers`, made ready.
struct ScriptedReply: Sendable {
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
        status = answer.status
        reason = answer.status == 200 ? "OK" : StandardReason.text(code: answer.code)
        json = error.json
    }

    func reply(as envelope: Envelope) -> Reply {
        Reply(status: status, reason: reason, json: json, as: envelope)
    }
}
