import Comparisons
import Glibc
import Metrics
import Results

/// What the machine does to all adapters alike, by second.
enum Weather: String, CaseIterable {
    case calm
    /// SHARED of `truth.md`, 5.1: a slow wander and a fast one, and bursts.
    case noisy
    /// From 30 % quicker to 30 % slower.
    case drifting

    func factors(seconds: Int, _ draws: inout Draws) -> [Double] {
        switch self {
        case .calm: return [Double](repeating: 1, count: seconds)
        case .drifting: return (0..<seconds).map { 0.7 + 0.6 * Double($0) / Double(seconds) }
        case .noisy: return Self.noise(seconds: seconds, &draws)
        }
    }

    private static func noise(seconds: Int, _ draws: inout Draws) -> [Double] {
        var logs = [Double](repeating: 0, count: seconds)
        for (deviation, constant) in [(0.03, 60.0), (0.05, 2.0)] {
            let correlation = exp(-1 / constant)
            var level = draws.normal()
            for second in logs.indices {
                logs[second] += deviation * level
                level =
                    correlation * level
                    + (1 - correlation * correlation).squareRoot() * draws.normal()
            }
        }
        for second in logs.indices where Double.random(in: 0..<1, using: &draws) < 1.0 / 60 {
            let leap = log(Double.random(in: 2...3, using: &draws))
            let length = Int.random(in: 1...2, using: &draws)
            for later in second..<min(seconds, second + length) { logs[later] += leap }
        }
        return logs.map { exp($0) }
    }
}

extension Conduct {
    /// The logarithm of its times against another's of the same spread, at a quantile with `normal`
    /// standard deviations above the median.
    func shift(from other: Conduct, normal: Double) -> Double {
        log(median / other.median) + max(0, normal) * log(stretch / other.stretch)
    }
}

/// Comparisons that never were of adapters of which all is known, through the code that judges those
/// that were. Trial i has the seed `seed` + i.
struct PlantedTrials {
    /// With the standard deviations that each quantile lies above the median.
    static let quantiles: [(percent: Double, normal: Double)] = [
        (50, 0), (95, 1.6448536), (99, 2.3263479),
    ]
    static let metrics: [Metric] =
        quantiles.map { .time(.responseTime, .percentile($0.percent)) } + [.errors(.rate)]

    var kind: RunDesign.Kind
    var weather = Weather.calm
    var seconds = 264
    /// In all: in a duet each has its part, else each has them all in its turn.
    var perSecond = 200
    /// The first is the reference.
    var conducts: [Conduct]

    /// One comparison, ready to be judged.
    func book(seed: UInt64) throws -> ComparisonBook {
        var draws = Draws(seed &+ 0x5EED)
        var duel = SyntheticDuel(seed: seed, kind, seconds: seconds, conducts)
        let factors = weather.factors(seconds: seconds, &draws)
        duel.weather = { factors[min($0, factors.count - 1)] }
        duel.perSecond = kind == .duet ? perSecond / conducts.count : perSecond
        return try duel.book(ComparisonSettings(metrics: Self.metrics))
    }

    /// Verdicts of the usual 5 % and 95 %, and of intervals how many hold what was planted.
    struct Counts {
        var trials = 0
        /// In which an adapter was called better or worse by any metric; of any adapter, and of each.
        var toldApart = 0
        var apart: [String: Int] = [:]
        /// By metric and adapter: how often it was called worse.
        var worse: [String: Int] = [:]
        /// By adapter: how often a code was said to differ.
        var codes: [String: Int] = [:]
        /// By metric: of intervals of 95 %, those that hold the truth; of the typical slice, of the whole
        /// run, and of shares.
        var typical: [Held] = [Held](repeating: Held(), count: quantiles.count)
        var whole: [Held] = [Held](repeating: Held(), count: quantiles.count)
        var share = Held()

        func shareWorse(_ metric: String, _ adapter: String) -> Double {
            Double(worse["\(metric) \(adapter)"] ?? 0) / Double(trials)
        }
    }

    struct Held {
        var held = 0
        var all = 0
        var share: Double { Double(held) / Double(max(1, all)) }

        mutating func add(_ change: Comparisons.Comparison.Change?, holds truth: Double) {
            guard let change else { return }
            all += 1
            let isAbove = change.lower.map { $0 <= truth } ?? true
            let isBelow = change.upper.map { truth <= $0 } ?? true
            if isAbove, isBelow { held += 1 }
        }
    }

    /// - Parameter covers: whether intervals are compared with the truth, too.
    func counts(trials: Int, seed: UInt64, covers: Bool) throws -> Counts {
        var counts = Counts()
        for trial in 0..<trials {
            let book = try book(seed: seed &+ UInt64(trial))
            guard let judge = ComparisonJudge(book.material, book.settings) else { continue }
            counts.trials += 1
            let verdicts = judge.verdicts
            let found = verdicts.filter { $0.verdict == .better || $0.verdict == .worse }
            if !found.isEmpty { counts.toldApart += 1 }
            for adapter in Set(found.map(\.adapter)) { counts.apart[adapter, default: 0] += 1 }
            for judged in found where judged.verdict == .worse {
                counts.worse["\(judged.metric) \(judged.adapter)", default: 0] += 1
            }
            for codes in judge.codes where codes.entries.contains(where: \.differs) {
                counts.codes[codes.adapter, default: 0] += 1
            }
            if covers { cover(book, &counts) }
        }
        return counts
    }

    /// With each interval at 95 %, whatever the family.
    private func cover(_ book: ComparisonBook, _ counts: inout Counts) {
        let family = Double(Self.metrics.count * (conducts.count - 1))
        func verdicts(_ estimators: Double) -> [Comparisons.Comparison.Judged] {
            let settings = ComparisonSettings(
                metrics: Self.metrics, confidence: 1 - 0.05 * estimators * family)
            return ComparisonJudge(book.material, settings)?.verdicts ?? []
        }
        for judged in verdicts(2) where judged.difference == nil {
            guard let arm = conducts.indices.first(where: { "arm\($0)" == judged.adapter }),
                let place = Self.metrics.firstIndex(where: { $0.name == judged.metric })
            else { continue }
            let normal = Self.quantiles[place].normal
            let truth = expm1(conducts[arm].shift(from: conducts[0], normal: normal))
            counts.typical[place].add(judged.typical, holds: truth)
            counts.whole[place].add(judged.whole, holds: truth)
        }
        for judged in verdicts(1) where judged.difference != nil {
            guard let arm = conducts.indices.first(where: { "arm\($0)" == judged.adapter }) else {
                continue
            }
            let truth = conducts[arm].failing - conducts[0].failing
            counts.share.add(judged.difference, holds: truth)
        }
    }
}
