/// What a capacity search looks for, where, and for how long. Rates in payments per second, times in
/// seconds.
package struct CapacitySettings: Codable, Sendable, Equatable {
    package var promises: Promises
    package var from: Double
    package var to: Double
    /// What `limits` allow; never exceeded. nil: `to` is the only end.
    package var allowed: Double?
    /// Half the width of an estimate that is precise enough, as a share: a wider one asks for more time.
    package var tolerance = 0.02
    /// Of the interval (two-sided) and of the proof's bounds (one-sided).
    package var confidence = 0.95
    /// For everything before the proof.
    package var budget = 300.0
    package var step = StepLengths()
    package var proof = ProofLength()
    package var stepsDown = false
    package var soak: Soak?
    /// The load that is expected at the launch.
    package var expected: Double?

    /// What is set by hand; nil: as long as the promises need.
    package struct StepLengths: Codable, Sendable, Equatable {
        package var settle: Double?
        package var measure: Double?
        /// Probes at a rate before the next one is chosen, once the capacity is bracketed.
        package var repeats = 1

        package init(settle: Double? = nil, measure: Double? = nil, repeats: Int = 1) {
            precondition(repeats > 0, "a step is made once at least")
            self.settle = settle
            self.measure = measure
            self.repeats = repeats
        }
    }

    /// How long a claimed rate is held (`truth.md`, 7.1).
    package struct ProofLength: Codable, Sendable, Equatable {
        package var least = 120.0
        package var timesLimit = 100.0
        /// Payments that may miss the rarest promise: with fewer, nothing can be proven. Lengthens the proof.
        package var leastTailEvents = 60.0
        /// Never longer; where that is too short for the promise, the answer says how long it takes.
        package var most = 1800.0

        package init() {}
    }

    /// A long look at a share of what was proven.
    package struct Soak: Codable, Sendable, Equatable {
        package var seconds: Double
        package var share: Double

        package init(seconds: Double, share: Double = 0.9) {
            precondition(seconds > 0 && share > 0 && share <= 1, "a while at up to all of it")
            self.seconds = seconds
            self.share = share
        }
    }

    /// - Precondition: 0 < `from` ≤ `to`, and `from` is allowed.
    package init(promises: Promises, from: Double, to: Double, allowed: Double? = nil) {
        precondition(from > 0 && to >= from, "rates ascend from above 0")
        precondition(allowed.map { $0 >= from } ?? true, "the first rate is allowed")
        self.promises = promises
        self.from = from
        self.to = to
        self.allowed = allowed
    }

    /// The highest rate that may be tried.
    package var top: Double { min(to, allowed ?? to) }

    /// How long `rate` is held to prove it.
    package func proofSeconds(at rate: Double) -> Double {
        let payments = promises.payments(forTailEvents: proof.leastTailEvents)
        let wanted = max(proof.least, proof.timesLimit * promises.longestLimit, payments / rate)
        return min(wanted, max(proof.most, proof.least)).rounded(.up)
    }
}
