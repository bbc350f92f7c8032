import Statistics
import Testing

@Suite struct RatioTests {
    /// Five seconds of 10 payments, 1 2 3 4 0 of them failed: r = 10/50 = 0.2, d = −1 0 1 2 −2,
    /// Σd² = 10; variance 5/4 · 10 / 50² = 0.005; t(4) = 2.776445; half width 2.776445 · √0.005.
    @Test func theVarianceIsThatOfTheDesign() throws {
        let ratio = SlicedRatio([1, 2, 3, 4, 0].map { .init(amount: $0, weight: 10) })
        #expect(ratio.scales == [5])
        #expect(abs(try #require(ratio.variance(scale: 5)) - 0.005) < 1e-15)
        #expect(ratio.variance(scale: 10) == nil)
        let half = try #require(ratio.halfWidth(confidence: 0.95))
        #expect(abs(half - 0.196324) < 1e-6)
        // Against independent events, 0.2 · 0.8 / 50 = 0.0032.
        #expect(abs(try #require(ratio.inflation(scale: 5, over: 0.0032)) - 1.5625) < 1e-12)
    }

    /// Twenty slices that alternate 0 and 2 look calm in tens (1 each, always 2) and in fives: the
    /// finest scale must decide. Σd² = 20, variance 20/19 · 20/400 = 1/19; t(19) = 2.093024.
    @Test func theWidestScaleCounts() throws {
        let alternating = (0..<20).map { SlicedRatio.Part(amount: Double($0 % 2 * 2), weight: 1) }
        let ratio = SlicedRatio(alternating)
        #expect(ratio.variance(scale: 10) == 0)
        let half = try #require(ratio.halfWidth(confidence: 0.95))
        #expect(abs(half - 2.093024 * (1 / 19.0).squareRoot()) < 1e-6)

        // Ten slices of 0, then ten of 2. Batches are 0 or 2 on average: d of five batches with 4
        // slices each: −4 −4 0 4 4, Σd² = 64, variance 5/4 · 64/400 = 0.2; t(4) = 2.776445.
        let stepped = (0..<20).map { SlicedRatio.Part(amount: $0 < 10 ? 0 : 2, weight: 1) }
        let widest = try #require(SlicedRatio(stepped).halfWidth(confidence: 0.95))
        #expect(abs(widest - 2.776445 * 0.2.squareRoot()) < 1e-6)
    }

    @Test func tooFewPartsGiveNoWidth() {
        let ratio = SlicedRatio([1, 2, 3, 4].map { .init(amount: $0, weight: 10) })
        #expect(ratio.halfWidth(confidence: 0.95) == nil)
        #expect(ratio.scaleOfInflation == nil)
    }

    /// The examples of Newcombe (1998), table I, method 3.
    @Test(arguments: [
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (1, 29, 0.0061, 0.1718),
    ])
    func wilsonAgreesWithNewcombesTable(events: Int, count: Int, lower: Double, upper: Double) {
        let bounds = ShareEstimate.wilson(events: events, of: count)
        #expect(abs(bounds.lowerBound - lower) < 0.00006)
        #expect(abs(bounds.upperBound - upper) < 0.00006)
    }

    /// The counts of clean payments that prove 0.1 % and 0.01 % (`truth.md`, 5.3), and one less.
    @Test func noErrorAmong2995ProvesOneInAThousand() throws {
        #expect(ShareEstimate.wilson(events: 0, of: 2995).upperBound <= 0.001)
        #expect(ShareEstimate.wilson(events: 0, of: 2994).upperBound > 0.001)
        #expect(ShareEstimate.wilson(events: 0, of: 29_956).upperBound <= 0.0001)
        #expect(ShareEstimate.wilson(events: 0, of: 29_955).upperBound > 0.0001)
        let clean = [ShareEstimate.Part](repeating: .init(events: 0, of: 599), count: 5)
        let estimate = try #require(ShareEstimate(parts: clean))
        #expect(estimate.bounds.lowerBound == 0)
        #expect(estimate.bounds.upperBound <= 0.001)
        #expect(estimate.effectiveEvents == 0)
        let all = [ShareEstimate.Part](repeating: .init(events: 599, of: 599), count: 5)
        let certain = try #require(ShareEstimate(parts: all)).bounds
        #expect(certain.upperBound == 1)
        #expect(certain.lowerBound >= 0.999)
    }

    @Test func oneOutageWidensTheIntervalAndLeavesLessThanFiveEvents() throws {
        var parts = [ShareEstimate.Part](repeating: .init(events: 1, of: 100), count: 60)
        let even = try #require(ShareEstimate(parts: parts))
        #expect(even.inflation == 1)
        #expect(even.effectiveEvents == 60)
        parts[30].events = 100
        let burst = try #require(ShareEstimate(parts: parts))
        #expect(try #require(burst.effectiveEvents) < 5)
        let independent = ShareEstimate.wilson(events: 159, of: 6000)
        #expect(burst.bounds.upperBound > 2 * independent.upperBound)
        #expect(burst.bounds.contains(even.value))
    }

    @Test func sharesOfAShortWindowAreThoseOfIndependentEvents() throws {
        let estimate = try #require(ShareEstimate(parts: [.init(events: 15, of: 148)]))
        #expect(estimate.bounds == ShareEstimate.wilson(events: 15, of: 148))
        #expect(estimate.inflation == nil)
        #expect(ShareEstimate(parts: []) == nil)
        #expect(ShareEstimate(parts: [.init(events: 0, of: 0)]) == nil)
    }

    /// Five seconds of two payments each, 10 and 30 ms: variance of one 100, of the mean 100/10 = 10;
    /// slices agree, so independence decides: 2.776445 · √10.
    @Test func aMeanIsAtLeastAsUncertainAsThatOfIndependentValues() throws {
        let second = RatioEstimate.Sums(count: 2, sum: 40, sumOfSquares: 1000)
        let parts = [RatioEstimate.Sums](repeating: second, count: 5)
        let estimate = try #require(RatioEstimate.mean(parts: parts))
        #expect(estimate.value == 20)
        #expect(abs(try #require(estimate.halfWidth) - 2.776445 * 10.0.squareRoot()) < 1e-5)
        #expect(RatioEstimate.mean(parts: []) == nil)
    }

    /// 100 in each of ten seconds and 50 in the half second after them: an even rate.
    @Test func anEvenRateHasNoWidthWhateverTheLengthOfTheLastPart() throws {
        var parts = [(events: Int, seconds: Double)](
            repeating: (events: 100, seconds: 1), count: 10)
        parts.append((events: 50, seconds: 0.5))
        let even = try #require(RatioEstimate.rate(parts: parts))
        #expect(even.value == 100)
        #expect(even.halfWidth == 0)
        parts[4].events = 0
        let uneven = try #require(RatioEstimate.rate(parts: parts))
        #expect(try #require(uneven.lower) < 100 && 100 < #require(uneven.upper))
        #expect(RatioEstimate.rate(parts: []) == nil)
    }
}
