import Glibc
import Testing

@testable import Statistics

@Suite struct ComparedFigureTests {
    private func compared(
        _ intervals: [ClosedRange<Double>], slices: Int = 60, better: BetterDirection = .lower,
        margin: Double = 0.05
    ) -> ComparedFigure {
        let estimates = intervals.map {
            Difference(
                value: ($0.lowerBound + $0.upperBound) / 2, lower: $0.lowerBound,
                upper: $0.upperBound, confidence: 0.975)
        }
        return ComparedFigure(estimates, slices: slices, better: better, margin: margin)
    }

    @Test func verdictsAreThoseOfTheDesign() {
        #expect(compared([-0.02...0.03, -0.04...0.04]).verdict == .equivalent)
        // Different for sure, but by less than matters.
        #expect(compared([0.01...0.03, 0.01...0.04]).verdict == .equivalent)
        #expect(compared([0.01...0.03, -0.04...0.2]).verdict == .worse)
        #expect(compared([-0.01...0.03, 0.1...0.9]).verdict == .worse)
        #expect(compared([-0.1 ... -0.02, -0.2...0.1]).verdict == .better)
        #expect(compared([-0.02...0.03, -0.1...0.1]).verdict == .cannotTell)
        #expect(compared([0.1...0.3, 0.1...0.3], better: .higher).verdict == .better)
        #expect(compared([-0.3 ... -0.1, 0...0.1], better: .higher).verdict == .worse)
    }

    @Test func contradictionsAreDifferentShapes() {
        let figure = compared([-0.2 ... -0.1, 0.1...0.5])
        #expect(figure.verdict == .cannotTell)
        #expect(figure.differsInShape)
        #expect(figure.slicesToSettle == nil)
        #expect(!compared([-0.02 ... -0.01, 0.01...0.02]).differsInShape)
    }

    @Test func whatMattersIsBeyondTheMargin() {
        #expect(compared([0.06...0.2, -0.1...0.5]).isMaterial)
        #expect(!compared([0.04...0.2, -0.1...0.5]).isMaterial)
        #expect(compared([-0.3 ... -0.06, -0.3...0.1]).isMaterial)
    }

    @Test func fewSlicesDecideNothing() {
        let figure = compared([0.2...0.3, 0.2...0.3], slices: 14)
        #expect(figure.verdict == .cannotTell)
        #expect(figure.slicesToSettle == 1)
    }

    /// 60 slices, ±0.08 around 0.01: to lie within 0.05 needs ±0.04, half of it: four times as many. The
    /// other, ±0.02 around 0.01, would need (2/4)². To exclude 0 needs ±0.01: 64 and 4 times.
    @Test func moreSlicesWouldSettleIt() {
        let figure = compared([-0.01...0.03, -0.07...0.09])
        #expect(figure.verdict == .cannotTell)
        #expect(figure.slicesToSettle == 180)
        #expect(compared([-0.2...0.2, -0.2...0.2], margin: 0.00001).slicesToSettle == nil)
    }

    /// Half of the error for each estimator; a third of that for each of three figures.
    @Test func confidencesAreBonferronis() throws {
        let slices = Duel(design: .duet, machine: .quiet).slices(seconds: 60, seed: 1)
        let figure = PairedFigure.quantile(0.5, slices: slices)
        let one = try #require(ComparedFigure(figure, better: .lower))
        #expect(one.estimates.allSatisfy { abs($0.confidence - 0.975) < 1e-12 })
        let three = try #require(ComparedFigure(figure, better: .lower, comparisons: 3))
        #expect(three.estimates.allSatisfy { abs($0.confidence - (1 - 0.05 / 6)) < 1e-12 })
    }

    @Test func sharesHaveOneEstimate() throws {
        let slices = FailingArms(outages: .none, added: 0.01).slices(seed: 3)
        let worse = try #require(ComparedFigure(shares: slices, margin: 0.001))
        #expect(worse.verdict == .worse)
        #expect(worse.isMaterial)
        #expect(worse.estimates.map(\.confidence) == [0.95])
        let equal = FailingArms(outages: .none).slices(seed: 3)
        #expect(ComparedFigure(shares: equal, margin: 0.005)?.verdict == .equivalent)
    }
}

/// The short form of `scripts/evidence budgets` on comparisons.
@Suite struct ComparisonTrialTests {
    /// A coverage of 95 % is seen in fewer than 25 of 30 trials once in 300.
    @Test(arguments: [
        Duel(design: .duet, machine: .shared, factor: 1.1),
        Duel(design: .blocks, machine: .cloud, factor: 1.1),
    ])
    func intervalsCoverWhatIsPlanted(duel: Duel) {
        let trials = 30
        let cells = ComparisonTrials(duel: duel, seconds: 132)
            .counts(quantiles: [0.95], trials: trials, seed: 300)
        for cell in cells {
            print(duel.design.name, cell.coveredByTypical, cell.coveredByWhole, "seed 300")
            #expect(cell.trials == trials)
            #expect(cell.coveredByTypical >= 25)
            #expect(cell.coveredByWhole >= 25)
            #expect(cell.verdicts.allSatisfy { $0 == .worse })
        }
    }

    /// Three figures each; a true 5 % is seen more than 5 times in 30 once in 300.
    @Test func equalArmsAreNotCalledDifferent() {
        let findings = [Duel.Design.duet, .blocks].map { design in
            ComparisonTrials(duel: Duel(design: design, machine: .shared), seconds: 80)
                .falseFindings(trials: 30, seed: 400)
        }
        print("different of 30 equal pairs:", findings, "seed 400")
        #expect(findings.allSatisfy { $0 <= 5 })
    }

    /// One arm after the other, while everything slows down by 30 %: the drift is taken for the arm.
    @Test func oneAfterTheOtherTakesDriftForADifference() {
        func findings(_ design: Duel.Design) -> Int {
            ComparisonTrials(
                duel: Duel(design: design, machine: .shared, drift: log(1.3)), seconds: 80
            ).falseFindings(trials: 10, seed: 500)
        }
        #expect(findings(.sequential) >= 8)
        #expect(findings(.duet) <= 3)
    }

    /// `truth.md`, 5.2: the typical slice does not know of a stall that few slices have.
    @Test func rareStallsAreSeenOverTheWholeRun() throws {
        let cells = ComparisonTrials(duel: Duel(design: .duet, machine: .quiet, stalls: true))
            .counts(quantiles: [0.99], trials: 10, seed: 600)
        let cell = try #require(cells.first)
        #expect(cell.worseByWhole >= 9)
        #expect(cell.worseByTypical <= 9)
        #expect(cell.share(.worse) >= 0.9)
    }

    /// The share of false alarms is 2 % on this machine; of a fifth more some 85 % are seen.
    @Test func theGuardSeesArmsThatInterfere() {
        #expect(GuardTrials(machine: .cloud, seconds: 30).alarms(trials: 20, seed: 700) <= 3)
        let slowed = GuardTrials(machine: .cloud, factor: 1.2, seconds: 30)
        #expect(slowed.alarms(trials: 20, seed: 700) >= 14)
    }
}
