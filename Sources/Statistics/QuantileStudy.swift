/// The observations of a window, by slices of time: gives quantiles with intervals that hold when
/// what is near in time is alike.
///
/// It needs one sample a slice, at most 20 in all: a log of one histogram a second is read once, each
/// second added to slice `Slicing.slice(of:)`. While running nothing has to be kept beside that log.
/// Slices are cut by the intended instant: cut by completion, a stall would empty its own slice.
package struct QuantileStudy: Sendable {
    /// Quantiles at which dependence in time is always looked for (`truth.md`, 4.2).
    package static let references = [0.5, 0.9, 0.95, 0.99]
    /// Fewer effective tail events than this do not make a quantile.
    package static let fewestEvents = 5.0

    package let slices: [Sample]
    package let whole: Sample
    package let seconds: Double
    /// The greatest at a reference quantile; nil where the window has too few slices.
    private let referenceInflation: Double?

    /// - Parameters:
    ///   - slices: one for each of equal parts of the window, in order, empty ones included. More than
    ///     20 are merged where needed; with fewer than 5 no interval is given.
    ///   - seconds: length of the window.
    package init(slices: [Sample], seconds: Double) {
        self.slices = slices
        self.seconds = seconds
        let whole = Sample(merging: slices)
        self.whole = whole
        referenceInflation = Self.references
            .compactMap { Exceedance($0, of: whole, in: slices)?.inflation }.max()
    }

    /// `quantile` (above 0, below 1) with its interval, after Woodruff (JASA 47, 1952, p. 635): the
    /// interval of the share above it, read off the distribution. nil where nothing was observed.
    ///
    /// The share's uncertainty h is `SlicedRatio.halfWidth`, at least that of independent
    /// observations; the interval is [Q(p − h), Q(p + h)] (`truth.md`, 4.2).
    package func estimate(at quantile: Double, confidence: Double = 0.95) -> QuantileEstimate? {
        precondition(quantile > 0 && quantile < 1, "a quantile lies between 0 and 1")
        guard let exceedance = Exceedance(quantile, of: whole, in: slices) else { return nil }
        let half = exceedance.halfWidth(confidence: confidence)
        let events = effectiveEvents(at: quantile, inflation: exceedance.inflation)
        return QuantileEstimate(
            quantile: quantile, confidence: confidence, value: exceedance.bin.high,
            lower: half.flatMap { lowerBound(quantile - $0) },
            upper: half.flatMap { upperBound(quantile + $0) },
            inflation: exceedance.inflation, effectiveEvents: events,
            resolution: resolution(at: quantile, events: events))
    }

    /// Of each slice that has any observations, in order: for `Drift` and `WarmUp`.
    package func sliceValues(at quantile: Double) -> [Double] {
        slices.compactMap { $0.bin(at: quantile)?.high }
    }

    /// No bound at all within half an observation of either end.
    private func lowerBound(_ quantile: Double) -> Double? {
        quantile <= 0.5 / Double(whole.count) ? nil : whole.bin(at: quantile)?.low
    }

    private func upperBound(_ quantile: Double) -> Double? {
        quantile >= 1 - 0.5 / Double(whole.count) ? nil : whole.bin(at: quantile)?.high
    }

    /// n · min(p, 1 − p) / the greatest inflation at p and the reference quantiles.
    private func effectiveEvents(at quantile: Double, inflation: Double?) -> Double? {
        guard let inflation, let referenceInflation else { return nil }
        return tailEvents(at: quantile) / max(inflation, referenceInflation)
    }

    private func tailEvents(at quantile: Double) -> Double {
        Double(whole.count) * min(quantile, 1 - quantile)
    }

    private func resolution(at quantile: Double, events: Double?) -> QuantileEstimate.Resolution {
        guard let events else {
            // As long as five seconds need, and as independent observations would at the least.
            let parts = Double(Slicing.fewestParts) / Double(max(1, slices.count))
            let least = Self.fewestEvents / tailEvents(at: quantile)
            return .unresolved(secondsNeeded: seconds * max(parts, least))
        }
        return events >= Self.fewestEvents
            ? .resolved : .unresolved(secondsNeeded: seconds * Self.fewestEvents / events)
    }
}

/// A quantile and how well a window of a run tells it. Values in the unit of the observations.
package struct QuantileEstimate: Sendable, Equatable {
    package enum Resolution: Sendable, Equatable {
        case resolved
        /// Fewer than five effective tail events. A window of `secondsNeeded` would have them, if it
        /// goes on alike.
        case unresolved(secondsNeeded: Double)
    }

    package var quantile: Double
    /// Two-sided, of the interval.
    package var confidence: Double
    /// The highest value of the bin in which the quantile falls.
    package var value: Double
    /// nil where the observations set no bound on that side.
    package var lower: Double?
    package var upper: Double?
    /// How many times the variance of independent observations the share above `value` has; nil where
    /// the window is too short to tell.
    package var inflation: Double?
    /// Observations beyond the quantile, divided by the inflation: how many independent ones they
    /// are worth. nil where the window is too short to tell.
    package var effectiveEvents: Double?
    package var resolution: Resolution

    package var isResolved: Bool { resolution == .resolved }

    /// Half of upper − lower, as a share of the value; nil where a bound is missing.
    package var relativeHalfWidth: Double? {
        guard let lower, let upper, value > 0 else { return nil }
        return (upper - lower) / 2 / value
    }
}

/// The observations beyond a quantile, by slices.
private struct Exceedance {
    let bin: Sample.Bin
    /// Above the quantile's bin, and from it on. They differ where many observations are equal: a
    /// tail of time-outs has nothing above it, yet all of it may come from one outage.
    private let ratios: [SlicedRatio]
    /// p(1 − p)/N: of the share beyond the quantile, if observations were independent.
    private let variance: Double

    init?(_ quantile: Double, of whole: Sample, in slices: [Sample]) {
        guard let bin = whole.bin(at: quantile) else { return nil }
        self.bin = bin
        let counts: [(Sample) -> Int] = [
            { $0.count(above: bin.high) }, { $0.count(from: bin.low) },
        ]
        ratios = counts.map { count in
            SlicedRatio(slices.map { .init(amount: Double(count($0)), weight: Double($0.count)) })
        }
        variance = quantile * (1 - quantile) / Double(whole.count)
    }

    var inflation: Double? {
        ratios.compactMap { ratio in
            ratio.scaleOfInflation.flatMap { inflation(of: ratio, scale: $0) }
        }.max()
    }

    func halfWidth(confidence: Double) -> Double? {
        ratios.compactMap { ratio in
            ratio.widest(confidence: confidence) { scale in
                inflation(of: ratio, scale: scale).map { $0 * variance }
            }
        }.max()
    }

    /// Against the variance of the counted share itself, which is p(1 − p)/N but for ties.
    private func inflation(of ratio: SlicedRatio, scale: Int) -> Double? {
        let share = ratio.ratio
        return ratio.inflation(scale: scale, over: share * (1 - share) / ratio.whole.weight)
    }
}
