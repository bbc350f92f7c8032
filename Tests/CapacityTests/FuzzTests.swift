import Capacity
import Testing

@Suite struct FuzzTests {
    /// Whatever comes back, a search ends, stays within its limits, and proves only what held.
    @Test func anyResultsLeadToAnEnd() {
        for seed in UInt64(1)...400 {
            var draws = Draws(seed: seed)
            var settings = CapacitySettings.usual(
                from: 20, to: 20 + 2000 * draws.uniform(), allowed: 1500)
            settings.stepsDown = draws.uniform() < 0.5
            settings.soak = draws.uniform() < 0.5 ? .init(seconds: 200) : nil
            settings.step.repeats = Int.random(in: 1...3, using: &draws)
            var search = CapacitySearch(settings)
            var answer: CapacityAnswer?
            for _ in 0..<300 where answer == nil {
                switch search.next() {
                case .probe(let probe):
                    #expect(probe.rate >= 5 && probe.rate <= settings.top, "seed \(seed), rate")
                    search.took(Self.result(of: probe, &draws))
                case .drain: search.drained(seconds: 3, isEmpty: draws.uniform() < 0.9)
                case .done(let found): answer = found
                }
                if draws.uniform() < 0.02 { search.resume() }
            }
            guard let answer else {
                Issue.record("seed \(seed) does not end: \(search.answer.sentence)")
                continue
            }
            Self.check(answer, seed: seed)
        }
    }

    private static func check(_ answer: CapacityAnswer, seed: UInt64) {
        let held = answer.steps.filter { $0.verdict == .kept && $0.purpose == .proof }
        #expect(
            answer.provenPerSecond.map { rate in held.contains { $0.ratePerSecond == rate } }
                ?? held.isEmpty, "seed \(seed), proven")
        if let first = answer.firstFailedPerSecond, let proven = answer.provenPerSecond {
            #expect(first > proven, "seed \(seed), first failed")
        }
        #expect(!answer.sentence.isEmpty && !answer.csv.isEmpty)
    }

    /// Calm, broken, dead, empty or undriven, whatever the rate.
    private static func result(of probe: Probe, _ draws: inout Draws) -> ProbeResult {
        let kind = draws.uniform()
        var slices: [ProbeResult.Slice] = []
        while slices.count < probe.slices, !probe.isHopeless(after: slices) {
            let count = kind < 0.03 ? 0 : Int(probe.rate * probe.sliceSeconds * draws.uniform() * 2)
            let failed = kind < 0.08 ? count : kind < 0.2 ? count / 50 : 0
            let late = kind < 0.45 ? Int(Double(count - failed) * draws.uniform()) : 0
            slices.append(
                .init(scheduled: count, exceeding: [failed + late], failed: failed))
        }
        let seconds = probe.sliceSeconds * Double(slices.count)
        let growth = kind > 0.9 ? probe.rate * draws.uniform() : 0
        var times = ProbeResult.Times()
        times.meanMicroseconds = 1e5 * draws.uniform()
        return ProbeResult(
            slices: slices, seconds: probe.settle + seconds,
            inFlight: (0..<Int(seconds)).map { Double($0) * growth },
            achievedPerSecond: probe.rate, completedPerSecond: probe.rate,
            generatorTrouble: draws.uniform() < 0.1 ? "sent late" : nil,
            wasStoppedEarly: slices.count < probe.slices, times: times)
    }
}
