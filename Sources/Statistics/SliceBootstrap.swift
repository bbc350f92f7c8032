/// How far a figure of a whole run would vary if the run had other slices of the same kind: slices are
/// drawn with replacement, both arms of a slice together.
struct SliceBootstrap {
    static let replicates = 1000
    /// For bounds far out, as many comparisons at a time need them.
    private static let mostReplicates = 10_000
    /// The ranks from either end at which replicates still tell a bound.
    private static let leastRank = 5
    /// Fewer slices than this tell nothing.
    static let fewestSlices = Slicing.fewestParts

    let slices: Int
    let confidence: Double

    /// `value` with its interval; unbounded with fewer than 5 slices. The same data give the same bounds.
    ///
    /// The expanded percentile interval (Hesterberg, Am. Stat. 69, 2015, p. 371): resampling n slices
    /// varies by √((n − 1)/n) too little and knows nothing of the uncertainty of the spread, so
    /// percentiles are taken at √(n/(n − 1)) · t(n − 1) standard deviations in place of z. There are so
    /// many replicates that 5 lie beyond a bound, up to 10,000; farther out the distance goes on as
    /// that of a normal law, which says little of a figure that rare stalls make.
    ///
    /// - Parameter statistic: the figure where slice s counts `weights[s]` times; nil if it has none.
    func interval(
        around value: Double, _ statistic: (_ weights: [Int]) -> Double?
    ) -> Difference {
        var difference = Difference(
            value: value, lower: -.infinity, upper: .infinity, confidence: confidence)
        guard slices >= Self.fewestSlices else { return difference }
        let t = StudentT(degreesOfFreedom: slices - 1).quantile(confidence: confidence)
        let deviations = t * (Double(slices) / Double(slices - 1)).squareRoot()
        let wanted = Normal.probability(beyond: deviations) / 2
        let replicates = replicates(Self.count(forTail: wanted), statistic)
        let least = Double(Self.leastRank) / Double(replicates.count + 1)
        guard least < 0.5 else { return difference }

        let tail = max(wanted, least)
        let stretch = max(1, deviations / Normal.quantile(confidence: 1 - 2 * tail))
        let rank = Int(tail * Double(replicates.count + 1))
        difference.lower = value - stretch * max(0, value - replicates[rank - 1])
        difference.upper = value + stretch * max(0, replicates[replicates.count - rank] - value)
        return difference
    }

    private static func count(forTail tail: Double) -> Int {
        let count = (Double(leastRank) / tail).rounded(.up)
        return count < Double(mostReplicates) ? max(replicates, Int(count)) : mostReplicates
    }

    /// Ascending.
    private func replicates(
        _ count: Int, _ statistic: (_ weights: [Int]) -> Double?
    ) -> [Double] {
        var draws = SliceDraws(slices: slices)
        var weights = [Int](repeating: 0, count: slices)
        var values: [Double] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            draws.draw(into: &weights)
            if let value = statistic(weights) { values.append(value) }
        }
        values.sort()
        return values
    }
}

/// Weights of slices that are drawn with replacement; the same ones each time. SplitMix64 (Steele, Lea
/// & Flood, OOPSLA 2014).
struct SliceDraws {
    private var state: UInt64 = 1
    private let slices: UInt64

    init(slices: Int) { self.slices = UInt64(slices) }

    mutating func draw(into weights: inout [Int]) {
        for index in weights.indices { weights[index] = 0 }
        for _ in weights.indices {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
            mixed ^= mixed >> 31
            // 32 random bits in place of a fraction: a bias of n/2³².
            weights[Int(((mixed >> 32) &* slices) >> 32)] += 1
        }
    }
}
