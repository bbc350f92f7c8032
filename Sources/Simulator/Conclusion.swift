import Providers

/// How a payment ends, decided by its course: a table of endings and faults.
struct Conclusion: Equatable {
    enum Way: Equatable {
        case accept
        /// The answer at this place of `Provider.answers`.
        case answer(Int)
        /// 500 or 503 of a fault, by its error code.
        case failure(status: Int, code: String)
        case badJSON
        case drop(ScriptedDrop.Point)
        case reset
        /// The connection was reset while the provider had the payment.
        case gone
    }

    var way: Way
    var damage: Damage?
    var books: Bool
    /// What a repeat of the payment gets again; nil: it is a new payment.
    var keeps: ProviderScript.Ending?

    init(
        _ ending: ProviderScript.Ending, _ effect: Fault.Effect?, answers: [ScriptedAnswer]
    ) {
        switch ending {
        case .accept: (way, books, keeps) = (.accept, true, .accept)
        case .answer(let place):
            let answer = answers[place]
            way = .answer(place)
            books = answer.outcome == .pending
            keeps = answer.decline == .soft ? nil : ending
        case .drop(let point):
            way = .drop(point)
            books = point == .afterBooking
            keeps = books ? .accept : nil
        }
        if let effect { suffer(effect) }
    }

    private mutating func suffer(_ effect: Fault.Effect) {
        switch effect {
        case .reset(.beforeBooking): (way, books, keeps) = (.reset, false, nil)
        case .reset(.duringBooking): way = .gone
        case .reset(.afterBooking): way = .reset
        case .brownOut: fail(503, "ServiceUnavailable")
        case .timeout: fail(500, "TimeoutException")
        case .badJSON: way = .badJSON
        case .cutBody: damage = .cut
        case .wrongLength: damage = .wrongLength
        case .drip(let time): damage = .drip(over: .nanoseconds(time.nanoseconds))
        case .refuse, .stall, .closeIdle: break
        }
    }

    private mutating func fail(_ status: Int, _ code: String) {
        (way, books, keeps) = (.failure(status: status, code: code), false, nil)
    }
}

/// A payment that never gets to the provider.
enum Refusal: Sendable {
    case limited, full, conflict, duplicate

    var status: Int {
        switch self {
        case .limited: 429
        case .full: 503
        case .conflict, .duplicate: 409
        }
    }

    var code: String {
        switch self {
        case .limited: "TooManyRequests"
        case .full: "LedgerFull"
        case .conflict: "PaymentInProgress"
        case .duplicate: "DuplicatePayment"
        }
    }
}
