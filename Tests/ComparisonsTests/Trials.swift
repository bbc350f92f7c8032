import Comparisons
import Dispatch
import Glibc
import Metrics
import Results
import Synchronization

/// What the machine does to all adapters alike, by second.
enum Weather: String, CaseIterable {
    case calm
    /// SHARED of `truth.md`, 5.1: a slow wander and a fast one, and bursts.
    case noisy
    /// From 30 % quicker to 30 % slower.
    case drifting
    /// From 30 % slower to 30 % quicker.
    case easing

    func factors(seconds: Int, _ draws: inout Draws) -> [Double] {
        switch self {
        case .calm: return [Double](repeating: 1, count: seconds)
        case .drifting: return (0..<seconds).map { 0.7 + 0.6 * Double($0) / Double(seconds) }
        case .easing: return (0..<seconds).map { 1.3 - 0.6 * Double($0) / Double(seconds) }
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
    static let times: [Metric] = quantiles.map { .time(.responseTime, .percentile($0.percent)) }

    var metrics: [Metric] = Self.times + [.errors(.rate)]
    /// Then verdicts count that any look has.
    var endsWhenDecided = false
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
        return try duel.book(
            ComparisonSettings(metrics: metrics), endsWhenDecided: endsWhenDecided)
    }

    /// At its end, or at its looks, the end among them.
    private func judges(of book: ComparisonBook) -> [ComparisonJudge] {
        let material = book.material
        let looks: [Int?] = book.looks.isEmpty ? [nil] : book.looks
        return looks.compactMap { ComparisonJudge(material, book.settings, slices: $0) }
    }

    /// Verdicts of the usual 5 % and 95 %, and of intervals how many hold what was planted.
    struct Counts {
        var trials = 0
        /// In which an adapter was called better or worse by any metric; of any adapter, and of each.
        var toldApart = 0
        var apart: [String: Int] = [:]
        /// By metric and adapter: how often it was called worse, and better.
        var worse: [String: Int] = [:]
        var better: [String: Int] = [:]
        /// By adapter: how often a code was said to differ.
        var codes: [String: Int] = [:]
        /// By metric: of intervals of 95 %, those that hold the truth; of the typical slice, of the whole
        /// run, and of shares.
        var typical: [Held] = [Held](repeating: Held(), count: quantiles.count)
        var whole: [Held] = [Held](repeating: Held(), count: quantiles.count)
        var share = Held()

        mutating func add(_ other: Counts) {
            trials += other.trials
            toldApart += other.toldApart
            apart.merge(other.apart, uniquingKeysWith: +)
            worse.merge(other.worse, uniquingKeysWith: +)
            better.merge(other.better, uniquingKeysWith: +)
            codes.merge(other.codes, uniquingKeysWith: +)
            for place in typical.indices {
                typical[place].add(other.typical[place])
                whole[place].add(other.whole[place])
            }
            share.add(other.share)
        }

        func shareWorse(_ metric: String, _ adapter: String) -> Double {
            Double(worse["\(metric) \(adapter)"] ?? 0) / Double(max(1, trials))
        }

        func shareBetter(_ metric: String, _ adapter: String) -> Double {
            Double(better["\(metric) \(adapter)"] ?? 0) / Double(max(1, trials))
        }
    }

    struct Held {
        var held = 0
        var all = 0
        /// As a whole above 0.
        var above = 0
        private var widths = 0.0
        var share: Double { Double(held) / Double(max(1, all)) }
        var shareAbove: Double { Double(above) / Double(max(1, all)) }
        /// On average.
        var width: Double { widths / Double(max(1, all)) }

        mutating func add(_ other: Held) {
            held += other.held
            all += other.all
            above += other.above
            widths += other.widths
        }

        mutating func add(_ change: Comparisons.Comparison.Change?, holds truth: Double) {
            guard let change else { return }
            let lower = change.lower ?? -.infinity
            let upper = change.upper ?? .infinity
            all += 1
            widths += upper - lower
            if (lower...upper).contains(truth) { held += 1 }
            if lower > 0 { above += 1 }
        }
    }

    /// On all cores; the same whatever their number.
    ///
    /// - Parameter covers: whether intervals are compared with the truth, too.
    func counts(trials: Int, seed: UInt64, covers: Bool) throws -> Counts {
        let parts = Mutex<[Int: Result<Counts, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: trials) { trial in
            let part = Result { try counts(seed: seed &+ UInt64(trial), covers: covers) }
            parts.withLock { $0[trial] = part }
        }
        let all = parts.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
        return try all.reduce(into: Counts()) { $0.add(try $1.get()) }
    }

    /// Of one trial.
    private func counts(seed: UInt64, covers: Bool) throws -> Counts {
        var counts = Counts()
        let book = try book(seed: seed)
        let judges = judges(of: book)
        counts.trials = 1
        let found = judges.flatMap(\.verdicts).filter {
            $0.verdict == .better || $0.verdict == .worse
        }
        if !found.isEmpty { counts.toldApart = 1 }
        for adapter in found.map(\.adapter) { counts.apart[adapter] = 1 }
        for judged in found {
            let name = "\(judged.metric) \(judged.adapter)"
            if judged.verdict == .worse { counts.worse[name] = 1 } else { counts.better[name] = 1 }
        }
        for codes in judges.last?.codes ?? [] where codes.entries.contains(where: \.differs) {
            counts.codes[codes.adapter] = 1
        }
        if covers { cover(book, &counts) }
        return counts
    }

    /// With each interval at 95 %, whatever the family.
    private func cover(_ book: ComparisonBook, _ counts: inout Counts) {
        let family = Double(conducts.count - 1)
        let material = book.material
        func verdicts(
            _ metrics: [Metric], estimators: Double
        ) -> [(judged: Comparisons.Comparison.Judged, conduct: Conduct)] {
            guard !metrics.isEmpty else { return [] }
            let error = 0.05 * estimators * family * Double(metrics.count)
            let settings = ComparisonSettings(metrics: metrics, confidence: 1 - error)
            let all = ComparisonJudge(material, settings)?.verdicts ?? []
            return all.compactMap { judged in
                conducts.indices.first { "arm\($0)" == judged.adapter }
                    .map { (judged, conducts[$0]) }
            }
        }
        for (judged, conduct) in verdicts(metrics.filter(Self.times.contains), estimators: 2) {
            guard let place = Self.times.firstIndex(where: { $0.name == judged.metric }) else {
                continue
            }
            let normal = Self.quantiles[place].normal
            let truth = expm1(conduct.shift(from: conducts[0], normal: normal))
            counts.typical[place].add(judged.typical, holds: truth)
            counts.whole[place].add(judged.whole, holds: truth)
        }
        let shares = metrics.filter { $0 == .errors(.rate) }
        for (judged, conduct) in verdicts(shares, estimators: 1) {
            counts.share.add(
                judged.difference, holds: conduct.failing - conducts[0].failing)
        }
    }
}
