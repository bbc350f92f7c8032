import Results

/// What a shard's own record tells of its generator and its machine. What the target did, and whether
/// there is enough of it, only the sum of all shards tells (`judgeSum`).
package func judgeShard(_ record: Record) -> Verdict {
    let measured = Measured(record)
    let seenByMachine = [
        Doubt.churn(measured, record), Doubt.retransmits(measured, record.host),
    ]
    return Verdict(Doubt.ofGenerator(record, measured) + seenByMachine.compactMap(\.self))
}

/// What the sum of all shards tells, whose generators and machines were judged one by one.
package func judgeSum(_ record: Record) -> Verdict {
    let measured = Measured(record)
    let accounting = record.brokenLaw().map(Doubt.init)
    let late = LateSends(in: measured.openPhases).map(Doubt.init)
    return Verdict(
        [accounting, late].compactMap(\.self) + Doubt.ofTarget(record, measured))
}
