import Histograms
import Statistics

/// How often intervals cover the truth, over many windows of one synthetic service.
struct Coverage {
    struct Cell {
        var trials = 0
        var covered = 0
        /// Windows in which the quantile is resolved (at least 5 effective tail events).
        var resolved = 0
        var coveredWhenResolved = 0
        /// (upper − lower) / truth; infinite where a bound is missing.
        var widths: [Double] = []
        var events: [Double] = []

        var share: Double { Double(covered) / Double(trials) }
        var shareWhenResolved: Double? {
            resolved == 0 ? nil : Double(coveredWhenResolved) / Double(resolved)
        }

        mutating func add(_ estimate: QuantileEstimate, truth: Double) {
            let covers =
                estimate.lower ?? 0 <= truth && truth <= estimate.upper ?? .infinity
            let effective = estimate.effectiveEvents ?? 0
            trials += 1
            covered += covers ? 1 : 0
            resolved += estimate.isResolved ? 1 : 0
            coveredWhenResolved += estimate.isResolved && covers ? 1 : 0
            widths.append(((estimate.upper ?? .infinity) - (estimate.lower ?? 0)) / truth)
            events.append(effective)
        }
    }

    var service: Service
    var rate: Double
    var seconds: Int
    var windows: Int
    var seed: UInt64
    var quantiles = [0.5, 0.95, 0.99, 0.999]

    /// One cell for each quantile. Window i has the seed `seed` + i.
    func measure() -> [Cell] {
        // In µs, the unit of the histograms.
        let truths = quantiles.map { service.quantile($0, rate: rate) * 1e6 }
        var cells = [Cell](repeating: Cell(), count: quantiles.count)
        for window in 0..<windows {
            let study = study(seed: seed &+ UInt64(window))
            for (index, quantile) in quantiles.enumerated() {
                guard let estimate = study.estimate(at: quantile) else { continue }
                cells[index].add(estimate, truth: truths[index])
            }
        }
        return cells
    }

    /// A window as the program sees it: payments counted in buckets by intended second, seconds added
    /// up to slices.
    func study(seed: UInt64) -> QuantileStudy {
        guard let slicing = Slicing(parts: seconds) else { preconditionFailure("5 s or more") }
        var slices = [Bucketed](repeating: Bucketed(), count: slicing.count)
        var draws = Draws(seed: seed)
        service.run(rate: rate, seconds: Double(seconds), draws: &draws) { arrival, time in
            slices[slicing.slice(of: Int(arrival))].record(seconds: time)
        }
        return QuantileStudy(slices: slices.map(\.sample), seconds: Double(seconds))
    }
}

/// Times in the buckets of `Histogram`, for few values: kept one by one, so that the tests need not
/// walk thousands of empty buckets.
struct Bucketed {
    private var indices: [Int] = []

    mutating func record(seconds: Double) {
        indices.append(Buckets.index(of: UInt64(seconds * 1e6)))
    }

    var sample: Sample {
        var bins: [Sample.Bin] = []
        var last = -1
        for index in indices.sorted() {
            if index == last {
                bins[bins.count - 1].count += 1
            } else {
                bins.append(.init(bucket: index, count: 1))
                last = index
            }
        }
        return Sample(bins: bins)
    }
}

extension Sample.Bin {
    /// A bucket of a histogram, in µs.
    init(bucket index: Int, count: Int) {
        self.init(
            low: Double(Buckets.lowestValue(at: index)),
            high: Double(Buckets.highestValue(at: index)), count: count)
    }
}
