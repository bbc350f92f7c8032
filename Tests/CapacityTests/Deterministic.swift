import Capacity
import Glibc

/// A target without chance: the share of slow and of failed payments is a function of the rate, the
/// same in every slice.
struct Deterministic {
    var slow: @Sendable (_ rate: Double) -> Double
    var failed: @Sendable (_ rate: Double) -> Double = { _ in 0 }
    /// For each promise about a share, what those that fail or are slow are to it.
    var shares: [@Sendable (_ missing: Int, _ all: Int) -> ProbeResult.Count] = []
    var generatorLimit = Double.infinity
    var inFlight: @Sendable (_ rate: Double) -> Double = { _ in 1 }
    /// From this step on nothing is answered.
    var deadFrom = Int.max
    /// From this step on it can do only 70 % of what it could.
    var weakFrom = Int.max

    /// 1 % are slow at `capacity`, and each percent of rate is 0.6 in the logit.
    static func steep(at capacity: Double) -> Deterministic {
        Deterministic(slow: { 1 / (1 + exp(4.59512 - 60 * log($0 / capacity))) })
    }

    /// The rates that were tried, surges too, and the answer; nil if it does not end within 400 steps.
    func run(_ search: inout CapacitySearch) -> (rates: [Double], answer: CapacityAnswer)? {
        var rates: [Double] = []
        for _ in 0..<400 {
            switch search.next() {
            case .probe(let probe):
                rates.append(probe.rate)
                if let surge = probe.surge { rates.append(surge.rate) }
                search.took(result(of: probe))
            case .drain: search.drained(seconds: 1, isEmpty: true)
            case .done(let answer): return (rates, answer)
            }
        }
        return nil
    }

    func result(of probe: Probe) -> ProbeResult {
        let isDead = probe.number >= deadFrom
        let load = probe.number >= weakFrom ? probe.rate / 0.7 : probe.rate
        let count = Int((probe.rate * probe.sliceSeconds).rounded())
        let failures = isDead ? count : Int((failed(probe.rate) * Double(count)).rounded())
        var slices: [ProbeResult.Slice] = []
        var carry = 0.0
        while slices.count < probe.slices, !probe.isHopeless(after: slices) {
            // Fractions add up from slice to slice.
            carry += slow(load) * Double(count - failures)
            let late = Int(carry)
            carry -= Double(late)
            slices.append(
                .init(
                    scheduled: count, exceeding: [failures + late], failed: failures,
                    shares: shares.map { $0(failures + late, count) }))
        }
        var causes = ProbeResult.Causes()
        causes.latency = slices.reduce(0) { $0 + $1.exceeding[0] - $1.failed }
        causes.errors = slices.reduce(0) { $0 + $1.failed }
        let seconds = probe.sliceSeconds * Double(slices.count)
        var times = ProbeResult.Times()
        times.meanMicroseconds = inFlight(probe.rate) / probe.rate * 1e6
        return ProbeResult(
            slices: slices, seconds: probe.settle + seconds,
            inFlight: [Double](repeating: inFlight(probe.rate), count: Int(seconds)),
            achievedPerSecond: min(probe.rate, generatorLimit), completedPerSecond: probe.rate,
            generatorTrouble: probe.rate > generatorLimit ? "sent late" : nil,
            wasStoppedEarly: slices.count < probe.slices, causes: causes, times: times)
    }

    /// Of a probe of 120 s without a slow payment.
    static func verdict(inFlight: [Double]) -> Observation.Verdict? {
        var settings = CapacitySettings(
            promises: Promises(
                latencies: [.init(quantile: 0.99, limitSeconds: 10)], errors: nil),
            from: 400, to: 400)
        settings.step = .init(settle: 1, measure: 120)
        var search = CapacitySearch(settings)
        guard case .probe(let probe) = search.next() else { return nil }
        var result = Deterministic(slow: { _ in 0 }).result(of: probe)
        result.inFlight = inFlight
        search.took(result)
        return search.observations.first?.verdict
    }
}

extension CapacitySettings {
    /// 99 % within 250 ms, at most 0.1 % failed.
    static func usual(from: Double = 50, to: Double = 5000, allowed: Double? = nil) -> Self {
        let promises = Promises(
            latencies: [.init(quantile: 0.99, limitSeconds: 0.25)], errors: 0.001)
        return CapacitySettings(promises: promises, from: from, to: to, allowed: allowed)
    }
}
