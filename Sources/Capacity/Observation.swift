import Statistics

/// A probe, what came of it, and what that says.
package struct Observation: Codable, Sendable, Equatable {
    package enum Verdict: String, Codable, Sendable, CaseIterable {
        case kept, broken
        /// Held, but not by enough to be proven.
        case unproven
        /// The generator could not drive it: it says nothing about the target.
        case notDriven = "not_driven"
    }

    package var probe: Probe
    package var result: ProbeResult
    package var verdict: Verdict
    /// Payments in flight grew by this share of the rate, and steadily; nil where they did not.
    package var backlogGrowth: Double?
    /// The worst share that missed a promise, against the share that may.
    package var excess: Double
    /// The upper bound that decided a proof, against the share that may miss; nil for other probes.
    package var provenExcess: Double?

    init(_ probe: Probe, _ result: ProbeResult, promises: Promises, confidence: Double) {
        self.probe = probe
        self.result = result
        let isUseless = result.generatorTrouble != nil || result.scheduled == 0
        backlogGrowth = isUseless ? nil : Self.growth(of: result, at: probe.rate)
        excess = promises.criteria.map { result.share($0) / promises.ratioBase($0) }.max() ?? 0
        let needsProof = probe.purpose == .proof || probe.purpose == .soak
        provenExcess =
            needsProof && !isUseless
            ? Self.upperExcess(result, promises: promises, confidence: confidence) : nil
        let isProven = provenExcess.map { $0 <= 1 } ?? true
        verdict =
            isUseless
            ? .notDriven
            : excess > 1 || backlogGrowth != nil || result.wasStoppedEarly
                ? .broken : isProven ? .kept : .unproven
    }

    /// More than three times what may miss, or a growing queue: its leftovers would spoil the next probe.
    var isOverloaded: Bool {
        excess > 3 || backlogGrowth != nil || result.wasStoppedEarly
    }

    /// Nearly every payment failed, other than by a rate limit.
    var isDead: Bool {
        let count = Double(result.scheduled)
        return Double(result.failed) >= 0.99 * count
            && Double(result.causes.throttled) < 0.5 * count
    }

    /// Queues that grow show in latency only once they are as long as the limit (`truth.md`, 2.1:
    /// 1 % of the rate in 60 s; shorter windows are sure only of 10 %).
    private static func growth(of result: ProbeResult, at rate: Double) -> Double? {
        let isLong = result.inFlight.count >= Backlog.fewestSeconds
        let found = Backlog.growth(
            ofInFlight: result.inFlight, rate: rate, fewest: isLong ? Backlog.fewestSeconds : 10)
        guard let found, found.isPresent, isLong || found.effect > 0.1 else { return nil }
        return found.effect
    }

    /// The greatest of all promises: the one-sided bound of the share that misses, from the spread of
    /// 20, 10 and 5 slices and never less than that of independent payments, against what may miss.
    private static func upperExcess(
        _ result: ProbeResult, promises: Promises, confidence: Double
    ) -> Double {
        promises.criteria.map { criterion in
            let allowed = promises.allowed(criterion)
            let counts = result.slices.map { $0.count(criterion) }
            // No payment was what it is about.
            guard counts.contains(where: { $0.all > 0 }) else { return 2 }
            let ratio = SlicedRatio(
                counts.map { .init(amount: Double($0.missing), weight: Double($0.all)) })
            let half = ratio.halfWidth(
                confidence: 2 * confidence - 1,
                leastVariance: allowed * (1 - allowed) / ratio.whole.weight)
            // Without enough slices nothing is proven.
            return half.map { (ratio.ratio + $0) / promises.ratioBase(criterion) } ?? 2
        }.max() ?? 0
    }
}

extension Promises {
    /// What may miss, as a divisor: a promise of no errors at all is broken by the first.
    fileprivate func ratioBase(_ criterion: Criterion) -> Double { max(allowed(criterion), 1e-9) }
}
