import Documents

/// What can be wrong with a provider beyond the form of its document.
package enum ProviderProblem: Problem, Equatable {
    case sharesExceedWhole(Double)
    case quantilesOutOfOrder(p50: Duration, p99: Duration)
    case template(String)

    package var sentence: String {
        switch self {
        case .sharesExceedWhole(let sum):
            "the shares of answers and drops add up to \((sum * 10_000).rounded() / 100) %; "
                + "at most 100 % is allowed"
        case .quantilesOutOfOrder(let p50, let p99):
            "p99 \(p99.written) is below p50 \(p50.written); at least p50 is allowed"
        case .template(let text):
            "\(quoted(text)); a provider has no ${…}, the text as it is sent is allowed"
        }
    }
}
