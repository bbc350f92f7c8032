import Glibc

/// θ₂ (`truth.md`, 5.2): by how much the candidate differs over the whole run, all slices taken together.
///
/// It sees what few slices have, such as rare stalls, and is wider than θ₁ for the same reason.
package struct WholeShift: Sendable {
    private let slices: Int
    private let reference: PooledSlices
    private let candidate: PooledSlices

    /// O(slices × distinct bins) in time and space: 6 MB for 150 slices and 10,000 bins.
    package init(_ slices: [Arms<Sample>]) {
        self.slices = slices.count
        reference = PooledSlices(slices.map(\.reference))
        candidate = PooledSlices(slices.map(\.candidate))
    }

    /// The log ratio of the quantiles of all observations, with the interval of `SliceBootstrap`.
    /// O(replicates × slices × log bins). nil where an arm has no observations, or a quantile of 0.
    package func estimate(at quantile: Double, confidence: Double) -> Difference? {
        precondition(quantile > 0 && quantile < 1, "a quantile lies between 0 and 1")
        func logRatio(_ weights: [Int]) -> Double? {
            guard let reference = reference.value(at: quantile, weights: weights),
                let candidate = candidate.value(at: quantile, weights: weights),
                reference > 0, candidate > 0
            else { return nil }
            return log(candidate / reference)
        }
        return Self.estimate(slices: slices, confidence: confidence, logRatio)
    }

    /// The log ratio of the ratios of the sums of all slices, with the interval of `SliceBootstrap`.
    /// nil where an arm has no amount or no weight.
    package static func estimate(
        ofRatios slices: [Arms<SlicedRatio.Part>], confidence: Double
    ) -> Difference? {
        func logRatio(_ weights: [Int]) -> Double? {
            func level(_ arm: KeyPath<Arms<SlicedRatio.Part>, SlicedRatio.Part>) -> Double? {
                var sum = SlicedRatio.Part(amount: 0, weight: 0)
                for (slice, weight) in zip(slices, weights) {
                    sum.amount += Double(weight) * slice[keyPath: arm].amount
                    sum.weight += Double(weight) * slice[keyPath: arm].weight
                }
                return sum.level
            }
            guard let reference = level(\.reference), let candidate = level(\.candidate),
                reference > 0, candidate > 0
            else { return nil }
            return log(candidate / reference)
        }
        return estimate(slices: slices.count, confidence: confidence, logRatio)
    }

    private static func estimate(
        slices: Int, confidence: Double, _ logRatio: (_ weights: [Int]) -> Double?
    ) -> Difference? {
        guard let value = logRatio([Int](repeating: 1, count: slices)) else { return nil }
        return SliceBootstrap(slices: slices, confidence: confidence)
            .interval(around: value, logRatio)
    }
}

/// The observations of all slices of an arm, counted so that quantiles of any weighting of the slices
/// are a binary search.
struct PooledSlices: Sendable {
    /// The high ends of all bins, ascending.
    private let values: [Double]
    /// Observations of slice s in bins up to b: at b · slices + s. A slice has less than 2³¹.
    private let cumulative: [Int32]

    init(_ slices: [Sample]) {
        let pooled = Sample(merging: slices)
        var cumulative = [Int32](repeating: 0, count: pooled.bins.count * slices.count)
        for (slice, sample) in slices.enumerated() {
            var sum: Int32 = 0
            var next = 0
            for (index, bin) in pooled.bins.enumerated() {
                if next < sample.bins.count, sample.bins[next].low == bin.low {
                    sum += Int32(sample.bins[next].count)
                    next += 1
                }
                cumulative[index * slices.count + slice] = sum
            }
        }
        values = pooled.bins.map(\.high)
        self.cumulative = cumulative
    }

    /// Ranked as `Sample.bin(at:)` does; nil where the weighted slices have no observations.
    func value(at quantile: Double, weights: [Int]) -> Double? {
        guard let last = values.indices.last else { return nil }
        let total = count(upTo: last, weights)
        guard total > 0 else { return nil }
        let exact = (quantile.nextDown * Double(total)).rounded(.up)
        return values[bin(of: min(max(1, Int(exact)), total), below: total, weights)]
    }

    /// The first bin up to which there are `rank` observations. Each second guess supposes that they are
    /// spread evenly over the bins in question: near a quantile they are, nearly.
    private func bin(of rank: Int, below total: Int, _ weights: [Int]) -> Int {
        var (low, high) = (0, values.count - 1)
        // Observations before `low` and up to `high`.
        var (before, upTo) = (0, total)
        var isEven = false
        while low < high {
            let share = isEven ? Double(rank - before) / Double(upTo - before) : 0.5
            let guess = min(high - 1, low + Int(share * Double(high - low)))
            let count = count(upTo: guess, weights)
            if count >= rank {
                (high, upTo) = (guess, count)
            } else {
                (low, before) = (guess + 1, count)
            }
            isEven.toggle()
        }
        return low
    }

    private func count(upTo bin: Int, _ weights: [Int]) -> Int {
        var index = bin * weights.count
        var sum = 0
        for weight in weights {
            if weight > 0 { sum += weight * Int(cumulative[index]) }
            index += 1
        }
        return sum
    }
}
