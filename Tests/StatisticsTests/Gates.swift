import Glibc
import Statistics

/// What a gate said, over many trials.
struct Tally {
    var trials = 0
    var fails = 0
    var inconclusive = 0
    /// Of load.
    var seconds = 0.0

    var failShare: Double { Double(fails) / Double(trials) }
    var inconclusiveShare: Double { Double(inconclusive) / Double(trials) }
    var meanSeconds: Double { seconds / Double(trials) }

    mutating func add(_ decision: BudgetDecision, after seconds: Double) {
        trials += 1
        fails += decision == .fail ? 1 : 0
        inconclusive += decision == .inconclusive ? 1 : 0
        self.seconds += seconds
    }

    mutating func add(_ other: Tally) {
        trials += other.trials
        fails += other.fails
        inconclusive += other.inconclusive
        seconds += other.seconds
    }

    mutating func add(failsIf fails: Bool, after seconds: Double) {
        add(fails ? .fail : .pass, after: seconds)
    }
}

/// A budget `p95 <= baseline + 5%` beside a baseline: the five looks of the design.
struct RelativeGate: Sendable {
    static let allowed = Allowance.more(0.05)
    /// What both arms of a slice are measured, without settling.
    private static let measured = 4.0

    var duel: Duel
    var looks = Looks(budgets: 1)
    var quantile = 0.95

    /// Trial i has the seed `seed` + i.
    func tally(trials: Int, seed: UInt64) -> Tally {
        (0..<trials).reduce(into: Tally()) { tally, trial in
            let end = decide(seed: seed &+ UInt64(trial))
            tally.add(end.decision, after: end.seconds)
        }
    }

    func decide(seed: UInt64) -> (decision: BudgetDecision, seconds: Double) {
        let slices = looks.seconds.map { Int(Double($0) / Self.measured) }
        let most = Double(slices.last ?? 0) * duel.design.slice
        var bout = Bout(of: duel, seconds: most, seed: seed)
        var measured: [Arms<Sample>] = []
        for count in slices {
            measured += bout.slices(count - measured.count)
            let decision = looks.judgement(
                of: .quantile(quantile, slices: measured), allowed: Self.allowed
            ).decision
            if decision != .inconclusive {
                return (decision, Double(count) * duel.design.slice)
            }
        }
        return (.inconclusive, most)
    }
}

/// p95 of whole runs on a machine, each a job of its own.
struct Runs {
    let machine: Machine
    let seed: UInt64
    /// The p95 that runs have on average, long ones.
    let nominal: Double
    /// p95 of runs of a minute without a change.
    let stored: [Double]

    init(on machine: Machine, stored: Int = 300, seed: UInt64) {
        self.machine = machine
        self.seed = seed
        let long = (0..<(stored / 3)).map { index in
            Self.run(on: machine, seconds: 600, factor: 1, seed: seed &+ UInt64(index)).level
        }
        nominal = long.sorted()[long.count / 2]
        self.stored = (0..<stored).map { index in
            Self.run(on: machine, seconds: 60, factor: 1, seed: seed &+ 1000 &+ UInt64(index))
                .level
        }
    }

    static func run(
        on machine: Machine, seconds: Double, factor: Double, seed: UInt64
    ) -> Sample {
        var job = Job(on: machine, seconds: seconds, draws: Draws(seed: seed &* 7919))
        return job.sample(from: 0, for: seconds, rate: Duel.rate, factor: factor)
    }

    /// Of the logarithms of the stored ones.
    var spread: Double {
        let logarithms = stored.map { log($0) }
        let mean = logarithms.reduce(0, +) / Double(stored.count)
        let squares = logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(stored.count)).squareRoot()
    }

    /// What the rules of the design's table say, `truth.md`, 6.2, in its order.
    struct Table {
        var fixed = Tally()
        var retried = Tally()
        var overOne = Tally()
        var overOneTenth = Tally()
        var overMedian = Tally()
        var afterBaseline = Tally()
        var absolute = Tally()
        var widened = Tally()
        var history = Tally()
    }

    /// - Parameter ceiling: of the absolute budgets, times the nominal value.
    func table(factor: Double, ceiling: Double, trials: Int) -> Table {
        (0..<trials).reduce(into: Table()) { table, trial in
            var draws = Draws(seed: seed &+ 100_000 &+ UInt64(trial))
            let seeds = (0..<5).map { _ in draws.next() >> 20 }
            let levels = seeds.prefix(3).map { seed in
                Self.run(on: machine, seconds: 60, factor: factor, seed: seed).level
            }
            naive(levels, base: seeds[3], factor: factor, &draws, &table)
            history(levels, &draws, &table)
            absolute(factor, ceiling, seed: seeds[4], &draws, &table)
        }
    }

    private func naive(
        _ levels: [Double], base: UInt64, factor: Double, _ draws: inout Draws,
        _ table: inout Table
    ) {
        let limit = 1.1 * nominal
        table.fixed.add(failsIf: levels[0] > limit, after: 60)
        let tries = levels.firstIndex { $0 <= limit } ?? 2
        table.retried.add(
            failsIf: levels.allSatisfy { $0 > limit }, after: Double(60 * (tries + 1)))
        let one = stored[Int.random(in: stored.indices, using: &draws)]
        table.overOne.add(failsIf: levels[0] > 1.05 * one, after: 60)
        table.overOneTenth.add(failsIf: levels[0] > 1.1 * one, after: 60)
        let ten = stored.shuffled(using: &draws).prefix(10).sorted()
        table.overMedian.add(failsIf: levels[0] > 1.05 * (ten[4] + ten[5]) / 2, after: 60)
        var job = Job(on: machine, seconds: 122, draws: Draws(seed: base))
        let baseline = job.sample(from: 0, for: 60, rate: Duel.rate).level
        let candidate = job.sample(from: 61, for: 60, rate: Duel.rate, factor: factor).level
        table.afterBaseline.add(failsIf: candidate > 1.05 * baseline, after: 120)
    }

    private func history(_ levels: [Double], _ draws: inout Draws, _ table: inout Table) {
        let runs = Array(stored.shuffled(using: &draws).prefix(RunHistory.fewestRuns))
        guard let history = RunHistory(runs) else { return }
        for count in 1...RunHistory.mostRuns {
            let decision = history.decision(
                of: Array(levels.prefix(count)), allowed: RelativeGate.allowed)
            if decision != .inconclusive || count == RunHistory.mostRuns {
                table.history.add(decision, after: Double(60 * count))
                return
            }
        }
    }

    /// One run, longer and longer: by its own interval, and by that and what runs differ.
    private func absolute(
        _ factor: Double, _ ceiling: Double, seed: UInt64, _ draws: inout Draws,
        _ table: inout Table
    ) {
        let runs = Array(stored.shuffled(using: &draws).prefix(RunHistory.fewestRuns))
        let gate = AbsoluteGate(
            limit: .atMost(ceiling * nominal), history: RunHistory(runs))
        let studies = AbsoluteGate.studies(on: machine, factor: factor, seed: seed)
        gate.decide(studies, into: &table.absolute) { gate.alone($0) }
        gate.decide(studies, into: &table.widened) { gate.widened($0) }
    }
}

/// An absolute budget of p95: one run, looked at after one, two and three minutes.
struct AbsoluteGate {
    static let looks = Looks(at: Looks.ofRuns, budgets: 1)

    var limit: Limit
    var history: RunHistory?

    /// The run as each look sees it.
    static func studies(on machine: Machine, factor: Double, seed: UInt64) -> [QuantileStudy] {
        var job = Job(on: machine, seconds: 180, draws: Draws(seed: seed))
        let parts = (0..<60).map { part in
            job.sample(from: Double(3 * part), for: 3, rate: Duel.rate, factor: factor)
        }
        return looks.seconds.compactMap { seconds in
            let parts = Array(parts.prefix(seconds / 3))
            return Slicing(parts: parts.count).map { slicing in
                QuantileStudy(
                    slices: slicing.grouped(parts).map { Sample(merging: $0) },
                    seconds: Double(seconds))
            }
        }
    }

    func decide(
        _ studies: [QuantileStudy], into tally: inout Tally,
        by rule: (QuantileStudy) -> BudgetDecision
    ) {
        for study in studies {
            let decision = rule(study)
            if decision != .inconclusive { return tally.add(decision, after: study.seconds) }
        }
        tally.add(.inconclusive, after: Double(Self.looks.seconds.last ?? 0))
    }

    /// By the run's own interval.
    func alone(_ study: QuantileStudy) -> BudgetDecision {
        Self.looks.decision(ofQuantile: 0.95, in: study, limit: limit)
    }

    /// By that and what runs differ.
    func widened(_ study: QuantileStudy) -> BudgetDecision {
        guard let history,
            let estimate = study.estimate(at: 0.95, confidence: Self.looks.confidence),
            let lower = estimate.lower, let upper = estimate.upper
        else { return .inconclusive }
        let wide = history.widened(value: estimate.value, lower: lower, upper: upper)
        return limit.decision(lower: wide.lowerBound, upper: wide.upperBound)
    }
}

extension Sample {
    /// p95.
    var level: Double { bin(at: 0.95)?.high ?? .nan }
}
