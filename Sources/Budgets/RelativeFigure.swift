import Glibc
import Histograms
import Metrics
import Results
import Statistics

/// One metric of a candidate and of the baseline that was measured beside it, in slices of the same time.
struct PairedSeries {
    private let slices: [Arms<BudgetPart>]
    private let seconds: Int

    init(own: BudgetSeries, baseline: BudgetSeries, seconds: Int) {
        self.seconds = seconds
        let candidate = own.parts.bySlice(of: seconds)
        let reference = baseline.parts.bySlice(of: seconds)
        let common = Set(candidate.keys).intersection(reference.keys).sorted()
        slices = common.compactMap { key in
            guard let own = candidate[key], let other = reference[key] else { return nil }
            return Arms(reference: other, candidate: own)
        }
    }

    func result(_ budget: Budget, _ allowance: Budget.Allowance, _ looks: Looks) -> BudgetResult {
        var result = BudgetResult(budget)
        let own = whole(\.candidate)
        let other = whole(\.reference)
        result.count = max(own.count, own.events)
        let (value, base) = (own.level(of: budget.metric), other.level(of: budget.metric))
        result.value = value
        let limit = base.map { allowance.limit(from: $0) }
        result.limit = limit
        result.confidence = looks.confidence
        guard let value, let base, let limit else {
            return result.because("there are no data of both candidate and baseline")
        }
        var needed: Int?
        switch budget.metric {
        case .errors(.rate), .outcome(_, .rate):
            let rate = RateDifference(slices.map(\.shares), confidence: looks.confidence)
            result.comparison = BudgetResult.Comparison(baseline: base, typical: nil, whole: nil)
            let bounds = rate.map {
                (max(0, base + $0.difference.lower), min(1, base + $0.difference.upper))
            }
            (result.lower, result.upper) = (bounds?.0, bounds?.1)
            if slices.count >= ComparedFigure.fewestSlices {
                result.decide(
                    Statistics.Limit(budget.comparison, limit)
                        .decision(lower: bounds?.0, upper: bounds?.1))
            }
        case .time(_, .percentile), .time(_, .mean), .rate:
            let length = Double(self.seconds)
            let both = Arms(reference: length, candidate: length)
            let figure = PairedFigure(budget.metric, slices) { _ in both }
            guard let figure, base > 0 else {
                return result.because("the baseline is 0, so nothing can be relative to it")
            }
            let judged = looks.judgement(of: figure, allowed: budget.allowed(limit / base - 1))
            result.decide(judged.decision)
            needed = judged.slicesToSettle
            result.comparison = BudgetResult.Comparison(
                baseline: base, typical: judged.typical.map(BudgetResult.Change.init),
                whole: judged.whole.map(BudgetResult.Change.init))
        case .time, .errors(.count), .outcome(_, .count), .code, .skipped, .generatorCPU:
            result.comparison = BudgetResult.Comparison(baseline: base, typical: nil, whole: nil)
            result.decide(
                Statistics.Limit(budget.comparison, limit).decision(lower: value, upper: value))
        }
        return result.explained(
            slices: slices.count, secondsNeeded: needed.map { Double($0 * seconds) })
    }

    private func whole(_ arm: (Arms<BudgetPart>) -> BudgetPart) -> BudgetPart {
        slices.reduce(into: BudgetPart()) { $0.add(arm($1)) }
    }
}

/// One metric of a candidate and of a baseline that was measured at another time. Nothing of it tells how
/// much runs differ when nothing was changed.
struct ApartSeries {
    let own: BudgetSeries
    let baseline: BudgetSeries

    func result(
        _ budget: Budget, _ allowance: Budget.Allowance, confidence: Double
    ) -> BudgetResult {
        var result = BudgetResult(budget)
        let nowhere = Statistics.Limit.below(.infinity)
        func figure(_ series: BudgetSeries) -> Figure {
            let (parts, seconds) = series.judged
            return Figure(
                budget.metric, parts, seconds: seconds, limit: nowhere, confidence: confidence)
        }
        let (mine, other) = (figure(own), figure(baseline))
        result.count = mine.count
        (result.value, result.lower, result.upper) = (mine.value, mine.lower, mine.upper)
        result.confidence = confidence
        guard let value = mine.value, let base = other.value else {
            return result.because("there are no data of both candidate and baseline")
        }
        let limit = allowance.limit(from: base)
        result.limit = limit
        result.comparison = BudgetResult.Comparison(baseline: base, typical: nil, whole: nil)
        let lower = mine.lower ?? (mine.confidence == nil ? value : -.infinity)
        let upper = mine.upper ?? (mine.confidence == nil ? value : .infinity)
        // The baseline's own uncertainty moves the limit.
        let below = base - (other.lower ?? (other.confidence == nil ? base : -.infinity))
        let above = (other.upper ?? (other.confidence == nil ? base : .infinity)) - base
        result.decide(
            Statistics.Limit(budget.comparison, limit).decision(
                lower: value - hypot(value - lower, above),
                upper: value + hypot(upper - value, below)))
        return result.explained(
            slices: nil, secondsNeeded: nil,
            note: "measured apart: how runs differ without a change is not in the interval")
    }
}

extension Slices<BudgetPart> {
    /// Slices of `length` seconds, by their number from the start of the run.
    fileprivate func bySlice(of length: Int) -> [Int: BudgetPart] {
        slices.enumerated().reduce(into: [:]) { sums, slice in
            let number = (first + slice.offset * seconds) / Swift.max(1, length)
            sums[number, default: BudgetPart()].add(slice.element)
        }
    }
}

extension Budget {
    /// What a change may be, for a metric of which more is allowed or less.
    fileprivate func allowed(_ share: Double) -> Statistics.Allowance {
        switch comparison {
        case .less, .lessOrEqual, .equal, .notEqual: .more(share)
        case .greater, .greaterOrEqual: .less(-share)
        }
    }
}

extension Budget.Allowance {
    func limit(from base: Double) -> Double {
        switch self {
        case .share(let share): base * (1 + share)
        case .value(let value): base + value.number
        }
    }
}

extension BudgetResult.Change {
    /// Of logarithms.
    init(_ difference: Difference) {
        let change = difference.change
        self.init(change: change.value, lower: change.lower, upper: change.upper)
    }
}
