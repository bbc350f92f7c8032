/// The shift at many quantiles: which part of the distribution moved (Doksum, Ann. Statist. 2, 1974,
/// p. 267). To be shown, not to be judged: its intervals hold one by one.
package struct ShiftFunction: Sendable, Equatable {
    package struct Point: Sendable, Equatable {
        package var quantile: Double
        /// Of logarithms, over the whole run: θ₂.
        package var shift: Difference
    }

    package static let quantiles = [
        0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999,
    ]

    /// Without the quantiles beyond which an arm has fewer than 5 observations.
    package let points: [Point]

    /// Some 13 times the cost of `WholeShift.estimate`.
    package init(_ slices: [Arms<Sample>], confidence: Double = 0.95) {
        let whole = WholeShift(slices)
        let fewest = min(
            slices.reduce(0) { $0 + $1.reference.count },
            slices.reduce(0) { $0 + $1.candidate.count })
        points = Self.quantiles.compactMap { quantile in
            let tail = Double(fewest) * min(quantile, 1 - quantile)
            guard tail >= QuantileStudy.fewestEvents else { return nil }
            return whole.estimate(at: quantile, confidence: confidence)
                .map { Point(quantile: quantile, shift: $0) }
        }
    }
}
