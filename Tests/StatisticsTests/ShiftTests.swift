import Glibc
import Testing

@testable import Statistics

@Suite struct TypicalShiftTests {
    /// 0 1 2 4: means of pairs 0 .5 1 1 1.5 2 2 2.5 3 4; the median is 1.75. Of the 16 choices of
    /// signs 1 has a rank sum of 0, 1 of 1, 1 of 2: at 75 % the error below is 12.5 % = 2/16, so the
    /// second smallest and second largest are the bounds; at 90 % 0.8/16: none.
    @Test func theIntervalIsThatOfSignedRanks() throws {
        let shift = try #require(
            TypicalShift.estimate(ofLogRatios: [4, 0, 2, 1], confidence: 0.75))
        #expect(shift.value == 1.75)
        #expect(shift.lower == 0.5)
        #expect(shift.upper == 3)
        let sure = TypicalShift.estimate(ofLogRatios: [4, 0, 2, 1], confidence: 0.9)
        #expect(sure?.lower == -.infinity)
        #expect(sure?.upper == .infinity)
        #expect(TypicalShift.estimate(ofLogRatios: [], confidence: 0.9) == nil)
    }

    /// Critical values of Wilcoxon's signed ranks, two-sided (Hollander & Wolfe, table A.4): the greatest
    /// sum that is significant, whose rank from below is one more.
    @Test(arguments: [
        (6, 0.95, 0), (8, 0.95, 3), (8, 0.99, 0), (10, 0.95, 8), (10, 0.99, 3), (15, 0.95, 25),
        (15, 0.99, 15), (20, 0.95, 52), (20, 0.99, 37), (25, 0.95, 89), (25, 0.99, 68),
    ])
    func ranksAreThoseOfTheTables(slices: Int, confidence: Double, greatest: Int) {
        #expect(TypicalShift.rank(slices: slices, confidence: confidence) == greatest + 1)
    }

    /// 264 and 127: n(n + 1)/4 − 1.95996 √(n(n + 1)(2n + 1)/24) for n = 40, 30 is 264.5 and 137.2.
    @Test func manySlicesGoByTheNormalLaw() {
        #expect(TypicalShift.rank(slices: 40, confidence: 0.95) == 264)
        #expect(TypicalShift.rank(slices: 30, confidence: 0.95) == 137)
        // At 25 and 26 both forms agree within one rank.
        #expect(abs(TypicalShift.rank(slices: 26, confidence: 0.95) - 98) <= 1)
    }

    @Test func aShiftedScaleShiftsTheEstimateAlike() throws {
        for seed: UInt64 in 1...30 {
            var draws = Draws(seed: seed)
            let values = (0..<Int.random(in: 9...40, using: &draws)).map { _ in draws.normal() }
            let one = try #require(
                TypicalShift.estimate(ofLogRatios: values, confidence: 0.95))
            let other = try #require(
                TypicalShift.estimate(ofLogRatios: values.map { 3 - $0 }, confidence: 0.95))
            #expect(abs(other.value - (3 - one.value)) < 1e-12, "seed \(seed)")
            #expect(abs(other.lower - (3 - one.upper)) < 1e-12)
            #expect(abs(other.upper - (3 - one.lower)) < 1e-12)
        }
    }
}

@Suite struct WholeShiftTests {
    @Test func pooledQuantilesAreThoseOfRepeatedSlices() {
        for seed: UInt64 in 1...60 {
            var draws = Draws(seed: seed)
            let slices = (0..<Int.random(in: 1...9, using: &draws)).map { _ in
                (0..<Int.random(in: 0...20, using: &draws)).map { _ in
                    Double(Int.random(in: 1...30, using: &draws))
                }
            }
            let weights = slices.map { _ in Int.random(in: 0...3, using: &draws) }
            let repeated = zip(slices, weights).flatMap { values, weight in
                (0..<weight).flatMap { _ in values }
            }
            let pooled = PooledSlices(slices.map(Sample.init(values:)))
            for quantile in [0.001, 0.25, 0.5, 0.9, 0.999] {
                #expect(
                    pooled.value(at: quantile, weights: weights)
                        == Sample(values: repeated).bin(at: quantile)?.high,
                    "seed \(seed), \(quantile)")
            }
        }
    }

    /// Each of 10 slices gets 1 of 10 draws on average, with a variance of 10 · 0.1 · 0.9.
    @Test func slicesAreDrawnWithReplacement() {
        var draws = SliceDraws(slices: 10)
        var weights = [Int](repeating: 0, count: 10)
        var sums = weights
        var squares = weights
        for _ in 0..<4000 {
            draws.draw(into: &weights)
            #expect(weights.reduce(0, +) == 10)
            for (index, weight) in weights.enumerated() {
                sums[index] += weight
                squares[index] += weight * weight
            }
        }
        for (sum, square) in zip(sums, squares) {
            // Five standard deviations of 4,000 draws.
            let mean = Double(sum) / 4000
            #expect(abs(mean - 1) < 5 * (0.9 / 4000).squareRoot())
            #expect(abs(Double(square) / 4000 - mean * mean - 0.9) < 0.15)
        }
    }

    /// Means of 20 slices of equal weight: the error of the mean is known, so the interval has to be close
    /// to Student's.
    @Test func theIntervalOfAMeanIsCloseToStudents() throws {
        var ratios: [Double] = []
        for seed: UInt64 in 1...20 {
            var draws = Draws(seed: seed)
            let levels = (0..<20).map { _ in 100 + draws.normal() }
            let mean = levels.reduce(0, +) / 20
            let squares = levels.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let error = (squares / 19 / 20).squareRoot() / mean
            let one = SlicedRatio.Part(amount: 100, weight: 1)
            let slices = levels.map {
                Arms(reference: one, candidate: SlicedRatio.Part(amount: $0, weight: 1))
            }
            let whole = try #require(
                PairedFigure.ratio(slices: slices).wholeShift(confidence: 0.95))
            #expect(abs(whole.value - log(mean / 100)) < 1e-12)
            ratios.append(whole.halfWidth / (2.093024 * error))
        }
        let mean = ratios.reduce(0, +) / 20
        #expect(abs(mean - 1) < 0.05)
        #expect(ratios.allSatisfy { abs($0 - 1) < 0.2 })
    }

    @Test func theSameDataGiveTheSameBounds() {
        let slices = Duel(design: .duet, machine: .cloud).slices(seconds: 60, seed: 5)
        let figure = PairedFigure.quantile(0.95, slices: slices)
        #expect(figure.wholeShift(confidence: 0.99) == figure.wholeShift(confidence: 0.99))
    }

    /// Wider where more sure, also beyond what 1,000 replicates can tell.
    @Test func boundsWidenWithConfidence() throws {
        let slices = Duel(design: .duet, machine: .shared).slices(seconds: 60, seed: 6)
        let figure = PairedFigure.quantile(0.95, slices: slices)
        let widths = [0.8, 0.95, 0.99, 0.999, 0.9999].compactMap {
            figure.wholeShift(confidence: $0)?.halfWidth
        }
        #expect(widths.count == 5)
        #expect(zip(widths, widths.dropFirst()).allSatisfy { $0 < $1 })
        #expect(try #require(widths.last).isFinite)
    }

    @Test func fewSlicesBoundNothingAndNoDataNothingAtAll() {
        let slice = Arms(reference: Sample(values: [1, 2]), candidate: Sample(values: [3, 4]))
        let few = PairedFigure.quantile(0.5, slices: [slice, slice])
        #expect(few.wholeShift(confidence: 0.95)?.upper == .infinity)
        let none = Arms(reference: Sample(values: []), candidate: Sample(values: [3, 4]))
        #expect(
            PairedFigure.quantile(0.5, slices: [none]).wholeShift(confidence: 0.95) == nil)
        #expect(PairedFigure.quantile(0.5, slices: [none]).typicalShift(confidence: 0.95) == nil)
    }

    /// All times of the candidate above its median are half as long again: the median stays.
    @Test func theShiftFunctionTellsWhichPartMoved() {
        let slices = (0..<20).map { slice in
            let values = (1...100).map { Double($0) + Double(slice) / 100 }
            return Arms(
                reference: Sample(values: values),
                candidate: Sample(values: values.map { $0 > 51 ? 1.5 * $0 : $0 }))
        }
        let points = ShiftFunction(slices).points
        // 2,000 observations: 5 of them beyond p99.75, not beyond p99.9.
        #expect(points.map(\.quantile) == ShiftFunction.quantiles.dropLast())
        for point in points {
            let expected = point.quantile > 0.5 ? log(1.5) : 0
            #expect(abs(point.shift.value - expected) < 0.03, "\(point.quantile)")
        }
    }
}
