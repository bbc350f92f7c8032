import Curl
import Payments

/// How a transfer ended, and the code that says so.
struct Ending {
    var outcome: Outcome
    var status: Int
    var source: CodeTable.Source?
}

extension Ending {
    /// libcurl finished it: with an answer, or with a failure.
    static func finished(
        _ transfer: Transfer, _ code: CurlCode, plan: EnginePlan
    ) -> Ending {
        guard code.isSuccess else { return failed(transfer, code) }
        let status = transfer.status
        let answer = Answer.read(transfer.answer, wrapped: plan.wrapsAnswers)
        let outcome = plan.classifier.outcome(status: status, answer: answer)
        if let text = answer.errorCode {
            return Ending(
                outcome: outcome, status: status, source: .service(code: text, field: answer.field))
        }
        switch outcome {
        case .accepted: return Ending(outcome: outcome, status: status, source: nil)
        case .malformed:
            let name = answer.form == .empty ? "EMPTY_ANSWER" : "UNREADABLE_ANSWER"
            return ours(name, number: answer.form == .empty ? 1 : 2, .malformed, status: status)
        case .declined, .rejected, .throttled, .providerError, .notSent, .inDoubt:
            return Ending(outcome: outcome, status: status, source: .status)
        }
    }

    /// It took longer than it may.
    static func expired(_ transfer: Transfer) -> Ending {
        ours("OPERATION_TIMEDOUT", number: 3, uncertainty(of: transfer), status: transfer.status)
    }

    /// The drain is over and it is still under way.
    static func abandoned(_ transfer: Transfer) -> Ending {
        ours("ABANDONED", number: 4, uncertainty(of: transfer), status: transfer.status)
    }

    /// It never got a slot.
    static var gaveUp: Ending { ours("NO_FREE_SLOT", number: 5, .notSent, status: 0) }

    private static func failed(_ transfer: Transfer, _ code: CurlCode) -> Ending {
        let status = transfer.status
        if transfer.answerIsTooLong {
            return ours("ANSWER_TOO_LONG", number: 6, .malformed, status: status)
        }
        if transfer.wasRefusedASecondAttempt {
            return ours("GOT_NOTHING", number: 7, .inDoubt, status: status)
        }
        var outcome = uncertainty(of: transfer)
        if outcome == .inDoubt, code.blamesAnswer { outcome = .malformed }
        return ours(code.name, number: 256 + UInt64(code.rawValue), outcome, status: status)
    }

    /// What no conclusive answer means depends on one thing: whether bytes of the request left.
    private static func uncertainty(of transfer: Transfer) -> Outcome {
        transfer.requestBegan && transfer.bytesSent > 0 ? .inDoubt : .notSent
    }

    private static func ours(
        _ name: String, number: UInt64, _ outcome: Outcome, status: Int
    ) -> Ending {
        Ending(outcome: outcome, status: status, source: .named(name, number: number))
    }
}
