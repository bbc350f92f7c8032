import Glibc

/// What can be said of a promise.
package enum BudgetDecision: Sendable, Equatable, CaseIterable { case pass, fail, inconclusive }

/// What a figure has to keep to.
package enum Limit: Sendable, Equatable {
    case below(Double), atMost(Double), above(Double), atLeast(Double)
    case exactly(Double), other(than: Double)

    /// Pass where all that an interval holds keeps the limit, fail where nothing does (`truth.md`, 6.1).
    /// A bound that is nil is one that the data do not give. A count is its own lower and upper bound.
    package func decision(lower: Double?, upper: Double?) -> BudgetDecision {
        let (lower, upper) = (lower ?? -.infinity, upper ?? .infinity)
        switch self {
        case .below(let limit): return Self.decide(pass: upper < limit, fail: lower >= limit)
        case .atMost(let limit): return Self.decide(pass: upper <= limit, fail: lower > limit)
        case .above(let limit): return Self.decide(pass: lower > limit, fail: upper <= limit)
        case .atLeast(let limit): return Self.decide(pass: lower >= limit, fail: upper < limit)
        case .exactly(let value):
            return Self.decide(
                pass: lower == value && upper == value, fail: lower > value || upper < value)
        case .other(let value):
            return Self.decide(
                pass: lower > value || upper < value, fail: lower == value && upper == value)
        }
    }

    /// Of a quantile: without five effective tail events it is not known at all, and neither passes nor
    /// fails. It fails all the same where a lower quantile that is known is already too high.
    ///
    /// - Parameters:
    ///   - quantile: above 0, below 1.
    ///   - confidence: two-sided; of one of several looks see `Looks`.
    package func decision(
        ofQuantile quantile: Double, in study: QuantileStudy, confidence: Double = 0.95
    ) -> BudgetDecision {
        guard let estimate = study.estimate(at: quantile, confidence: confidence) else {
            return .inconclusive
        }
        if estimate.isResolved {
            return decision(lower: estimate.lower, upper: estimate.upper)
        }
        let known = QuantileStudy.references.last { lower in
            lower < quantile && study.estimate(at: lower)?.isResolved == true
        }
        guard isCeiling, let known,
            let lower = study.estimate(at: known, confidence: confidence)
        else { return .inconclusive }
        return decision(lower: lower.lower, upper: nil)
    }

    private var isCeiling: Bool {
        switch self {
        case .below, .atMost: true
        case .above, .atLeast, .exactly, .other: false
        }
    }

    private static func decide(pass: Bool, fail: Bool) -> BudgetDecision {
        pass ? .pass : fail ? .fail : .inconclusive
    }
}

/// How much a candidate may differ from the baseline, as a share of it.
package enum Allowance: Sendable, Equatable {
    /// `<= baseline + 10%`: more(0.1).
    case more(Double)
    /// `>= baseline - 10%`: less(0.1). Below 1.
    case less(Double)
}

/// A candidate's figure against that of a baseline which was measured beside it (`truth.md`, 6.1).
package struct RelativeJudgement: Sendable, Equatable {
    package let decision: BudgetDecision
    /// Logarithms; nil where an arm has no data.
    package let typical: Difference?
    package let whole: Difference?
    package let slices: Int
    /// About how many slices more would decide; nil where no number would.
    package let slicesToSettle: Int?

    /// Pass: the typical shift is within the allowance as a whole interval and the shift of the whole run
    /// by its value. Fail: one of the intervals lies beyond it. Fewer than 15 slices decide nothing.
    init(_ figure: PairedFigure, allowed: Allowance, confidence: Double) {
        typical = figure.typicalShift(confidence: confidence)
        whole = figure.wholeShift(confidence: confidence)
        slices = figure.slices
        guard let typical, let whole else {
            decision = .inconclusive
            slicesToSettle = nil
            return
        }
        let (estimates, limit) = Self.turned([typical, whole], allowed)
        let isJudged = slices >= ComparedFigure.fewestSlices
        if isJudged, estimates.contains(where: { $0.lower > limit }) {
            decision = .fail
        } else if isJudged, estimates[0].upper <= limit, estimates[1].value <= limit {
            decision = .pass
        } else {
            decision = .inconclusive
        }
        slicesToSettle =
            decision == .inconclusive
            ? Needed(estimates, slices: slices).toKeep(below: limit) : nil
    }

    /// So that more is worse.
    private static func turned(
        _ estimates: [Difference], _ allowed: Allowance
    ) -> (estimates: [Difference], limit: Double) {
        switch allowed {
        case .more(let share): (estimates, log1p(share))
        case .less(let share): (estimates.map(\.mirrored), -log1p(-share))
        }
    }
}

/// When budgets are looked at while a run goes on, and how sure each look has to be, so that looking
/// often makes no wrong verdict more likely.
///
/// A budget ends with the first look that decides it. With L looks at m budgets each interval has the
/// confidence 1 − 0.05/(L·m): for two estimators, each wrong to one side half as often, the chance of
/// a wrong fail of any budget is at most 5 % where the truth lies on the limit (`truth.md`, 6.1).
package struct Looks: Sendable, Equatable {
    /// Beside a baseline.
    package static let ofPairs = [60, 120, 180, 240, 300]
    /// Of one run by itself.
    package static let ofRuns = [60, 120, 180]

    /// From the start of what is measured, both arms together; ascending.
    package let seconds: [Int]
    /// Two-sided, of each interval at each look.
    package let confidence: Double

    /// - Parameters:
    ///   - seconds: one is a single look at the end.
    ///   - budgets: that are judged in this way, 1 or more.
    ///   - error: the greatest chance of a wrong verdict among them.
    package init(at seconds: [Int] = ofPairs, budgets: Int, error: Double = 0.05) {
        precondition(!seconds.isEmpty && budgets > 0, "looks at something")
        self.seconds = seconds
        confidence = 1 - error / Double(seconds.count * budgets)
    }

    /// The number of looks that are due once so much time was measured.
    package func due(after seconds: Double) -> Int { self.seconds.count { Double($0) <= seconds } }

    /// Judges a budget at one look, from all slices until then. After the last one inconclusive is final.
    package func judgement(
        of figure: PairedFigure, allowed: Allowance
    ) -> RelativeJudgement {
        RelativeJudgement(figure, allowed: allowed, confidence: confidence)
    }

    /// Judges a difference of shares: `errors.rate <= baseline + 0.1%`, in shares of payments.
    package func decision(
        ofShares slices: [Arms<ShareEstimate.Part>], allowed: Double
    ) -> BudgetDecision {
        guard slices.count >= ComparedFigure.fewestSlices,
            let rate = RateDifference(slices, confidence: confidence)
        else { return .inconclusive }
        return Limit.atMost(allowed)
            .decision(lower: rate.difference.lower, upper: rate.difference.upper)
    }

    package func decision(
        ofQuantile quantile: Double, in study: QuantileStudy, limit: Limit
    ) -> BudgetDecision {
        limit.decision(ofQuantile: quantile, in: study, confidence: confidence)
    }
}
