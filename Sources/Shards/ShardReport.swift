import Histograms
import Results
import Verdicts

/// What one shard's log tells of it alone, read to its end.
struct ShardReport: Sendable {
    let header: ShardHeader
    let start: RunStart
    let end: RunEnd
    /// Of its machine and of its generator.
    let verdict: Verdict
    let planned: Int
    let started: Int
    /// Of the measured phases; µs, and nil where fewer than five observations lie above p99.
    let lagP99: UInt64?
    let responseTimeP99: UInt64?

    init(_ member: ShardSet.Found) throws(MergeRefusal) {
        let header = member.file.header
        let run: LoggedRun
        do throws(ResultError) {
            run = try LoggedRun.read(
                IntervalLogReader(bytes: member.file.log, name: member.name))
        } catch {
            throw .brokenLog(name: member.name, reason: error.reason)
        }
        guard let end = run.end else {
            throw .brokenLog(name: member.name, reason: "its interval log has no end")
        }
        let identity = run.start.identity
        guard identity.runID == header.runID, identity.seed == header.seed,
            identity.scenarioSHA256 == header.scenarioSHA256
        else {
            throw .brokenLog(
                name: member.name, reason: "its interval log is of another run than its head says")
        }
        self.header = header
        start = run.start
        self.end = end
        verdict = judgeShard(run.record)
        planned = run.record.phases.reduce(0) { $0 + $1.planned }
        started = run.record.phases.reduce(0) { $0 + $1.started }
        let measured = run.record.phases.filter(\.measured)
        lagP99 = measured.p99(\.times.lag)
        responseTimeP99 = measured.p99(\.responseTime)
    }
}

extension [PhaseRecord] {
    private static let fewest: UInt64 = 500

    fileprivate func p99(_ times: (PhaseRecord) -> Histogram) -> UInt64? {
        let all = reduce(into: Histogram()) { $0.add(times($1)) }
        return all.count >= Self.fewest ? all.value(at: 0.99) : nil
    }
}

extension ResultError {
    /// Without the place, which is told beside it.
    fileprivate var reason: String {
        switch self {
        case .corrupt(_, let reason): reason
        case .system, .unknownFormat: description
        }
    }
}
