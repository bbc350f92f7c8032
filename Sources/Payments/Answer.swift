/// What was found in the body of an answer; points into the bytes it was read from.
package struct Answer {
    package enum Form: Sendable { case json, empty, unreadable }

    package var form: Form
    /// Content of `responseStatus.errorCode`, escapes as they were; nil where absent, null or empty.
    package var errorCode: UnsafeRawBufferPointer?
    /// `responseStatus.errors[0].fieldName`, likewise.
    package var field: UnsafeRawBufferPointer?

    package init(
        form: Form, errorCode: UnsafeRawBufferPointer? = nil, field: UnsafeRawBufferPointer? = nil
    ) {
        self.form = form
        self.errorCode = errorCode
        self.field = field
    }

    /// Reads `body` without building anything: one pass that also checks that it is JSON.
    ///
    /// - Parameter wrapped: the answer was asked for as JSONP: `name(…)`.
    package static func read(_ body: UnsafeRawBufferPointer, wrapped: Bool) -> Answer {
        if body.isEmpty { return Answer(form: .empty) }
        var scanner = AnswerScanner(body)
        return scanner.answer(wrapped: wrapped) ?? Answer(form: .unreadable)
    }
}

/// Maps an answer to its outcome by the rules of `docs/TERMS.md`.
package struct Classifier: Sendable {
    private let declineCodes: [[UInt8]]

    package init(declineCodes: [String]) {
        self.declineCodes = declineCodes.map { Array($0.utf8) }
    }

    package func outcome(status: Int, answer: Answer) -> Outcome {
        switch status {
        case 429: return .throttled
        case 502, 504: return .inDoubt
        default: break
        }
        if status == 402 || isDecline(answer.errorCode) { return .declined }
        switch status {
        case 200...299:
            if answer.errorCode != nil { return .providerError }
            let readable = answer.form == .json || (status == 204 && answer.form == .empty)
            return readable ? .accepted : .malformed
        case 300...499: return .rejected
        case 500...599: return .providerError
        default: return .malformed
        }
    }

    private func isDecline(_ code: UnsafeRawBufferPointer?) -> Bool {
        guard let code else { return false }
        return declineCodes.contains { $0.elementsEqual(code) }
    }
}
