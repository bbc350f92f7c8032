import Glibc

/// Where the search goes after each probe.
extension CapacitySearch {
    private static let growth = 1.4
    private static let bisections = 2
    /// Of the rate, to either side of the estimate.
    private static let offset = 0.02
    /// Overloaded below this share of a rate that held is not chance.
    private static let contradiction = 0.97
    private static let descent = 1.2
    private static let fewestRefinements = 2
    /// How far below the estimate a claim is, as a logarithm: so many standard deviations, within these.
    private static let leastMargin = 0.015
    private static let deviations = 1.28
    private static let mostMargin = 0.04
    /// Of a claim that failed, what is claimed next.
    private static let lowered = 0.98
    static let mostProofs = 6
    /// A rate that broke with fewer payments than this broke by chance, perhaps.
    private static let fewestMissing = 5
    private static let stepsDown = [0.98, 0.9, 0.8, 0.7, 0.6, 0.5]

    mutating func advance(_ observation: Observation, isKept: Bool) {
        switch stage {
        case .bracketing: bracketed(observation, isKept)
        case .doubting: doubted(isKept)
        case .rechecking: rechecked(isKept)
        case .bisecting: bisected(isKept)
        case .refining: refined(observation, isKept)
        case .yielding: yielded(isKept)
        case .proving: proved(observation, isKept)
        case .steppingDown: steppedDown(isKept)
        case .soaking: finish(ending)
        case .finished: preconditionFailure("a search goes on until it is finished")
        }
    }

    mutating func finish(_ ending: CapacityAnswer.Ending) { stage = .finished(ending) }

    private mutating func go(_ next: Stage, at nextRate: Double) {
        if next != stage { probes = 0 }
        stage = next
        rate = min(nextRate, top)
    }

    // Bracket

    private mutating func bracketed(_ observation: Observation, _ isKept: Bool) {
        if isKept { return climb() }
        let counts = settings.promises.criteria.map(observation.result.count)
        let missing = counts.map(\.missing).max() ?? 0
        if missing < Self.fewestMissing || good == nil {
            go(.doubting, at: rate)
        } else {
            broke()
        }
    }

    private mutating func doubted(_ isKept: Bool) { isKept ? climb() : broke() }

    private mutating func climb() {
        good = rate
        if rate >= top { return claimTop() }
        go(.bracketing, at: rate * Self.growth)
    }

    /// `rate` broke on the way up: the last good one is tried once more.
    private mutating func broke() {
        bad = rate
        guard let good else { return finish(.failsAtStart) }
        go(.rechecking, at: good)
    }

    private mutating func rechecked(_ isKept: Bool) {
        if isKept {
            good = rate
            return go(.bisecting, at: middle)
        }
        if let good { heldAtFirst = max(heldAtFirst ?? 0, good) }
        (good, bad) = (nil, rate)
        if rate <= settings.from { return finish(.notRecovered) }
        go(.rechecking, at: max(settings.from, rate / Self.descent))
    }

    /// Between good and bad, geometrically.
    private var middle: Double {
        ((good ?? settings.from) * (bad ?? top)).squareRoot()
    }

    private mutating func narrow(_ isKept: Bool) {
        if isKept, rate < (bad ?? .infinity) {
            good = max(good ?? 0, rate)
        } else if !isKept, rate > (good ?? 0) {
            bad = min(bad ?? .infinity, rate)
        }
        estimateAgain()
    }

    /// Where nothing broke before. What the generator could drive once may be above what it can now.
    private mutating func bound(at rate: Double) {
        bad = rate
        if let held = good, held >= rate { good = lastKept(below: rate) }
    }

    mutating func estimateAgain() {
        guard let good, let bad, good < bad else { return }
        estimate = Estimate(
            Array(observations.dropFirst(outdated)), promises: settings.promises,
            bracket: good...bad, confidence: settings.confidence)
    }

    // Around the capacity

    private mutating func bisected(_ isKept: Bool) {
        narrow(isKept)
        probes += 1
        if probes < Self.bisections { return go(.bisecting, at: middle) }
        refine()
    }

    private mutating func refined(_ observation: Observation, _ isKept: Bool) {
        if isContradicted(by: observation) { return startAgain() }
        narrow(isKept)
        probes += 1
        if elapsed >= settings.budget, probes >= Self.fewestRefinements { return startProof() }
        refine()
    }

    private mutating func isContradicted(by observation: Observation) -> Bool {
        let isBelow = observation.probe.rate < (good ?? 0) * Self.contradiction
        contradictions = isBelow && observation.isOverloaded ? contradictions + 1 : 0
        return contradictions >= 2
    }

    /// What held before does so no more, as with a target that slows down under load: all that was
    /// learnt is dropped but the last two probes, and a rate that holds is looked for from here down.
    private mutating func startAgain() {
        heldAtFirst = max(heldAtFirst ?? 0, good ?? 0)
        outdated = observations.count - contradictions
        contradictions = 0
        (good, bad, estimate) = (nil, rate, nil)
        go(.rechecking, at: max(settings.from, rate / Self.descent))
    }

    private mutating func refine() {
        let count = stage == .refining ? probes : 0
        let side = count.isMultiple(of: 2) ? Self.offset : -Self.offset
        // Without an estimate bisection goes on.
        let wanted = estimate.map { $0.ratePerSecond * exp(side) } ?? middle
        let bounded = min(max(wanted, (good ?? 0) * 0.9), (bad ?? .infinity) * 1.02)
        go(.refining, at: bounded)
    }

    // Ends of the range

    /// Nothing broke up to the end: that is claimed, and no more.
    private mutating func claimTop() { go(.proving, at: ceiling == nil ? top : good ?? top) }

    /// The generator could not drive `ceiling`.
    mutating func foundCeiling() {
        switch stage {
        case .bracketing, .doubting, .rechecking, .yielding:
            probes += stage == .yielding ? 1 : 0
            climbUnderCeiling()
        case .bisecting, .refining: elapsed < settings.budget ? refine() : startProof()
        case .proving:
            proofs += 1
            if proofs < Self.mostProofs { return go(.proving, at: min(good ?? top, top)) }
            finish(proven == nil ? .generatorCeiling : ending)
        case .steppingDown, .soaking, .finished: finish(ending)
        }
    }

    /// Half way up from the last good rate, twice, for what the generator can drive.
    private mutating func climbUnderCeiling() {
        guard let good, good < top else { return finish(.generatorCeiling) }
        let count = stage == .yielding ? probes : 0
        guard count < Self.bisections else { return claimTop() }
        go(.yielding, at: (good * top).squareRoot())
        probes = count
    }

    private mutating func yielded(_ isKept: Bool) {
        probes += 1
        if isKept {
            good = max(good ?? 0, rate)
            return climbUnderCeiling()
        }
        bound(at: rate)
        estimateAgain()
        go(.bisecting, at: middle)
    }

    // Proof and what follows

    /// Half of the first rate is the least that is claimed.
    private mutating func startProof() { go(.proving, at: max(claim, settings.from / 2)) }

    /// What a noisy target can keep is less sure than what a steady one can: as much below the estimate.
    private var claim: Double {
        guard let estimate else { return middle * exp(-Self.leastMargin) }
        let deviations = Self.deviations * estimate.standardError
        return estimate.ratePerSecond
            * exp(-min(max(Self.leastMargin, deviations), Self.mostMargin))
    }

    private mutating func proved(_ observation: Observation, _ isKept: Bool) {
        proofs += 1
        // The end of the range did not hold for long: now there is a bracket.
        if bad == nil, observation.verdict == .broken, ceiling == nil,
            let lower = lastKept(below: rate)
        {
            (good, bad) = (lower, rate)
            return go(.bisecting, at: middle)
        }
        if bad == nil, observation.verdict == .broken { bound(at: rate) }
        if observation.verdict != .unproven { narrow(isKept) }
        isKept ? accept(observation) : claimLess()
    }

    private mutating func accept(_ observation: Observation) {
        proven = observation
        let isBounded = observations.contains { $0.verdict == .broken && $0.probe.rate > rate }
        if isBounded || rate >= top || ceiling != nil || proofs >= Self.mostProofs {
            return afterProof()
        }
        // What broke below it broke by chance: a rate that is too high is still to be found.
        (good, bad) = (rate, nil)
        go(.bracketing, at: rate * Self.growth)
    }

    private mutating func claimLess() {
        let next = rate * Self.lowered
        let isWorthwhile = next > (proven?.probe.rate ?? settings.from / 2)
        if proofs < Self.mostProofs, isWorthwhile { return go(.proving, at: next) }
        proven == nil ? finish(.noProof) : afterProof()
    }

    private func lastKept(below rate: Double) -> Double? {
        observations.filter { $0.verdict == .kept && $0.probe.rate < rate }.map(\.probe.rate).max()
    }

    private mutating func afterProof() {
        guard settings.stepsDown, let proven, let bad else { return soak() }
        // Up to where it broke, and down again without a pause.
        go(.steppingDown, at: max(bad, proven.probe.rate * 1.02))
    }

    private mutating func steppedDown(_ isKept: Bool) {
        probes += 1
        guard let proven, probes <= Self.stepsDown.count, !(isKept && probes > 1) else {
            return soak()
        }
        go(.steppingDown, at: proven.probe.rate * Self.stepsDown[probes - 1])
    }

    private mutating func soak() {
        mustDrain = mustDrain || observations.last?.isOverloaded == true
        guard let soak = settings.soak, let proven else { return finish(ending) }
        go(.soaking, at: proven.probe.rate * soak.share)
    }

    /// What a proof shows: the capacity, where the target broke above it; else that it is at least that.
    private var ending: CapacityAnswer.Ending {
        guard let proven else { return .noProof }
        let isBounded = observations.contains {
            $0.verdict == .broken && $0.probe.rate > proven.probe.rate
                && $0.probe.rate < (ceiling ?? .infinity)
        }
        if isBounded { return .proven }
        return ceiling == nil ? .atLeast : .generatorCeiling
    }
}
