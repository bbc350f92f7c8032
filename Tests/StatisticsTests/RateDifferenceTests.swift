import Testing

@testable import Statistics

@Suite struct RateDifferenceTests {
    /// The examples of Newcombe (Stat. Med. 17, 1998, p. 873, table II, method 10).
    @Test(arguments: [
        (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062), (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775), (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1), (10, 10, 0, 10, 0.6075, 1),
    ])
    func independentEventsAreNewcombes(
        events: Int, of count: Int, less others: Int, among all: Int, lower: Double, upper: Double
    ) {
        let difference = RateDifference.newcombe(
            .init(events: events, of: count), less: .init(events: others, of: all),
            confidence: 0.95)
        #expect(abs(difference.lower - lower) < 0.00006)
        #expect(abs(difference.upper - upper) < 0.00006)
    }

    /// Five slices of 100 payments: candidate 1 2 3 4 5 failures, reference 1 in each. N = 500; the
    /// candidate's r = 0.03, u = (−2 −1 0 1 2)/500, the reference's 0. Σu² = 10/250,000; error
    /// √(5/4 · 4e−5) = 0.00707; t(4) = 2.776445: ±0.0196. Newcombe: 15 and 5 of 500, see below.
    @Test func theWiderIntervalCounts() throws {
        let slices = (1...5).map { failures in
            Arms(
                reference: ShareEstimate.Part(events: 1, of: 100),
                candidate: ShareEstimate.Part(events: failures, of: 100))
        }
        let rate = try #require(RateDifference(slices, confidence: 0.95))
        #expect(abs(rate.difference.value - 0.02) < 1e-12)
        let independent = RateDifference.newcombe(
            .init(events: 15, of: 500), less: .init(events: 5, of: 500), confidence: 0.95)
        #expect(abs(rate.difference.lower - min(independent.lower, 0.02 - 0.019632)) < 1e-6)
        #expect(abs(rate.difference.upper - max(independent.upper, 0.02 + 0.019632)) < 1e-6)
        // t = 0.02/0.0070711 = 2.8284 with 4 degrees of freedom: 0.04742.
        #expect(abs(rate.chance - 0.04742) < 0.00001)
    }

    @Test func chancesAndIntervalsAgree() throws {
        for seed: UInt64 in 1...40 {
            let slices = FailingArms(outages: .own, added: seed < 20 ? 0 : 0.006)
                .slices(seed: seed)
            let rate = try #require(RateDifference(slices, confidence: 0.95))
            let excludes0 = rate.difference.isAbove0 || rate.difference.isBelow0
            #expect(excludes0 == (rate.chance < 0.05), "seed \(seed)")
        }
    }

    /// `truth.md`, 5.3: with outages of each arm, independence would call most equal arms different.
    @Test func burstsAreNotTakenForDifferences() {
        let trials = 100
        for outages in FailingArms.Outages.allCases {
            let counts = FailingArms(outages: outages).counts(trials: trials, seed: 70)
            #expect(counts.different <= 10, "\(outages)")
            #expect(counts.covered >= 90)
        }
        let naive = (0..<trials).count { trial in
            let slices = FailingArms(outages: .own).slices(seed: 70 + UInt64(trial))
            func sum(_ arm: KeyPath<Arms<ShareEstimate.Part>, ShareEstimate.Part>)
                -> ShareEstimate.Part
            {
                slices.reduce(into: ShareEstimate.Part(events: 0, of: 0)) { sum, slice in
                    sum.events += slice[keyPath: arm].events
                    sum.count += slice[keyPath: arm].count
                }
            }
            let difference = RateDifference.newcombe(
                sum(\.candidate), less: sum(\.reference), confidence: 0.95)
            return difference.isAbove0 || difference.isBelow0
        }
        #expect(naive >= 50)
    }

    /// 0.5 % to 1 %, as issue 7 plants it.
    @Test func twiceAsManyFailuresAreFound() {
        let counts = FailingArms(outages: .none, added: 0.005).counts(trials: 40, seed: 80)
        #expect(counts.different >= 39)
    }
}

@Suite struct CodeMixTests {
    /// Sorted 0.01 0.02 0.03 0.04: 4 · 0.01; 3 · 0.02; 2 · 0.03; 0.04 raised to what comes before.
    @Test func chancesAreHolms() {
        let adjusted = Holm.adjusted([0.03, 0.01, 0.04, 0.02])
        let expected = [0.06, 0.04, 0.06, 0.06]
        for (one, other) in zip(adjusted, expected) { #expect(abs(one - other) < 1e-12) }
        #expect(Holm.adjusted([0.9, 0.6]) == [1, 1])
        #expect(Holm.adjusted([]) == [])
    }

    @Test func onlyTheCodeThatIsMoreDiffers() throws {
        var draws = Draws(seed: 4)
        func slices(_ reference: Double, _ candidate: Double) -> [Arms<ShareEstimate.Part>] {
            (0..<30).map { _ in
                func part(_ share: Double) -> ShareEstimate.Part {
                    let events = (0..<400).count { _ in draws.uniform() < share }
                    return ShareEstimate.Part(events: events, of: 400)
                }
                return Arms(reference: part(reference), candidate: part(candidate))
            }
        }
        let mix = CodeMix([
            (code: "refused", slices: slices(0.02, 0.02)),
            (code: "fraud", slices: slices(0.005, 0.012)),
            (code: "never", slices: slices(0, 0)),
        ])
        #expect(mix.entries.map(\.code) == ["refused", "fraud", "never"])
        #expect(mix.entries.map(\.differs) == [false, true, false])
        #expect(mix.differs)
        #expect(try #require(mix.entries.last).chance == 1)
    }
}
