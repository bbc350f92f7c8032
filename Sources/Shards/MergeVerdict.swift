import Results
import Verdicts

extension ShardMerge {
    /// Whether the merged run can be believed: what its sum tells, what each shard tells of its machine,
    /// and whether the shards are all there and were of one time.
    ///
    /// - Parameter allowed: shards that may be missing or cut: then it is suspect, and not invalid.
    package func verdict(on record: Record, allowingMissing allowed: Int) -> Verdict {
        let own = judgeSum(record)
        let shards = machineCauses
        let named = Set(shards.map(\.check))
        let merge = faults(allowingMissing: allowed)
        let validity = [
            own.validity, reports.map(\.verdict.validity).max() ?? .valid,
            merge.map(\.validity).max() ?? .valid,
        ].max()
        return Verdict(
            validity: validity ?? .valid,
            causes: merge.sorted { $0.validity > $1.validity }.map(\.cause) + shards
                + own.causes.filter { !named.contains($0.check) })
    }

    /// Of each check the shard that it is worst for, and the others that have it too.
    private var machineCauses: [Verdict.Cause] {
        let ranked = reports.sorted { $0.verdict.validity > $1.verdict.validity }
        var causes: [Verdict.Cause] = []
        for report in ranked {
            for cause in report.verdict.causes {
                guard !causes.contains(where: { $0.check == cause.check }) else { continue }
                let others = ranked.filter { other in
                    other.header.index != report.header.index
                        && other.verdict.causes.contains { $0.check == cause.check }
                }.map(\.header.index)
                var named = cause
                named.advice =
                    "Shard \(report.header.index): \(cause.advice)"
                    + (others.isEmpty ? "" : " The same holds for \(others.shards).")
                causes.append(named)
            }
        }
        return causes
    }

    private func faults(allowingMissing allowed: Int) -> [MergeFault] {
        [
            absence(allowed), lateStarts, steppedClocks, unplanned, unaligned,
            slow("lag", \.lagP99), slow("response time", \.responseTimeP99),
        ].compactMap(\.self)
    }
}

/// A reason to doubt a merged run that no single shard has.
private struct MergeFault {
    var validity: Verdict.Validity
    var cause: Verdict.Cause

    init(
        _ check: String, _ validity: Verdict.Validity, _ value: Double, _ threshold: Double,
        _ advice: String
    ) {
        self.validity = validity
        cause = Verdict.Cause(check: check, value: value, threshold: threshold, advice: advice)
    }
}

extension ShardMerge {
    /// 250 ms: more would move a part of the plan.
    private static let latestStart = 0.25
    /// 50 ms of the wall clock against the monotonic one.
    private static let largestStep = 0.05
    /// Times the median of shards.
    private static let slowness = 2.0
    /// Up to here, in µs, a lag is a core that wakes.
    private static let wakeUp: UInt64 = 100

    private func absence(_ allowed: Int) -> MergeFault? {
        let absent = set.missing.count + set.cut.count
        guard absent > 0 else { return nil }
        let facts = [
            set.missing.isEmpty ? nil : "\(set.missing.shards) left no result",
            set.cut.isEmpty ? nil : "\(set.cut.shards) did not send to the end of the plan",
        ]
        let share = Figures.share(coverage().coveredShare)
        return MergeFault(
            "shards.missing", absent > allowed ? .invalid : .suspect, Double(absent),
            Double(allowed),
            facts.compactMap(\.self).joined(separator: "; ").capitalized
                + ": the target saw \(share) of the planned load, and every figure is of that part. "
                + "Run all shards again under a new run id; one that is repeated alone meets "
                + "another target. \(whereabouts)")
    }

    /// Of payments that are in nobody's books here.
    private var whereabouts: String {
        let missing = set.missing
        return missing.isEmpty
            ? "Payments that are in doubt are in reconcile.csv."
            : "What \(missing.shards) sent is in the result folder on its own machine, where it "
                + "left one: paybench report lists payments without an answer."
    }

    private var lateStarts: MergeFault? {
        let late = reports.max { abs($0.startLate) < abs($1.startLate) }
        guard let late, abs(late.startLate) > Self.latestStart else { return nil }
        let side = late.startLate < 0 ? "before" : "after"
        return MergeFault(
            "shards.start", .invalid, late.startLate, Self.latestStart,
            "Shard \(late.header.index) started \(Figures.length(seconds: abs(late.startLate))) "
                + "\(side) the start that was asked for: its part of the plan lay at another time.")
    }

    private var steppedClocks: MergeFault? {
        let stepped = reports.max { abs($0.clockStep) < abs($1.clockStep) }
        guard let stepped, abs(stepped.clockStep) > Self.largestStep else { return nil }
        return MergeFault(
            "shards.clock", .invalid, stepped.clockStep, Self.largestStep,
            "The wall clock of shard \(stepped.header.index) moved by "
                + "\(Figures.duration(microseconds: UInt64(abs(stepped.clockStep) * 1e6))) while it "
                + "ran: when it started is not known. Keep the clock disciplined.")
    }

    private var unplanned: MergeFault? {
        guard let lost = lostArrivals else { return nil }
        return MergeFault(
            "shards.plan", .invalid, Double(lost.planned), Double(lost.byPlan),
            "The shards planned \(Figures.count(lost.planned)) payments together, and the plan has "
                + "\(Figures.count(lost.byPlan)): they did not send one plan.")
    }

    private var unaligned: MergeFault? {
        guard !alignment.isAligned else { return nil }
        let apart = alignment.bound.map { "may be \(Figures.length(seconds: $0)) apart" }
        return MergeFault(
            "shards.aligned", .suspect, alignment.bound ?? -1, ClockAlignment.most,
            "The clocks of the shards \(apart ?? "are not known to agree"): a second of the "
                + "timeline is not the same second for all. Totals and histograms are right. Use a "
                + "barrier, or a time service.")
    }

    private func slow(_ what: String, _ figure: (ShardReport) -> UInt64?) -> MergeFault? {
        let known = reports.filter { figure($0) != nil }
        let sorted = known.compactMap(figure).sorted()
        guard sorted.count > 1, let slowest = known.max(by: { figure($0) ?? 0 < figure($1) ?? 0 }),
            let worst = figure(slowest)
        else { return nil }
        // Of two in the middle the lower one, or of two shards none could be slow.
        let median = sorted[(sorted.count - 1) / 2]
        guard Double(worst) > Self.slowness * Double(median), worst > Self.wakeUp else {
            return nil
        }
        return MergeFault(
            what == "lag" ? "shards.lag" : "shards.slow", .suspect,
            Double(worst) / Double(max(1, median)), Self.slowness,
            "Shard \(slowest.header.index) is slow: its p99 \(what), "
                + "\(Figures.duration(microseconds: worst)), is more than twice the median of the "
                + "shards, \(Figures.duration(microseconds: median)). Look at its machine and its way "
                + "to the target.")
    }
}

extension ShardReport {
    /// Seconds behind the start that was asked for.
    var startLate: Double {
        Double(header.clock.startActual - header.clock.startAsked) / 1e9
    }

    var clockStep: Double { Double(header.clock.step) / 1e9 }
}

extension [Int] {
    /// `shard 2`, `shards 2 and 3`.
    fileprivate var shards: String {
        let names = map(String.init)
        guard names.count > 1, let last = names.last else { return "shard \(names.joined())" }
        return "shards \(names.dropLast().joined(separator: ", ")) and \(last)"
    }
}

extension String {
    /// With a capital at its beginning.
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}

extension ShardMerge {
    /// One for each shard of the plan, in their order.
    package func shards() -> [Summary.Shard] {
        let bounds = alignment.bounds
        return (0..<set.expected).map { index in
            guard let place = reports.firstIndex(where: { $0.header.index == index }) else {
                return Summary.Shard(index: index, state: .missing)
            }
            return Summary.Shard(reports[place], clockBound: bounds[place])
        }
    }
}

extension Summary.Shard {
    fileprivate init(_ report: ShardReport, clockBound: Double?) {
        let header = report.header
        self.init(index: header.index, state: header.isComplete ? .whole : .cut)
        hostHash = header.hostHash
        tool = header.toolVersion
        libcurl = header.libcurlVersion
        ending = report.end.ending
        startedAt =
            Timestamp(secondsSince1970: Double(header.clock.startActual) / 1e9).rfc3339
        startLate = report.startLate
        clockStep = report.clockStep
        self.clockBound = clockBound
        planned = report.planned
        started = report.started
        lagP99 = report.lagP99
        responseTimeP99 = report.responseTimeP99
    }
}
