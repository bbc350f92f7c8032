import Glibc

/// Whether two arms that are measured at the same time disturb each other: they share a bottleneck, and
/// have to be measured in blocks (`truth.md`, 5.1).
package struct Interference: Sendable, Equatable {
    /// Less does not matter.
    package static let leastEffect = 0.03
    /// That the reference runs alone, before and again after: a steady drift cancels.
    package static let seconds = 10

    /// The reference's median beside the candidate against its median alone, as logarithms.
    package let difference: Difference
    /// They differ by more than 3 %, and the interval excludes 0.
    package let isPresent: Bool

    /// nil where a side has too few slices or observations for an interval of its median.
    ///
    /// - Parameters:
    ///   - alone: the reference by itself, at its own rate: the slices before, then those after.
    ///   - together: the reference beside the candidate, in slices of equal length.
    package init?(alone: [Sample], together: [Sample], confidence: Double = 0.95) {
        guard let alone = Self.median(of: alone, confidence: confidence),
            let together = Self.median(of: together, confidence: confidence)
        else { return nil }
        difference = Difference(of: together, less: alone, confidence: confidence)
        let excludes0 = difference.isAbove0 || difference.isBelow0
        isPresent = excludes0 && abs(difference.value) > log1p(Self.leastEffect)
    }

    private static func median(of slices: [Sample], confidence: Double) -> Difference.Estimate? {
        // The length does not matter to the interval.
        let study = QuantileStudy(slices: slices, seconds: Double(slices.count))
        guard let estimate = study.estimate(at: 0.5, confidence: confidence),
            let lower = estimate.lower, let upper = estimate.upper, lower > 0
        else { return nil }
        return .init(value: log(estimate.value), lower: log(lower), upper: log(upper))
    }
}
