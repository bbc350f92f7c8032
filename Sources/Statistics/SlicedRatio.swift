/// A ratio Σ amount / Σ weight that was gathered over time, and how uncertain it is when what is near
/// in time may be alike.
///
/// Shares (failures per payment), means (µs per payment) and rates (payments per second) are such
/// ratios; so is the share of payments above a threshold, on which intervals of quantiles rest.
package struct SlicedRatio: Sendable, Equatable {
    package struct Part: Sendable, Equatable {
        package var amount: Double
        package var weight: Double

        package init(amount: Double, weight: Double) {
            self.amount = amount
            self.weight = weight
        }

        static func sum(_ parts: some Sequence<Part>) -> Part {
            parts.reduce(into: Part(amount: 0, weight: 0)) { sum, part in
                sum.amount += part.amount
                sum.weight += part.weight
            }
        }
    }

    package let whole: Part
    package var ratio: Double { whole.amount / whole.weight }
    /// As many as `Slicing` makes; empty where the window has too few parts.
    private let slices: [Part]

    /// - Parameter parts: of equal length in time, in order; at least some weight in all.
    package init(_ parts: [Part]) {
        whole = Part.sum(parts)
        precondition(whole.weight > 0, "a ratio to something")
        slices = Slicing(parts: parts.count).map { $0.grouped(parts).map(Part.sum) } ?? []
    }

    /// The scales that the window has parts for, finest first.
    package var scales: [Int] { Slicing.scales.filter { $0 <= slices.count } }

    /// The variance of `ratio` as `scale` batches show it, neighbours merged; nil where there are not
    /// that many slices.
    ///
    /// The linearised variance of a ratio estimator over batches: B/(B−1) · Σ d² / (Σ weight)² with
    /// d = amount − ratio · weight (`truth.md`, 4.2; Cochran, Sampling Techniques, 3rd ed., 6.3).
    package func variance(scale: Int) -> Double? {
        guard scale > 1, scale <= slices.count, slices.count.isMultiple(of: scale) else {
            return nil
        }
        let width = slices.count / scale
        let squares = (0..<scale).reduce(0.0) { sum, batch in
            let part = Part.sum(slices[batch * width..<(batch + 1) * width])
            let deviation = part.amount - ratio * part.weight
            return sum + deviation * deviation
        }
        let batches = Double(scale)
        return batches / (batches - 1) * squares / (whole.weight * whole.weight)
    }

    /// How many times the variance of independent observations `scale` batches show; at least 1. nil
    /// where there are not that many slices.
    package func inflation(scale: Int, over independentVariance: Double) -> Double? {
        variance(scale: scale).map { variance in
            independentVariance > 0 ? max(1, variance / independentVariance) : 1
        }
    }

    /// The scale at which inflation is told: 10 batches, or 5 where there are not 10 slices; nil where
    /// the window has too few parts.
    package var scaleOfInflation: Int? { scales.first { $0 <= 10 } }

    /// Half the width of the interval around `ratio`: the widest of all scales, each with Student's t
    /// of its batches. nil where the window has too few parts.
    ///
    /// - Parameter leastVariance: of independent observations; never less is claimed.
    package func halfWidth(confidence: Double, leastVariance: Double = 0) -> Double? {
        widest(confidence: confidence) { variance(scale: $0).map { max($0, leastVariance) } }
    }

    /// The greatest t · √variance of all scales.
    func widest(confidence: Double, variance: (_ scale: Int) -> Double?) -> Double? {
        scales.compactMap { scale in
            variance(scale).map { variance in
                let t = StudentT(degreesOfFreedom: scale - 1).quantile(confidence: confidence)
                return t * variance.squareRoot()
            }
        }.max()
    }
}
