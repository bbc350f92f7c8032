import Budgets
import Metrics
import Results
import Shards

/// Shards added up, in a result folder like that of a run.
struct MergedResult {
    let summary: Summary
    /// Its path.
    let folder: String

    /// The last frame of the log is written when all else is: a folder that is left halfway is one of a
    /// run that was killed.
    init(
        _ merge: ShardMerge, budgets: [Budget], baseline: BudgetBaseline?, allowMissing: Int,
        in parent: String
    ) throws(ResultError) {
        let identity = merge.start.identity
        let folder = try ResultFolder.create(
            in: parent, name: identity.scenarioName, startedAt: identity.startedAt)
        let log = try folder.log()
        try log.begin(merge.start)
        var latency = try LatencyLogWriter(merge.start, in: folder)
        let reconcile = try folder.reconcile()
        let judge = RunBudgets(budgets, stored: baseline)
        judge.begin(merge.start)
        let record = try merge.add { (interval, settled) throws(ResultError) in
            if let interval {
                try log.append(interval)
                try reconcile.append(interval.uncertain)
                judge.add(interval)
            }
            try latency.append(settled)
            _ = judge.add(settled)
        }
        try latency.finish()
        try reconcile.finish()
        summary = Self.summary(
            of: record, merge, judge: judge, budgets: budgets, allowMissing: allowMissing)
        try folder.write(record, summary, scenario: merge.start.scenario)
        try log.finish(merge.end)
        self.folder = folder.path
    }

    private static func summary(
        of record: Record, _ merge: ShardMerge, judge: RunBudgets, budgets: [Budget],
        allowMissing: Int
    ) -> Summary {
        // Whether there is anything to be told of what was sent.
        let ofPart = merge.verdict(on: record, allowingMissing: .max)
        var summary = Summary(record: record, verdict: ofPart)
        var coverage = merge.coverage()
        coverage.allowedMissing = allowMissing
        summary.budgets = judge.results(summary).map { coverage.seen($0, of: budgets) }
        summary.verdict = merge.verdict(on: record, allowingMissing: allowMissing)
        summary.merge = coverage
        summary.shards = merge.shards()
        return summary
    }
}
