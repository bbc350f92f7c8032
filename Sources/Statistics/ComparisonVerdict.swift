import Glibc

/// What can be said of a candidate against a reference.
package enum ComparisonVerdict: Sendable, Equatable, CaseIterable {
    case better, worse
    /// They differ by no more than the margin.
    case equivalent
    case cannotTell
}

package enum BetterDirection: Sendable, Equatable { case lower, higher }

/// A figure of two arms, compared (`truth.md`, 5.2).
///
/// * equivalent: every interval lies within the margin. With two one-sided tests this is TOST.
/// * better, worse: else, an interval excludes 0.
/// * cannot tell: else; or the estimators contradict each other: then the shape differs.
package struct ComparedFigure: Sendable, Equatable {
    /// Fewer slices decide nothing (`truth.md`, 5.1).
    package static let fewestSlices = 15
    package static let usualMargin = 0.05

    /// The typical slice and the whole run, as logarithms; of a rate its one difference.
    package let estimates: [Difference]
    package let slices: Int
    package let verdict: ComparisonVerdict
    /// One estimator says more, the other less: look at the `ShiftFunction`.
    package let differsInShape: Bool
    /// Better or worse by more than the margin.
    package let isMaterial: Bool
    /// About how many slices more would decide, if they go on alike; nil where no number would.
    package let slicesToSettle: Int?

    /// - Parameters:
    ///   - margin: the smallest change that matters, as a share of the reference.
    ///   - comparisons: figures × candidates of the family that is judged together. Each interval has the
    ///     confidence 1 − (1 − `confidence`)/(2 · comparisons) (Bonferroni, for two estimators each), so
    ///     that the intervals that are shown are those that decide; Holm's method has none to show.
    package init?(
        _ figure: PairedFigure, better: BetterDirection, margin: Double = usualMargin,
        comparisons: Int = 1, confidence: Double = 0.95
    ) {
        let each = 1 - (1 - confidence) / Double(2 * comparisons)
        guard let typical = figure.typicalShift(confidence: each),
            let whole = figure.wholeShift(confidence: each)
        else { return nil }
        self.init(
            [typical, whole], slices: figure.slices, better: better, margin: log1p(margin))
    }

    /// A share of payments.
    ///
    /// - Parameter margin: the smallest difference that matters, as a share of payments.
    package init?(
        shares slices: [Arms<ShareEstimate.Part>], better: BetterDirection = .lower,
        margin: Double, comparisons: Int = 1, confidence: Double = 0.95
    ) {
        let each = 1 - (1 - confidence) / Double(comparisons)
        guard let rate = RateDifference(slices, confidence: each) else { return nil }
        self.init([rate.difference], slices: slices.count, better: better, margin: margin)
    }

    /// - Parameter margin: in the unit of the estimates.
    init(_ estimates: [Difference], slices: Int, better: BetterDirection, margin: Double) {
        let isMore = estimates.contains(where: \.isAbove0)
        let isLess = estimates.contains(where: \.isBelow0)
        let isEquivalent = estimates.allSatisfy { $0.isWithin(margin) }
        let isJudged = slices >= Self.fewestSlices
        let verdict: ComparisonVerdict
        if !isJudged || isMore == isLess && !isEquivalent {
            verdict = .cannotTell
        } else if isEquivalent {
            verdict = .equivalent
        } else {
            verdict = isLess == (better == .lower) ? .better : .worse
        }

        self.estimates = estimates
        self.slices = slices
        self.verdict = verdict
        differsInShape = isJudged && isMore && isLess && !isEquivalent
        isMaterial =
            (verdict == .better || verdict == .worse)
            && estimates.contains { isMore ? $0.lower > margin : $0.upper < -margin }
        slicesToSettle =
            verdict != .cannotTell || differsInShape
            ? nil : Needed(estimates, slices: slices).toCompare(margin: margin)
    }
}

/// How many slices would bring intervals to decide: widths shrink with the root of their number.
struct Needed {
    private let estimates: [Difference]
    private let slices: Int

    init(_ estimates: [Difference], slices: Int) {
        self.estimates = estimates
        self.slices = slices
    }

    /// More slices until all estimates lie within the margin, or one excludes 0.
    func toCompare(margin: Double) -> Int? {
        let within = estimates.map { inAll($0, halfWidth: margin - abs($0.value)) }.max()
        let beyond = estimates.map { inAll($0, halfWidth: abs($0.value)) }.min()
        return more([within, beyond].compactMap(\.self).min())
    }

    /// More slices until the first lies below the limit as a whole, and the others by their values; or
    /// until one lies above it.
    func toKeep(below limit: Double) -> Int? {
        let beyond = estimates.map { inAll($0, halfWidth: $0.value - limit) }.min()
        let isBelow = estimates.allSatisfy { $0.value <= limit }
        let within = isBelow ? estimates.first.map { inAll($0, halfWidth: limit - $0.value) } : nil
        return more([within, beyond].compactMap(\.self).min())
    }

    private func inAll(_ estimate: Difference, halfWidth: Double) -> Double {
        guard estimate.halfWidth.isFinite else {
            return Double(max(2 * slices, ComparedFigure.fewestSlices))
        }
        guard halfWidth > 0 else { return .infinity }
        let ratio = estimate.halfWidth / halfWidth
        return Double(slices) * ratio * ratio
    }

    private func more(_ all: Double?) -> Int? {
        guard let all, all < 1e6 else { return nil }
        let fewest = Double(ComparedFigure.fewestSlices)
        return max(1, Int(max(all, fewest).rounded(.up)) - slices)
    }
}
