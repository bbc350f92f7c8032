/// What a capacity search wants next.
package enum Step: Codable, Sendable, Equatable {
    case probe(Probe)
    case drain(Drain)
    case done(CapacityAnswer)
}

/// One rate, held for a while and counted.
package struct Probe: Codable, Sendable, Equatable {
    package enum Purpose: String, Codable, Sendable, CaseIterable {
        case bracket, bisect, refine, recheck, proof, soak
        case stepDown = "step_down"
    }

    /// What the target has to get over before it settles.
    package struct Surge: Codable, Sendable, Equatable {
        package var rate: Double
        package var seconds: Double
    }

    /// From 1.
    package var number: Int
    package var rate: Double
    /// Of a proof: a rate that a target keeps only as long as nothing disturbs it is no capacity.
    package internal(set) var surge: Surge?
    /// Seconds at this rate before counting begins.
    package var settle: Double
    /// Seconds that count.
    package var measure: Double
    /// Equal parts of `measure`.
    package var slices: Int
    package var purpose: Purpose
    /// What may miss the promises, as shares in the order of `ProbeResult.Slice.exceeding`, and of
    /// failures; set for proofs, which end once they cannot succeed.
    var mostExceeding: [Double] = []
    var mostFailed: Double?
    /// Of all payments, in the order of `ProbeResult.Slice.shares`; set for proofs.
    var mostMissing: [Double] = []

    package var sliceSeconds: Double { measure / Double(slices) }

    /// Whether to stop now, after these whole slices: more than half of the last one, and five at least,
    /// took too long or failed, or a proof has used up what may go wrong in all of it. Latency and errors that run away
    /// end a probe within a slice.
    package func isHopeless(after done: [ProbeResult.Slice]) -> Bool {
        guard let last = done.last, done.count < slices else { return false }
        let worst = max(last.exceeding.max() ?? 0, last.failed)
        let isChance = worst < Self.fewestMissing
        if !isChance, Double(worst) > Self.hopelessShare * Double(last.scheduled) { return true }
        // Not decided by chance: a fifth more payments than planned do not come.
        let planned = rate * measure * 1.2
        func isUsedUp(_ allowed: Double, _ count: (ProbeResult.Slice) -> Int) -> Bool {
            Double(done.reduce(0) { $0 + count($1) }) > max(allowed * planned, 1)
        }
        if let mostFailed, isUsedUp(mostFailed, \.failed) { return true }
        let isLate = mostExceeding.enumerated().contains { index, allowed in
            isUsedUp(allowed) { $0.exceeding[index] }
        }
        return isLate
            || mostMissing.enumerated().contains { index, allowed in
                isUsedUp(allowed) { $0.shares[index].missing }
            }
    }

    private static let hopelessShare = 0.5
    private static let fewestMissing = 5
}

/// No payments until those in flight are answered.
package struct Drain: Codable, Sendable, Equatable {
    /// Done with this many in flight, or fewer.
    package var inFlight: Int
    /// Given up after this many seconds.
    package var atMost: Double
}
