import Curl
import Glibc
import Payments

/// How a transfer ended, and the code that says so.
struct Ending {
    var outcome: Outcome
    var status: Int
    var source: CodeTable.Source?
}

extension Ending {
    /// The service does not know the session, or no longer (`service.md`, 69–85).
    var meansSignInAgain: Bool { status == 401 }

    /// libcurl finished it: with an answer, or with a failure.
    static func finished(
        _ transfer: Transfer, _ code: CurlCode, wrapped: Bool, by classifier: Classifier
    ) -> Ending {
        guard code.isSuccess else { return failed(transfer, code) }
        let status = transfer.status
        guard transfer.headEnded else {
            return ours("PARTIAL_HEAD", number: 9, .inDoubt, status: status)
        }
        let answer = Answer.read(transfer.answer, wrapped: wrapped)
        let outcome = classifier.outcome(status: status, answer: answer)
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

    /// As the end of a payment of which an earlier attempt may have been booked: what says nothing of that
    /// attempt leaves the payment in doubt.
    var afterDoubt: Ending {
        switch outcome {
        case .accepted, .declined, .providerError, .malformed, .inDoubt: return self
        case .rejected, .throttled, .notSent:
            var ending = self
            ending.outcome = .inDoubt
            return ending
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
    static var foundNoSlot: Ending { ours("NO_FREE_SLOT", number: 5, .notSent, status: 0) }

    /// There was a slot, and we were too late to use it.
    static var sentTooLate: Ending { ours("SENT_TOO_LATE", number: 8, .notSent, status: 0) }

    private static func failed(_ transfer: Transfer, _ code: CurlCode) -> Ending {
        let status = transfer.status
        guard transfer.requestBegan else { return unsent(transfer, code) }
        if transfer.answerIsTooLong {
            return ours("ANSWER_TOO_LONG", number: 6, .malformed, status: status)
        }
        if transfer.headBytesReceived == 0, code.endsARetry {
            // Also how a connection ends that died while idle: then not a byte left.
            let outcome: Outcome = transfer.anythingLeft ? .inDoubt : .notSent
            return ours("GOT_NOTHING", number: 7, outcome, status: 0)
        }
        if code.isOutOfMemory, status > 0 {
            return ours("HEAD_TOO_LONG", number: 12, .malformed, status: status)
        }
        let isUnreadable = code.blamesAnswer
        return ours(
            code.name, number: 256 + UInt64(code.rawValue), isUnreadable ? .malformed : .inDoubt,
            status: status)
    }

    private static func unsent(_ transfer: Transfer, _ code: CurlCode) -> Ending {
        switch transfer.localFailure {
        case 0:
            return ours(code.name, number: 256 + UInt64(code.rawValue), .notSent, status: 0)
        case EADDRNOTAVAIL: return ours("NO_LOCAL_PORT", number: 10, .notSent, status: 0)
        default: return ours("NO_FREE_DESCRIPTOR", number: 11, .notSent, status: 0)
        }
    }

    /// What no answer in time means depends on one thing: whether the request may have left.
    private static func uncertainty(of transfer: Transfer) -> Outcome {
        transfer.requestBegan ? .inDoubt : .notSent
    }

    private static func ours(
        _ name: String, number: UInt64, _ outcome: Outcome, status: Int
    ) -> Ending {
        Ending(outcome: outcome, status: status, source: .named(name, number: number))
    }
}
