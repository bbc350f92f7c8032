import Arrivals
import Documents
import Metrics

/// What can be wrong with `adapters` and `compare`.
package enum ComparingProblem: Problem, Equatable {
    case adapterCount(Int)
    case secondReference(first: String)
    /// One of the two sections without the other.
    case needs(String, String)
    case duetOfUsers
    /// A block that is over before it has settled.
    case nothingLeft(Duration, block: Duration)
    /// Not enough for a block of each adapter.
    case noRound(Duration, blocks: Int, block: Duration)
    case notCompared(String)
    case aboveCeiling(adapter: String, rate: Rate, ceiling: Rate)

    package var sentence: String {
        switch self {
        case .adapterCount(let count):
            "\(count == 1 ? "1 adapter" : "\(count) adapters"); "
                + "\(Scenario.Adapter.counts.lowerBound) to \(Scenario.Adapter.counts.upperBound) "
                + "are allowed"
        case .secondReference(let first):
            "a second reference beside \(quoted(first)); one adapter is allowed to be it"
        case .needs(let key, let other):
            "\(key) without \(other); "
                + (other == "compare"
                    ? "compare: { rate: 100/s, for: 5m } says how they are measured"
                    : "adapters: { NAME: {…}, NAME: {…} } says what is compared")
        case .duetOfUsers:
            "design: duet with users, who wait for one adapter at a time; allowed: blocks, "
                + "sequential, or a rate"
        case .nothingLeft(let settle, let block):
            "settle \(settle.written) leaves nothing of a block of \(block.written); a shorter "
                + "time is allowed"
        case .noRound(let length, let blocks, let block):
            "for \(length.written) has no room for \(blocks) blocks of \(block.written), one for "
                + "each adapter; allowed: \((block * blocks).written) or more"
        case .notCompared(let name):
            "\(quoted(name)) is not compared; allowed: \(list(Self.forms))"
                + nearest(name, in: Self.forms.filter { !$0.contains("NAME") })
        case .aboveCeiling(let adapter, let rate, let ceiling):
            "rate \(rate.written), but adapter \(quoted(adapter)) is never sent more than "
                + "\(ceiling.written); allowed: up to that"
        }
    }

    private static let forms = [
        "response_time.p99", "response_time.mean", "service_time.p99", "service_time.mean",
        "errors.rate", "in_doubt.rate", "outcome.NAME.rate", "rate.completed",
    ]
}
