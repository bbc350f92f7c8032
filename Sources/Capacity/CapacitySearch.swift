/// The search for the highest rate that keeps the promises (`truth.md`, 7.1), as a value: it says what
/// to try, is told what came of it, and knows neither clock nor network. The same value runs live and in
/// virtual time. Encoded at any moment and decoded later, it goes on from there.
///
/// Rates rise by 1.4 until one breaks, the last good one is tried again, two bisections follow, and
/// then probes at the estimated capacity ± 2 % until the budget is spent. What is claimed is then proven:
/// held for long, a little lower each time it fails.
package struct CapacitySearch: Codable, Sendable, Equatable {
    package let settings: CapacitySettings
    /// Every probe so far.
    package private(set) var observations: [Observation] = []
    /// Seconds that probes and drains took.
    package private(set) var elapsed = 0.0
    /// The highest rate that held and the lowest that broke, the former below the latter.
    package internal(set) var good: Double?
    package internal(set) var bad: Double?
    package internal(set) var estimate: Estimate?
    /// The lowest rate that the generator could not drive.
    package internal(set) var ceiling: Double?
    package internal(set) var proven: Observation?
    package private(set) var drainsGivenUp = 0

    /// The highest rate that held at first, and broke time and again later: the target has changed.
    package internal(set) var heldAtFirst: Double?

    var stage = Stage.bracketing
    /// Of the next probe, where the stage does not say it.
    var rate: Double
    var proofs = 0
    /// Probes since the last change of stage, at a rate of repeated ones only the last.
    var probes = 0
    /// Probes below `good` that were overloaded, in a row.
    var contradictions = 0
    /// Probes before the target changed: what they tell is no more.
    var outdated = 0
    private var repeated = 0
    private var deadProbes = 0
    private var troubles = 0
    private var isCold = true
    var mustDrain = false
    private var pending: Step?

    enum Stage: Codable, Sendable, Equatable {
        case bracketing
        /// A rate that broke with few payments is asked again before that is believed.
        case doubting
        case rechecking
        case bisecting
        case refining
        /// Looking for the highest rate that the generator can drive.
        case yielding
        case proving
        case steppingDown
        case soaking
        case finished(CapacityAnswer.Ending)
    }

    package init(_ settings: CapacitySettings) {
        self.settings = settings
        rate = settings.from
    }

    /// What to do now. The same until it is done.
    package mutating func next() -> Step {
        if let pending { return pending }
        let step = makeStep()
        pending = step
        return step
    }

    /// To be called where a search goes on after a pause: the target is cold again, and what was under
    /// way begins anew.
    package mutating func resume() {
        if case .finished = stage { return }
        pending = nil
        isCold = true
    }

    /// - Precondition: `next` was a drain.
    package mutating func drained(seconds: Double, isEmpty: Bool) {
        guard case .drain = pending else { preconditionFailure("a drain that was asked for") }
        pending = nil
        mustDrain = false
        elapsed += seconds
        if !isEmpty { drainsGivenUp += 1 }
    }

    /// - Precondition: `next` was a probe, and `result` has its promises.
    package mutating func took(_ result: ProbeResult) {
        guard case .probe(let probe) = pending else {
            preconditionFailure("a probe that was asked for")
        }
        pending = nil
        elapsed += result.seconds
        let observation = Observation(
            probe, result, promises: settings.promises, confidence: settings.confidence)
        observations.append(observation)
        isCold = observation.isOverloaded || observation.verdict == .notDriven
        mustDrain = isCold && probe.purpose != .stepDown
        if observation.verdict == .notDriven { return yield(to: observation) }
        troubles = 0
        if isLost(observation) { return finish(.lost) }
        repeated += 1
        if isRepeated(probe.purpose), repeated < settings.step.repeats { return }
        advance(observation, isKept: isKept(last: repeated))
        repeated = 0
    }

    /// Of a claimed rate, how much is sent before it is proven; for so many seconds at least, or as long as
    /// the limit.
    private static let surge = 1.5
    private static let leastSurge = 1.0
    /// Seconds, and times the limit, until it has to be over.
    private static let leastRecovery = 15.0
    private static let recovery = 10.0

    private func isRepeated(_ purpose: Probe.Purpose) -> Bool {
        switch purpose {
        case .bisect, .refine: true
        case .bracket, .recheck, .proof, .stepDown, .soak: false
        }
    }

    /// Whether the last probes, all at one rate, held together.
    private func isKept(last count: Int) -> Bool {
        let together = observations.suffix(count)
        guard count > 1 else { return together.last?.verdict == .kept }
        return together.allSatisfy { $0.backlogGrowth == nil && !$0.result.wasStoppedEarly }
            && settings.promises.criteria.allSatisfy { criterion in
                let count = together.reduce(into: ProbeResult.Count()) {
                    $0.add($1.result.count(criterion))
                }
                return Double(count.missing)
                    <= settings.promises.allowed(criterion) * Double(count.all)
            }
    }

    /// Two probes in a row with hardly any answer, at a rate that held before: the target is gone, not
    /// overloaded.
    private mutating func isLost(_ observation: Observation) -> Bool {
        let held = observations.filter { $0.verdict == .kept }.map(\.probe.rate).max() ?? 0
        deadProbes = observation.isDead ? deadProbes + 1 : 0
        return deadProbes >= 2 && observation.probe.rate <= 1.02 * held
    }

    /// A rate is asked again before the generator is believed to be at its end.
    private mutating func yield(to observation: Observation) {
        repeated = 0
        troubles += 1
        if troubles < 2 {
            rate = observation.probe.rate
            return
        }
        troubles = 0
        ceiling = min(ceiling ?? .infinity, observation.probe.rate)
        foundCeiling()
    }

    // Steps

    private mutating func makeStep() -> Step {
        if case .finished = stage { return .done(answer) }
        if mustDrain {
            return .drain(Drain(inFlight: quietInFlight, atMost: max(60, 10 * limit)))
        }
        return .probe(makeProbe())
    }

    /// As many as were in flight in the calmest probe, so that what is left is no queue.
    private var quietInFlight: Int {
        let calm = observations.filter { $0.verdict == .kept && !$0.result.inFlight.isEmpty }
        let means = calm.map { $0.result.inFlight.reduce(0, +) / Double($0.result.inFlight.count) }
        return Int((means.min() ?? 0).rounded(.up))
    }

    var limit: Double { settings.promises.longestLimit }

    /// The highest rate that may be tried, a little below what the generator could not drive.
    var top: Double { min(settings.top, 0.98 * (ceiling ?? .infinity)) }

    private func makeProbe() -> Probe {
        let purpose = stage.purpose
        let isProof = purpose == .proof
        let surge = isProof ? surge(at: rate) : nil
        var lengths = lengths(of: purpose)
        if surge != nil {
            lengths.settle = max(lengths.settle, Self.leastRecovery, Self.recovery * limit)
        }
        return Probe(
            number: observations.count + 1, rate: rate, surge: surge, settle: lengths.settle,
            measure: lengths.measure, slices: slices(of: lengths.measure, purpose),
            purpose: purpose,
            mostExceeding: isProof ? settings.promises.latencies.map { 1 - $0.quantile } : [],
            mostFailed: isProof ? settings.promises.errors : nil,
            mostMissing: isProof ? settings.promises.shares.map { $0.most * $0.portion } : [])
    }

    /// Never above what may be tried; nil where there is no room.
    private func surge(at rate: Double) -> Probe.Surge? {
        let raised = min(rate * Self.surge, top)
        let seconds = max(Self.leastSurge, limit.rounded(.up))
        return raised > rate ? Probe.Surge(rate: raised, seconds: seconds) : nil
    }

    private func lengths(of purpose: Probe.Purpose) -> (settle: Double, measure: Double) {
        let step = settings.step
        let settle = step.settle ?? (isCold ? max(5, 10 * limit) : max(2, 2 * limit))
        let measure = step.measure ?? max(10, 20 * limit)
        switch purpose {
        case .bracket:
            return (min(settle, max(1, limit)), min(measure, max(4, 3 * limit)))
        case .bisect, .refine, .recheck, .stepDown: return (settle, measure)
        case .proof: return (settle, settings.proofSeconds(at: rate))
        case .soak: return (settle, settings.soak?.seconds ?? 0)
        }
    }

    /// About 2.5 s long; a proof has whole multiples of the 20 that its bounds are made of, but none
    /// shorter than a second, by which live runs count.
    private func slices(of seconds: Double, _ purpose: Probe.Purpose) -> Int {
        let count = max(2, Int((seconds / 2.5).rounded()))
        guard purpose == .proof || purpose == .soak else { return count }
        return seconds < 20 ? max(2, Int(seconds)) : (count + 19) / 20 * 20
    }
}

extension CapacitySearch.Stage {
    var purpose: Probe.Purpose {
        switch self {
        case .bracketing: .bracket
        case .doubting, .rechecking: .recheck
        case .bisecting, .yielding: .bisect
        case .refining: .refine
        case .proving: .proof
        case .steppingDown: .stepDown
        case .soaking, .finished: .soak
        }
    }
}
