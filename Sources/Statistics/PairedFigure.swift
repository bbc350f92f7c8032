import Glibc

/// A figure of two arms that were measured side by side, slice by slice: what comparisons and relative
/// budgets judge.
///
/// A slice is a stretch of time that both arms share (duet), or a pair of blocks, in order of time.
package enum PairedFigure: Sendable, Equatable {
    /// A quantile (above 0, below 1) of the observations in each slice.
    case quantile(Double, slices: [Arms<Sample>])
    /// An amount by its weight: a mean (sum by count) or a rate (events by seconds).
    case ratio(slices: [Arms<SlicedRatio.Part>])

    package var slices: Int {
        switch self {
        case .quantile(_, let slices): slices.count
        case .ratio(let slices): slices.count
        }
    }

    /// log(candidate / reference) of each slice in which both have a level above 0, in order.
    package var logRatios: [Double] {
        func logRatio(_ candidate: Double?, _ reference: Double?) -> Double? {
            guard let candidate, let reference, candidate > 0, reference > 0 else { return nil }
            return log(candidate / reference)
        }
        switch self {
        case .quantile(let quantile, let slices):
            return slices.compactMap {
                logRatio(
                    $0.candidate.bin(at: quantile)?.high, $0.reference.bin(at: quantile)?.high)
            }
        case .ratio(let slices):
            return slices.compactMap { logRatio($0.candidate.level, $0.reference.level) }
        }
    }

    /// θ₁: see `TypicalShift`.
    package func typicalShift(confidence: Double) -> Difference? {
        TypicalShift.estimate(ofLogRatios: logRatios, confidence: confidence)
    }

    /// θ₂: see `WholeShift`.
    package func wholeShift(confidence: Double) -> Difference? {
        switch self {
        case .quantile(let quantile, let slices):
            WholeShift(slices).estimate(at: quantile, confidence: confidence)
        case .ratio(let slices):
            WholeShift.estimate(ofRatios: slices, confidence: confidence)
        }
    }
}

extension SlicedRatio.Part {
    var level: Double? { weight > 0 ? amount / weight : nil }
}
