import Results

/// A run that several machines sent.
extension TextReport {
    private static let mostShards = 16

    /// nil where all of the plan was sent.
    var coverage: String? {
        guard let merge = summary.merge, !merge.isWhole else { return nil }
        return "\(merge.whole) of \(merge.expected) shards: every figure is of "
            + "\(Figures.share(merge.coveredShare)) of the planned load."
    }

    var shards: [String] {
        guard let shards = summary.shards else { return [] }
        let header = [
            "shard", "", "machine", "planned", "started", "start", "lag p99", "p99",
        ]
        let rows = shards.prefix(Self.mostShards).map { shard in
            [
                "\(shard.index)", shard.state.rawValue,
                (shard.hostHash ?? Figures.none).printable.clipped(to: 12),
                shard.planned.map(Figures.count) ?? Figures.none,
                shard.started.map(Figures.count) ?? Figures.none,
                shard.shownStart, Figures.duration(microseconds: shard.lagP99),
                Figures.duration(microseconds: shard.responseTimeP99),
            ]
        }
        let rest = shards.count - Self.mostShards
        return Table(words: 3, rows: [header] + rows).lines()
            + (rest > 0 ? ["and \(Figures.count(rest)) more shards"] : [])
    }
}

extension Summary.Shard {
    /// Against the start that was asked for: `+1.20 ms`.
    fileprivate var shownStart: String {
        guard let startLate, startLate.magnitude < 1e9 else { return Figures.none }
        let microseconds = (startLate * 1e6).rounded()
        return (microseconds < 0 ? "-" : "+")
            + Figures.duration(microseconds: UInt64(microseconds.magnitude))
    }
}
