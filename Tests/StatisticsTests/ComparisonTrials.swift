import Glibc
import Statistics

/// How two arms of a duel come out, over many trials: the intervals against the truth that was planted.
struct ComparisonTrials: Sendable {
    struct Counts {
        var trials = 0
        var coveredByTypical = 0
        var coveredByWhole = 0
        /// Intervals of 95 % that exclude 0 upwards.
        var worseByTypical = 0
        var worseByWhole = 0
        var widthsOfTypical: [Double] = []
        var widthsOfWhole: [Double] = []
        var wholes: [Double] = []
        var verdicts: [ComparisonVerdict] = []

        func share(_ count: Int) -> Double { Double(count) / Double(trials) }
        func share(_ verdict: ComparisonVerdict) -> Double {
            share(verdicts.count { $0 == verdict })
        }
    }

    var duel: Duel
    var seconds = 264.0

    /// One for each quantile. Trial i has the seed `seed` + i.
    func counts(quantiles: [Double], trials: Int, seed: UInt64) -> [Counts] {
        var all = [Counts](repeating: Counts(), count: quantiles.count)
        for trial in 0..<trials {
            let slices = duel.slices(seconds: seconds, seed: seed &+ UInt64(trial))
            for (index, quantile) in quantiles.enumerated() {
                add(.quantile(quantile, slices: slices), to: &all[index])
            }
        }
        return all
    }

    private func add(_ figure: PairedFigure, to counts: inout Counts) {
        guard let typical = figure.typicalShift(confidence: 0.95),
            let whole = figure.wholeShift(confidence: 0.95),
            let compared = ComparedFigure(figure, better: .lower)
        else { return }
        let truth = log(duel.factor)
        counts.trials += 1
        counts.coveredByTypical += typical.lower <= truth && truth <= typical.upper ? 1 : 0
        counts.coveredByWhole += whole.lower <= truth && truth <= whole.upper ? 1 : 0
        counts.worseByTypical += typical.lower > 0 ? 1 : 0
        counts.worseByWhole += whole.lower > 0 ? 1 : 0
        counts.widthsOfTypical.append(typical.upper - typical.lower)
        counts.widthsOfWhole.append(whole.upper - whole.lower)
        counts.wholes.append(exp(whole.value))
        counts.verdicts.append(compared.verdict)
    }

    /// Comparisons of equal arms in which any of p50, p95 and p99 is called better or worse.
    func falseFindings(trials: Int, seed: UInt64) -> Int {
        (0..<trials).count { trial in
            let slices = duel.slices(seconds: seconds, seed: seed &+ UInt64(trial))
            return [0.5, 0.95, 0.99].contains { quantile in
                let figure = PairedFigure.quantile(quantile, slices: slices)
                let verdict = ComparedFigure(figure, better: .lower, comparisons: 3)?.verdict
                return verdict == .better || verdict == .worse
            }
        }
    }
}

/// Failures in two arms: some always, and in outages of 2 s a minute that both arms share, or that
/// each has by itself.
struct FailingArms: Sendable {
    enum Outages: Sendable, CaseIterable { case none, shared, own }

    var outages: Outages
    /// Of the candidate, on top.
    var added = 0.0

    /// 264 s in slices of 4 s, 100 payments a second in each arm, 0.5 % of them failing; in an outage
    /// 30 % more.
    func slices(seed: UInt64) -> [Arms<ShareEstimate.Part>] {
        var draws = Draws(seed: seed)
        let reference = outages == .none ? none : outageShares(&draws)
        let candidate = outages == .own ? outageShares(&draws) : reference
        return zip(reference, candidate).map { reference, candidate in
            Arms(
                reference: part(0.005 + reference, &draws),
                candidate: part(0.005 + added + candidate, &draws))
        }
    }

    private var none: [Double] { [Double](repeating: 0, count: 66) }

    private func outageShares(_ draws: inout Draws) -> [Double] {
        var shares = none
        var start = draws.exponential(mean: 60)
        while start < 264 {
            shares[Int(start / 4)] += 0.15
            start += draws.exponential(mean: 60)
        }
        return shares
    }

    private func part(_ share: Double, _ draws: inout Draws) -> ShareEstimate.Part {
        let count = Int((400 + 20 * draws.normal()).rounded())
        let events = (0..<count).count { _ in draws.uniform() < share }
        return ShareEstimate.Part(events: events, of: count)
    }

    struct Counts {
        var trials = 0
        var different = 0
        var covered = 0
    }

    func counts(trials: Int, seed: UInt64) -> Counts {
        (0..<trials).reduce(into: Counts()) { counts, trial in
            let slices = slices(seed: seed &+ UInt64(trial))
            guard let rate = RateDifference(slices, confidence: 0.95)?.difference else { return }
            counts.trials += 1
            counts.different += rate.lower > 0 || rate.upper < 0 ? 1 : 0
            counts.covered += rate.lower <= added && added <= rate.upper ? 1 : 0
        }
    }
}

/// A reference that runs alone for 10 s, then beside a candidate that may slow it down, then alone.
struct GuardTrials: Sendable {
    var machine: Machine
    /// Of the reference's times beside the candidate.
    var factor = 1.0
    var seconds = 60

    func alarms(trials: Int, seed: UInt64) -> Int {
        (0..<trials).count { trial in
            var job = Job(
                on: machine, seconds: Double(seconds + 20),
                draws: Draws(seed: seed &+ UInt64(trial)))
            func second(_ start: Int, factor: Double) -> Sample {
                job.sample(
                    from: Double(start), for: 1, rate: Duel.rate / 2, factor: factor)
            }
            let before = (0..<10).map { second($0, factor: 1) }
            let together = (10..<10 + seconds).map { second($0, factor: factor) }
            let after = (10 + seconds..<20 + seconds).map { second($0, factor: 1) }
            return Interference(alone: before + after, together: together)?.isPresent == true
        }
    }
}
