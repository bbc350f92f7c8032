import Budgets
import Glibc
import Histograms
import Metrics
import Payments
import Results
import Statistics

/// Judges what was gathered (`truth.md`, 5).
package struct ComparisonJudge: Sendable {
    /// The generator's lateness at p95 as a part of the response time there, and in µs: more of both, and
    /// a slice tells of the generator.
    private static let mostLateness = 0.2
    private static let leastLateness = 1000.0
    /// With more of the slices dropped there is nothing to believe.
    package static let mostDropped = 0.2
    /// Fewer of its payments got an answer: the adapter is down.
    private static let fewestAnswered = 0.1
    /// With more errors, times are those of refusals.
    private static let mostErrors = 0.5
    /// Of shares that are near 0: the margin is never less than this part of `equivalentWithin`.
    private static let leastShare = 0.04

    let settings: ComparisonSettings
    let material: ComparisonMaterial
    /// Of all adapters, in order.
    let keys: [Int]
    let dropped: [Comparison.Dropped]
    private let reference: ComparedArm

    /// nil where no adapter is the reference.
    ///
    /// - Parameter slices: only so many of the first ones, where a look decided by them.
    package init?(
        _ material: ComparisonMaterial, _ settings: ComparisonSettings, slices: Int? = nil
    ) {
        guard let reference = material.arms.first(where: \.isReference) else { return nil }
        self.settings = settings
        self.material = material
        self.reference = reference
        let common = material.arms.dropFirst().reduce(
            Set(material.arms.first.map { Array($0.slices.keys) } ?? [])
        ) { $0.intersection($1.slices.keys) }
        let late = common.sorted().prefix(slices ?? .max).compactMap {
            Self.lateness(of: $0, material.arms)
        }
        dropped = late
        let left = Set(late.map(\.slice))
        keys = common.sorted().prefix(slices ?? .max).filter { !left.contains($0) }
    }

    private static func lateness(of slice: Int, _ arms: [ComparedArm]) -> Comparison.Dropped? {
        let parts = arms.compactMap { $0.slices[slice] }
        let lag = arms.reduce(into: CompactHistogram()) { sum, arm in
            for second in arm.slices[slice]?.seconds ?? [] {
                if let lag = arm.lags[second] { sum.add(lag) }
            }
        }
        let late = lag.histogram.value(at: 0.95).map { Double($0) } ?? 0
        let times = parts.compactMap { $0.parts.first?.durations.histogram.value(at: 0.95) }
        guard late > leastLateness, let fastest = times.min(), fastest > 0 else { return nil }
        let share = late / Double(fastest)
        guard share > mostLateness else { return nil }
        return Comparison.Dropped(
            slice: slice, start: parts.flatMap(\.seconds).min() ?? 0, lateness: share)
    }

    private var candidates: [ComparedArm] { material.arms.filter { !$0.isReference } }

    private var comparisons: Int {
        max(1, settings.metrics.count * candidates.count * settings.looks)
    }

    package var confidenceEach: Double {
        1 - (1 - settings.confidence) / Double(2 * comparisons)
    }

    /// By adapter, then by metric.
    package var verdicts: [Comparison.Judged] {
        candidates.flatMap { arm in settings.metrics.map { judged(arm, $0) } }
    }

    package var isDecided: Bool { !verdicts.contains { $0.verdict == .cannotTell } }

    package var interferes: Bool {
        material.design == .duet && material.interference?.isPresent ?? false
    }
}

extension ComparisonJudge {
    func whole(_ arm: ComparedArm, _ metric: Metric) -> BudgetPart {
        keys.reduce(into: BudgetPart()) { sum, key in
            if let part = arm.slices[key]?.parts[index(of: metric)] { sum.add(part) }
        }
    }

    private func index(of metric: Metric) -> Int {
        Metric.sources(of: settings.metrics).firstIndex(of: metric.source) ?? 0
    }

    func value(_ arm: ComparedArm, _ metric: Metric) -> Double? {
        let all = whole(arm, metric)
        guard case .rate = metric else { return all.level(of: metric) }
        let seconds = keys.reduce(0) { $0 + arm.seconds(ofSlice: $1) }
        return seconds > 0 ? Double(all.events) / seconds : nil
    }

    func errorRate(_ arm: ComparedArm) -> Double {
        whole(arm, .errors(.rate)).level(of: .errors(.rate)) ?? 0
    }

    func outcomes(_ arm: ComparedArm) -> [Int] {
        keys.reduce(into: [Int](repeating: 0, count: Outcome.allCases.count)) { sums, key in
            for (index, count) in (arm.slices[key]?.outcomes ?? []).enumerated() {
                sums[index] += count
            }
        }
    }

    /// By all slices: those that tell nothing of times tell this all the same.
    func isDown(_ arm: ComparedArm) -> Bool {
        let lost = [Outcome.notSent, .inDoubt].map { Int($0.rawValue) }
        let parts = arm.slices.values
        let all = parts.reduce(0) { $0 + $1.outcomes.reduce(0, +) }
        let unanswered = parts.reduce(0) { sum, part in
            lost.reduce(sum) { $0 + part.outcomes[$1] }
        }
        return all > 0 && Double(all - unanswered) < Self.fewestAnswered * Double(all)
    }

    func pairs(_ arm: ComparedArm, _ metric: Metric) -> [Arms<BudgetPart>] {
        let index = index(of: metric)
        return keys.compactMap { key in
            guard let own = arm.slices[key]?.parts[index],
                let other = reference.slices[key]?.parts[index]
            else { return nil }
            return Arms(reference: other, candidate: own)
        }
    }

    private func judged(_ arm: ComparedArm, _ metric: Metric) -> Comparison.Judged {
        let base = value(reference, metric)
        var judged = Comparison.Judged(
            adapter: arm.name, metric: metric.name, unit: BudgetResult.Unit(metric),
            reference: base, value: value(arm, metric), verdict: .cannotTell,
            margin: margin(of: metric, base: base), isMaterial: false, differsInShape: false)
        guard let figure = figure(arm, metric, margin: judged.margin) else {
            judged.reason = "there is no value above 0 to compare"
            return judged
        }
        judged.take(figure, isShare: metric.isShare)
        if let reason = doubt(arm, metric, figure) {
            judged.withdraw(reason)
        } else if judged.verdict == .cannotTell {
            judged.secondsToSettle = judged.slicesToSettle.map { $0 * material.sliceSeconds }
            if figure.slices < ComparedFigure.fewestSlices {
                judged.reason =
                    "\(figure.slices) slices, and it takes \(ComparedFigure.fewestSlices)"
            } else if judged.differsInShape {
                judged.reason = "the shape differs: look at the shift"
            }
        }
        return judged
    }

    /// Why a verdict would mislead.
    private func doubt(
        _ arm: ComparedArm, _ metric: Metric, _ figure: ComparedFigure
    ) -> String? {
        for side in [reference, arm] where isDown(side) { return "\(side.name) is down" }
        if metric.isTime {
            for side in [reference, arm] where errorRate(side) > Self.mostErrors {
                return "\(Figures.share(errorRate(side))) of the payments to \(side.name) failed: "
                    + "these times are of failures"
            }
        }
        if interferes, figure.verdict == .equivalent {
            return "the adapters interfere, which hides differences"
        }
        return nil
    }

    private func margin(of metric: Metric, base: Double?) -> Double {
        guard metric.isShare else { return settings.equivalentWithin }
        return settings.equivalentWithin * max(base ?? 0, Self.leastShare)
    }

    private func figure(
        _ arm: ComparedArm, _ metric: Metric, margin: Double
    ) -> ComparedFigure? {
        let pairs = pairs(arm, metric)
        let better: BetterDirection = metric.isBetterHigher ? .higher : .lower
        if metric.isShare {
            return ComparedFigure(
                shares: pairs.map(\.shares), better: better, margin: margin,
                comparisons: comparisons, confidence: settings.confidence)
        }
        let figure = PairedFigure(metric, pairs) { place in
            let key = keys[place]
            return Arms(
                reference: reference.seconds(ofSlice: key), candidate: arm.seconds(ofSlice: key))
        }
        return figure.flatMap {
            ComparedFigure(
                $0, better: better, margin: margin, comparisons: comparisons,
                confidence: settings.confidence)
        }
    }
}

extension ComparisonJudge {
    package var shifts: [Comparison.Shift] {
        candidates.map { arm in
            let pairs = pairs(arm, .time(.responseTime, .mean)).map(\.samples)
            let function = ShiftFunction(pairs)
            return Comparison.Shift(
                adapter: arm.name,
                points: function.points.map {
                    .init(quantile: $0.quantile, change: .init($0.shift.change))
                })
        }
    }

    package var codes: [Comparison.Codes] {
        candidates.map { arm in
            let all = Set(arm.codes.keys).union(reference.codes.keys).sorted {
                ($0.outcome.rawValue, $0.code) < ($1.outcome.rawValue, $1.code)
            }
            let mix = CodeMix(
                all.map { ($0, shares(of: $0, arm)) }, confidence: settings.confidence)
            return Comparison.Codes(
                adapter: arm.name,
                entries: mix.entries.map { entry in
                    Comparison.Codes.Entry(
                        outcome: entry.code.outcome, code: entry.code.code,
                        reference: reference.share(of: entry.code),
                        value: arm.share(of: entry.code),
                        difference: .init(entry.rate.difference), chance: entry.chance,
                        differs: entry.differs)
                })
        }
    }

    /// A slice has at most as many of a code as it has payments: what ended later was due before.
    private func shares(of code: ErrorCode, _ arm: ComparedArm) -> [Arms<ShareEstimate.Part>] {
        func part(_ arm: ComparedArm, _ key: Int) -> ShareEstimate.Part {
            let count = arm.slices[key]?.outcomes.reduce(0, +) ?? 0
            return ShareEstimate.Part(events: min(count, arm.codes[code]?[key] ?? 0), of: count)
        }
        return keys.map { Arms(reference: part(reference, $0), candidate: part(arm, $0)) }
    }
}

extension Comparison.Judged {
    fileprivate mutating func take(_ figure: ComparedFigure, isShare: Bool) {
        verdict =
            switch figure.verdict {
            case .better: .better
            case .worse: .worse
            case .equivalent: .equivalent
            case .cannotTell: .cannotTell
            }
        isMaterial = figure.isMaterial
        differsInShape = figure.differsInShape
        slicesToSettle = figure.slicesToSettle
        if isShare {
            difference = figure.estimates.first.map { .init($0) }
        } else {
            typical = figure.estimates.first.map { .init($0.change) }
            whole = figure.estimates.dropFirst().first.map { .init($0.change) }
        }
        guard verdict == .better || verdict == .worse else { return }
        // Of the estimators that exclude 0, the one that proves more.
        let proving = figure.estimates.filter { $0.lower > 0 || $0.upper < 0 }
        func proof(_ estimate: Difference) -> Double {
            min(abs(estimate.lower), abs(estimate.upper))
        }
        guard let best = proving.max(by: { proof($0) < proof($1) }) else { return }
        let bound = best.lower > 0 ? best.lower : best.upper
        atLeast = abs(isShare ? bound : expm1(bound))
        probably = abs(isShare ? best.value : expm1(best.value))
    }

    /// The estimates stay, the verdict does not.
    fileprivate mutating func withdraw(_ reason: String) {
        verdict = .cannotTell
        self.reason = reason
        (atLeast, probably, slicesToSettle) = (nil, nil, nil)
        isMaterial = false
    }
}

extension Comparison.Change {
    init(_ difference: Difference) {
        self.init(
            change: difference.value,
            lower: difference.lower.isFinite ? difference.lower : nil,
            upper: difference.upper.isFinite ? difference.upper : nil)
    }
}
