import Documents

/// What can be wrong with a provider beyond the form of its document.
package enum ProviderProblem: Problem, Equatable {
    case sharesExceedWhole(Double)
    /// Two of a law's times are the wrong way round.
    case outOfOrder(lower: String, Duration, upper: String, Duration)
    case equalQuantiles(Duration)
    case template(String)
    /// The table of quantiles has to run from 0 to 1.
    case tableEnds
    case tableFalls(quantile: Double)
    case notForKind(key: String, kind: String)
    case duplicateName(String)
    case needsPort
    case needsWindow
    case adapterInAdapter
    case portTaken(Int)
    case burstWithoutRate
    case everyBesideShare

    package var sentence: String {
        switch self {
        case .sharesExceedWhole(let sum):
            "the shares of answers and drops add up to \((sum * 10_000).rounded() / 100) %; "
                + "at most 100 % is allowed"
        case .outOfOrder(let lower, let low, let upper, let high):
            "\(upper) \(high.written) is below \(lower) \(low.written); "
                + "at least \(lower) is allowed"
        case .equalQuantiles(let time):
            "p50 and p99 are both \(time.written); a p99 above p50 is allowed, or constant"
        case .template(let text):
            "\(quoted(text)); a provider has no ${…}, the text as it is sent is allowed"
        case .tableEnds: "the table of quantiles has to begin with 0% and to end with 100%"
        case .tableFalls(let quantile):
            "the table falls at \(quantile); quantiles have to rise, and times must not fall"
        case .notForKind(let key, let kind):
            "key \(quoted(key)) means nothing to a fault of the kind \(quoted(kind))"
        case .duplicateName(let name):
            "another fault is called \(quoted(name)) as well; give each a name of its own"
        case .needsPort: "refusing connections takes a port of its own; give the adapter a port"
        case .needsWindow: "this fault needs a time: after and for, or on: false"
        case .adapterInAdapter: "an adapter has no adapters"
        case .portTaken(let port): "port \(port) is that of another adapter"
        case .burstWithoutRate: "a burst needs a rate"
        case .everyBesideShare: "a fault hits a share of payments or every so many-th, not both"
        }
    }
}
