import Glibc
import Statistics

/// Counts of intervals that cover a truth.
struct Hits {
    var trials = 0
    var covered = 0

    var share: Double { Double(covered) / Double(trials) }

    mutating func add(covers: Bool) {
        trials += 1
        covered += covers ? 1 : 0
    }
}

/// Failures of payments whose true share is known: a share of `base` always, and `outage` more in
/// outages of mean length 1 s that come, after exponential gaps, each `gap` seconds.
struct Failures {
    var base: Double
    var outage: Double
    var gap: Double

    var share: Double { base + outage / (gap + 1) }

    func parts(rate: Double, seconds: Int, seed: UInt64) -> [ShareEstimate.Part] {
        var draws = Draws(seed: seed)
        var events = [Int](repeating: 0, count: seconds)
        var counts = events
        // In an outage with the probability of the long run: the window is any window.
        var isOut = outage > 0 && draws.uniform() < 1 / (gap + 1)
        var next = outage > 0 ? draws.exponential(mean: isOut ? 1 : gap) : .infinity
        var arrival = draws.exponential(mean: 1 / rate)
        while arrival < Double(seconds) {
            while arrival >= next {
                isOut.toggle()
                next += draws.exponential(mean: isOut ? 1 : gap)
            }
            counts[Int(arrival)] += 1
            if draws.uniform() < base + (isOut ? outage : 0) { events[Int(arrival)] += 1 }
            arrival += draws.exponential(mean: 1 / rate)
        }
        return zip(events, counts).map { ShareEstimate.Part(events: $0, of: $1) }
    }

    func coverage(rate: Double, seconds: Int, windows: Int, seed: UInt64) -> Hits {
        (0..<windows).reduce(into: Hits()) { hits, window in
            let parts = parts(rate: rate, seconds: seconds, seed: seed &+ UInt64(window))
            guard let estimate = ShareEstimate(parts: parts) else { return }
            hits.add(covers: estimate.bounds.contains(share))
        }
    }
}

extension Service {
    /// The exact mean response time, in seconds; nil where it is not known in closed form.
    func mean(rate: Double) -> Double? {
        switch self {
        case .independent, .chained: return 0.02 * exp(0.125)
        case .drifting(let spread): return 0.02 * exp((0.25 + spread * spread) / 2)
        case .queue(let utilisation):
            let service = rate / (4 * utilisation)
            return 1 / service + waitingShare(utilisation) / (4 * service - rate)
        case .stalling, .freezing: return nil
        }
    }

    private func waitingShare(_ utilisation: Double) -> Double {
        let offered = 4 * utilisation
        let full = pow(offered, 4) / 24 / (1 - utilisation)
        return full / (1 + offered + pow(offered, 2) / 2 + pow(offered, 3) / 6 + full)
    }

    /// How often the interval of the mean covers it.
    func meanCoverage(rate: Double, seconds: Int, windows: Int, seed: UInt64) -> Hits? {
        guard let mean = mean(rate: rate) else { return nil }
        return (0..<windows).reduce(into: Hits()) { hits, window in
            let none = RatioEstimate.Sums(count: 0, sum: 0, sumOfSquares: 0)
            var parts = [RatioEstimate.Sums](repeating: none, count: seconds)
            var draws = Draws(seed: seed &+ UInt64(window))
            run(rate: rate, seconds: Double(seconds), draws: &draws) { arrival, time in
                parts[Int(arrival)].count += 1
                parts[Int(arrival)].sum += time
                parts[Int(arrival)].sumOfSquares += time * time
            }
            guard let estimate = RatioEstimate.mean(parts: parts), let half = estimate.halfWidth
            else { return }
            hits.add(covers: abs(estimate.value - mean) <= half)
        }
    }
}
