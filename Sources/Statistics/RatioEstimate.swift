/// A mean or a rate with an interval that holds when what is near in time is alike.
package struct RatioEstimate: Sendable, Equatable {
    package var value: Double
    /// Two-sided.
    package var confidence: Double
    /// nil where the window has fewer than 5 parts.
    package var halfWidth: Double?

    package var lower: Double? { halfWidth.map { value - $0 } }
    package var upper: Double? { halfWidth.map { value + $0 } }

    /// The observations of one part of a window, summed.
    package struct Sums: Sendable, Equatable {
        package var count: Int
        package var sum: Double
        package var sumOfSquares: Double

        package init(count: Int, sum: Double, sumOfSquares: Double) {
            self.count = count
            self.sum = sum
            self.sumOfSquares = sumOfSquares
        }
    }

    /// A mean per observation: the multi-scale interval over slices, at least as wide as independent
    /// observations of the same variance would make it (`truth.md`, 4.2). nil where nothing was observed.
    ///
    /// - Parameter parts: of equal length in time, in order.
    package static func mean(parts: [Sums], confidence: Double = 0.95) -> RatioEstimate? {
        let ratio = parts.map { SlicedRatio.Part(amount: $0.sum, weight: Double($0.count)) }
        guard parts.contains(where: { $0.count > 0 }) else { return nil }
        let sliced = SlicedRatio(ratio)
        let squares = parts.reduce(0) { $0 + $1.sumOfSquares } / sliced.whole.weight
        let variance = max(0, squares - sliced.ratio * sliced.ratio) / sliced.whole.weight
        return RatioEstimate(
            value: sliced.ratio, confidence: confidence,
            halfWidth: sliced.halfWidth(confidence: confidence, leastVariance: variance))
    }

    /// Events per second. Nothing is presumed of their spacing: evenly spaced ones have no width.
    /// nil where no time passed.
    ///
    /// - Parameter parts: in order; a last one may be shorter than the others.
    package static func rate(
        parts: [(events: Int, seconds: Double)], confidence: Double = 0.95
    ) -> RatioEstimate? {
        guard parts.contains(where: { $0.seconds > 0 }) else { return nil }
        let sliced = SlicedRatio(
            parts.map { .init(amount: Double($0.events), weight: $0.seconds) })
        return RatioEstimate(
            value: sliced.ratio, confidence: confidence,
            halfWidth: sliced.halfWidth(confidence: confidence))
    }
}
