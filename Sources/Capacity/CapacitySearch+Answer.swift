extension CapacitySearch {
    /// What is known at this moment.
    package var answer: CapacityAnswer {
        var answer = CapacityAnswer(
            ending: currentEnding, seconds: elapsed, promises: settings.promises.texts,
            steps: observations.map(CapacityStep.init))
        answer.provenPerSecond = proven?.probe.rate
        answer.provenSeconds = proven?.probe.measure
        answer.estimate = estimate.map {
            CapacityAnswer.Interval(
                ratePerSecond: $0.ratePerSecond, lowerPerSecond: $0.lowerPerSecond,
                upperPerSecond: $0.upperPerSecond, confidence: $0.confidence)
        }
        answer.firstFailedPerSecond = firstFailed
        answer.generatorCeilingPerSecond = ceiling
        answer.gaveWay = gaveWay
        answer.knee = knee
        answer.scalability = Scalability(scalabilityPoints)
        answer.headroom = headroom
        answer.hysteresis = hysteresis
        answer.soak = soakResult
        answer.needs = needs
        answer.heldAtFirstPerSecond = heldAtFirst
        answer.drainsGivenUp = drainsGivenUp
        answer.sentence = answer.words(from: settings.from)
        return answer
    }

    /// Seconds until the answer, if the first claim holds and nothing follows.
    package var secondsLeft: Double {
        if case .finished = stage { return 0 }
        let rate = proven?.probe.rate ?? estimate?.ratePerSecond ?? good ?? settings.from
        let proof = proven == nil ? settings.proofSeconds(at: rate) : 0
        return max(0, settings.budget - elapsed) + proof
    }

    private var currentEnding: CapacityAnswer.Ending {
        if case .finished(let ending) = stage { ending } else { .unfinished }
    }

    /// Probes that tell of the way up, by a generator that could drive them.
    private var climbing: [Observation] {
        observations.filter {
            $0.verdict != .notDriven && $0.probe.purpose != .stepDown && $0.probe.purpose != .soak
        }
    }

    private var firstFailed: Double? {
        let floor = proven?.probe.rate ?? 0
        return climbing.filter { $0.verdict == .broken && $0.probe.rate > floor }
            .map(\.probe.rate).min()
    }

    // What gave way

    private var gaveWay: CapacityAnswer.Cause? {
        guard let firstFailed else { return ceiling == nil ? nil : .generator }
        // What breaks a tenth above is the same in more words.
        return cause(
            of: climbing.filter {
                $0.verdict == .broken && $0.probe.rate >= firstFailed
                    && $0.probe.rate <= firstFailed * 1.1
            })
    }

    private func cause(of broken: [Observation]) -> CapacityAnswer.Cause? {
        guard !broken.isEmpty else { return nil }
        let worst = settings.promises.criteria.map { criterion in
            let count = broken.reduce(into: ProbeResult.Count()) {
                $0.add($1.result.count(criterion))
            }
            let allowed = max(settings.promises.allowed(criterion), 1e-9) * Double(count.all)
            return (criterion, count.missing, Double(count.missing) / max(allowed, 1e-9))
        }.max { $0.2 < $1.2 }
        guard let (criterion, missing, excess) = worst, excess > 1 else { return .backlog }
        if let outcome = settings.promises.outcome(criterion) { return .init(outcome: outcome) }
        let failed = broken.reduce(0) { $0 + $1.result.failed }
        if !settings.promises.isOfEnds(criterion), failed * 2 < missing { return .latency }
        return mostFrequentFailure(in: broken)
    }

    private func mostFrequentFailure(in broken: [Observation]) -> CapacityAnswer.Cause {
        func sum(_ count: (ProbeResult.Causes) -> Int) -> Int {
            broken.reduce(0) { $0 + count($1.result.causes) }
        }
        let kinds: [(CapacityAnswer.Cause, Int)] = [
            (.errors, sum(\.errors)), (.throttled, sum(\.throttled)), (.inDoubt, sum(\.inDoubt)),
            (.timeout, sum(\.timeouts)),
        ]
        return kinds.max { $0.1 < $1.1 }?.0 ?? .errors
    }

    // The shape of it

    private var knee: CapacityAnswer.Knee? {
        climbing.map(CapacityStep.init).filter { $0.measuredSeconds > 0 }
            .max { $0.goodPerSecond < $1.goodPerSecond }
            .map {
                CapacityAnswer.Knee(
                    ratePerSecond: $0.ratePerSecond, goodputPerSecond: $0.goodPerSecond)
            }
    }

    /// Probes in something like a steady state: neither cut short nor with a growing queue.
    private var scalabilityPoints: [Scalability.Point] {
        climbing.filter { !$0.result.wasStoppedEarly && $0.backlogGrowth == nil }
            .compactMap { observation in
                let completed = observation.result.completedPerSecond
                return observation.result.times.meanMicroseconds.map {
                    Scalability.Point(inFlight: completed * $0 / 1e6, perSecond: completed)
                }
            }
    }

    private var headroom: CapacityAnswer.Headroom? {
        guard let expected = settings.expected, let proven else { return nil }
        return CapacityAnswer.Headroom(
            expectedPerSecond: expected, share: proven.probe.rate / expected - 1)
    }

    private var hysteresis: CapacityAnswer.Hysteresis? {
        let down = observations.filter { $0.probe.purpose == .stepDown }
        guard let first = down.first, down.count > 1, let proven else { return nil }
        let recovered = down.dropFirst().first { $0.verdict == .kept }?.probe.rate
        // A step of two percent below what was proven is no loss.
        let share = recovered.map { 1 - $0 / proven.probe.rate } ?? 1
        return CapacityAnswer.Hysteresis(
            overloadedPerSecond: first.probe.rate, recoveredPerSecond: recovered,
            share: share < 0.03 ? 0 : share)
    }

    private var soakResult: CapacityAnswer.SoakResult? {
        guard let soak = observations.last(where: { $0.probe.purpose == .soak }) else { return nil }
        return CapacityAnswer.SoakResult(
            ratePerSecond: soak.probe.rate,
            seconds: soak.probe.sliceSeconds * Double(soak.result.slices.count),
            verdict: soak.verdict, cause: soak.verdict == .broken ? cause(of: [soak]) : nil)
    }
}

extension CapacitySearch {
    /// So many payments that may miss a promise make a proof that luck hardly moves.
    private static let tailEvents = 100.0

    private var needs: [CapacityAnswer.MoreTime] {
        [searchTime, proofTime].compactMap(\.self)
    }

    /// Intervals narrow with the root of the time.
    private var searchTime: CapacityAnswer.MoreTime? {
        guard let estimate, estimate.halfWidth > settings.tolerance else { return nil }
        let ratio = estimate.halfWidth / settings.tolerance
        let width = Wording.percent(Double(Int(estimate.halfWidth * 1000)) / 1000)
        return CapacityAnswer.MoreTime(
            part: .search, seconds: (settings.budget * min(ratio * ratio, 100)).rounded(.up),
            reason: "the estimate is known to ±\(width), "
                + "not to ±\(Wording.percent(settings.tolerance))")
    }

    private var proofTime: CapacityAnswer.MoreTime? {
        guard let proof = observations.last(where: { $0.probe.purpose == .proof }) else {
            return nil
        }
        let wanted = settings.promises.payments(forTailEvents: Self.tailEvents)
        let had = proof.probe.rate * proof.probe.measure
        guard had < wanted else { return nil }
        return CapacityAnswer.MoreTime(
            part: .proof, seconds: (proof.probe.measure * wanted / had).rounded(.up),
            reason: "the proof had about \(Wording.rate(had)) payments; "
                + "with fewer than \(Wording.rate(wanted)) luck decides")
    }
}

extension Promises {
    /// The one that the promise bounds; nil where it is about none.
    fileprivate func outcome(_ criterion: Criterion) -> String? {
        guard case .share(let index) = criterion else { return nil }
        switch shares[index].miss {
        case .ending(let outcome), .endingOtherwise(let outcome): return outcome
        case .taking, .failing: return nil
        }
    }
}

extension CapacityAnswer.Cause {
    fileprivate init(outcome: String) {
        switch outcome {
        case "in_doubt": self = .inDoubt
        case "throttled": self = .throttled
        default: self = .outcomes
        }
    }
}
