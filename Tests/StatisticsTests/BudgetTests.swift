import Glibc
import Testing

@testable import Statistics

@Suite struct LimitTests {
    @Test func limitsPassWhenAllKeepsAndFailWhenNothingDoes() {
        let rows: [(Limit, ClosedRange<Double>, BudgetDecision)] = [
            (.atMost(5), 3...5, .pass), (.atMost(5), 5...6, .inconclusive),
            (.atMost(5), 5.1...6, .fail), (.below(5), 3...5, .inconclusive),
            (.below(5), 5...6, .fail), (.below(5), 3...4.9, .pass),
            (.atLeast(5), 5...6, .pass), (.atLeast(5), 3...5, .inconclusive),
            (.atLeast(5), 3...4.9, .fail), (.above(5), 5.1...6, .pass),
            (.above(5), 3...5, .fail), (.exactly(0), 0...0, .pass), (.exactly(0), 1...1, .fail),
            (.exactly(0), 0...1, .inconclusive), (.other(than: 0), 1...2, .pass),
            (.other(than: 0), 0...0, .fail), (.other(than: 0), -1...1, .inconclusive),
        ]
        for (limit, range, decision) in rows {
            #expect(
                limit.decision(lower: range.lowerBound, upper: range.upperBound) == decision,
                "\(limit) \(range)")
        }
        #expect(Limit.atMost(5).decision(lower: 1, upper: nil) == .inconclusive)
        #expect(Limit.atMost(5).decision(lower: 6, upper: nil) == .fail)
        #expect(Limit.atMost(5).decision(lower: nil, upper: 4) == .pass)
    }

    /// 60 slices of 20 values 1…20: p99.9 of 1,200 rests on 1.2 values.
    @Test func whatIsNotResolvedDoesNotPass() {
        let slice = Sample(values: (1...20).map { Double($0) })
        let study = QuantileStudy(
            slices: [Sample](repeating: slice, count: 20), seconds: 20)
        #expect(Limit.atMost(19).decision(ofQuantile: 0.5, in: study) == .pass)
        #expect(Limit.atMost(100).decision(ofQuantile: 0.999, in: study) == .inconclusive)
        // But half of the payments take longer than 8.
        #expect(Limit.atMost(8).decision(ofQuantile: 0.999, in: study) == .fail)
        #expect(Limit.atLeast(100).decision(ofQuantile: 0.999, in: study) == .inconclusive)
        let none = QuantileStudy(slices: [], seconds: 20)
        #expect(Limit.atMost(8).decision(ofQuantile: 0.5, in: none) == .inconclusive)
    }
}

@Suite struct LooksTests {
    @Test func looksShareOneError() {
        #expect(abs(Looks(budgets: 1).confidence - 0.99) < 1e-12)
        #expect(abs(Looks(budgets: 10).confidence - 0.999) < 1e-12)
        #expect(abs(Looks(at: [60], budgets: 1).confidence - 0.95) < 1e-12)
        #expect(Looks(budgets: 1).due(after: 59.9) == 0)
        #expect(Looks(budgets: 1).due(after: 120) == 2)
        #expect(Looks(budgets: 1).due(after: 900) == 5)
    }

    /// Slices whose candidate is always so many times as slow: both intervals have no width.
    private func slices(_ factor: Double, count: Int = 15) -> [Arms<Sample>] {
        let values = (1...50).map { Double($0) }
        let slice = Arms(
            reference: Sample(values: values),
            candidate: Sample(values: values.map { factor * $0 }))
        return [Arms<Sample>](repeating: slice, count: count)
    }

    @Test func allowancesAreSharesOfTheBaseline() {
        func decide(_ factor: Double, _ allowed: Allowance, count: Int = 15) -> BudgetDecision {
            Looks(budgets: 1).judgement(
                of: .quantile(0.9, slices: slices(factor, count: count)), allowed: allowed
            ).decision
        }
        #expect(decide(1.099, .more(0.1)) == .pass)
        #expect(decide(1.101, .more(0.1)) == .fail)
        #expect(decide(0.5, .more(0.1)) == .pass)
        #expect(decide(0.901, .less(0.1)) == .pass)
        #expect(decide(0.899, .less(0.1)) == .fail)
        #expect(decide(2, .less(0.1)) == .pass)
        #expect(decide(2, .more(0.1), count: 14) == .inconclusive)
    }

    /// In 4 of 40 slices two thirds of the payments take a hundred times as long, 6.7 % of all. Of the 820
    /// pairs 154 have such a slice, fewer than the 218 beyond the bound of 99 %.
    @Test func aWholeRunThatIsSlowerDoesNotPass() {
        let values = (1...60).map { 100 + Double($0) }
        let slices = (0..<40).map { slice in
            let slow = values.map { $0 > 120 && slice.isMultiple(of: 10) ? 100 * $0 : $0 }
            return Arms(reference: Sample(values: values), candidate: Sample(values: slow))
        }
        let judgement = Looks(budgets: 1)
            .judgement(of: .quantile(0.95, slices: slices), allowed: .more(0.1))
        #expect(judgement.typical?.upper == 0)
        #expect(judgement.decision == .inconclusive)
        #expect(judgement.slicesToSettle ?? 0 > 0)
    }

    @Test func noDataIsNoPass() {
        let none = Arms(reference: Sample(values: []), candidate: Sample(values: []))
        let judgement = Looks(budgets: 1).judgement(
            of: .quantile(0.9, slices: [Arms<Sample>](repeating: none, count: 20)),
            allowed: .more(0.1))
        #expect(judgement.decision == .inconclusive)
        #expect(judgement.typical == nil)
        #expect(Looks(budgets: 1).decision(ofShares: [], allowed: 0.1) == .inconclusive)
    }

    @Test func sharesAreJudgedByTheirDifference() {
        func decide(_ added: Double, allowed: Double) -> BudgetDecision {
            let slices = FailingArms(outages: .none, added: added).slices(seed: 9)
            return Looks(budgets: 1).decision(ofShares: slices, allowed: allowed)
        }
        #expect(decide(0, allowed: 0.005) == .pass)
        #expect(decide(0.02, allowed: 0.005) == .fail)
        #expect(decide(0, allowed: 0.0001) == .inconclusive)
    }
}

@Suite struct RunHistoryTests {
    /// Logarithms −0.1 and 0.1 in turn, 20 runs: s = √(20 · 0.01/19) = 0.102598; t(19) = 2.093024. One new
    /// run: ±2.093024 · 0.102598 · √(1 + 1/20) = 0.220043; two: √(1/2 + 1/20), 0.159257.
    @Test func newRunsAreJudgedByWhatRunsDiffer() throws {
        let values = (0..<20).map { exp($0.isMultiple(of: 2) ? 0.1 : -0.1) }
        let history = try #require(RunHistory(values))
        #expect(abs(history.spread - 0.102598) < 1e-6)
        let one = try #require(history.difference(of: [exp(0.3)]))
        #expect(abs(one.value - 0.3) < 1e-12)
        #expect(abs(one.lower - (0.3 - 0.220043)) < 1e-5)
        let two = try #require(history.difference(of: [exp(0.2), exp(0.4)]))
        #expect(abs(two.upper - (0.3 + 0.159257)) < 1e-5)

        #expect(history.decision(of: [exp(0.3)], allowed: .more(0.05)) == .fail)
        #expect(history.decision(of: [exp(-0.2)], allowed: .more(0.05)) == .pass)
        #expect(history.decision(of: [1], allowed: .more(0.05)) == .inconclusive)
        #expect(history.decision(of: [exp(-0.3)], allowed: .less(0.05)) == .fail)
        #expect(history.decision(of: [], allowed: .more(0.05)) == .inconclusive)
        #expect(RunHistory(Array(values.dropLast())) == nil)
        #expect(RunHistory(values.dropLast() + [0]) == nil)
    }

    /// Three standard deviations of runs: t(19) beyond 3/√1.05 = 2.9277 is 0.43 %.
    @Test func theForecastOfFalseAlarms() throws {
        let values = (0..<20).map { exp($0.isMultiple(of: 2) ? 0.1 : -0.1) }
        let history = try #require(RunHistory(values))
        let chance = history.chance(ofExceeding: exp(3 * history.spread))
        #expect(abs(chance - 0.00434) < 0.00005)
        #expect(abs(history.chance(ofExceeding: 1) - 0.5) < 1e-9)
        #expect(history.chance(ofExceeding: 0.5) > 0.99)
        // √(0.1² + (2.093024 · 0.102598)²) = 0.236882 to each side.
        let wide = history.widened(value: 10, lower: 10 * exp(-0.1), upper: 10 * exp(0.1))
        #expect(abs(log(wide.upperBound / 10) - 0.236882) < 1e-5)
        #expect(abs(log(wide.lowerBound / 10) + 0.236882) < 1e-5)
    }
}

/// The short form of `scripts/evidence budgets` on gates; the table of `truth.md`, 6.2.
@Suite struct GateTests {
    /// 48 gates of each kind: none fails without a change, and nine of ten find +10 %.
    @Test func budgetsBesideABaselineDoNotFlake() {
        var calm = Tally()
        var slower = Tally()
        for machine in [Machine.quiet, .cloud, .shared] {
            for design in [Duel.Design.duet, .blocks] {
                let duel = Duel(design: design, machine: machine)
                calm.add(RelativeGate(duel: duel).tally(trials: 8, seed: 900))
                slower.add(RelativeGate(duel: duel.slower(1.1)).tally(trials: 8, seed: 900))
            }
        }
        print("no change:", calm, "+10 %:", slower, "seed 900")
        #expect(calm.trials == 48)
        #expect(calm.fails == 0)
        #expect(calm.inconclusive <= 5)
        #expect(slower.failShare >= 0.9)
        #expect(slower.fails + slower.inconclusive == slower.trials)
    }

    /// In 20 s there are five slices; in 60 s too few for a change of just the allowance.
    @Test func whatIsTooShortIsInconclusive() {
        let gate = RelativeGate(
            duel: Duel(design: .duet, machine: .shared, factor: 1.2),
            looks: Looks(at: [20], budgets: 1))
        #expect(gate.tally(trials: 5, seed: 950).inconclusive == 5)
        let near = RelativeGate(
            duel: Duel(design: .duet, machine: .shared, factor: 1.05),
            looks: Looks(at: [60], budgets: 1))
        #expect(near.tally(trials: 16, seed: 960).inconclusive >= 12)
    }

    /// The same machines by the rules that are in use: they fail without a change.
    @Test func naiveGatesFlake() {
        let runs = Runs(on: .shared, stored: 36, seed: 970)
        let table = runs.table(factor: 1, ceiling: 1.5, trials: 30)
        print("no change:", table, "seed 970")
        #expect(table.overOne.fails >= 5)
        #expect(table.afterBaseline.fails >= 4)
        // And where they are calm, the interval of the run and the spread of runs are why.
        #expect(table.absolute.fails <= 1)
        #expect(table.widened.fails == 0)
        #expect(table.history.fails <= 5)
    }
}
