import Histograms
import Testing

@Suite struct HistogramTests {
    @Test func quantilesFollowThePublishedVector() {
        // 1×1, 1000×5, 2047×1, 2048×2, 2049×1, 10000×3, 123456×7, one hour ×1 (n = 21).
        var histogram = Histogram()
        let rows: [(UInt64, Int)] = [
            (1, 1), (1000, 5), (2047, 1), (2048, 2), (2049, 1), (10000, 3), (123_456, 7),
            (3_600_000_000, 1),
        ]
        for (value, times) in rows { for _ in 0..<times { histogram.record(value) } }
        #expect(histogram.count == 21)
        #expect(histogram.value(at: 0.5) == 10007)
        #expect(histogram.value(at: 0.9) == 123_519)
        #expect(histogram.value(at: 0.95) == 123_519)
        #expect(histogram.value(at: 0.99) == 3_600_809_983)
        #expect(histogram.maximum == 3_600_000_000)
    }

    @Test func everyBucketHoldsItsOwnBounds() {
        for index in 0..<Buckets.total {
            #expect(Buckets.index(of: Buckets.lowestValue(at: index)) == index)
            #expect(Buckets.index(of: Buckets.highestValue(at: index)) == index)
        }
        #expect(Buckets.index(of: Buckets.highest) < Buckets.total)
    }

    @Test func aBucketIsAtMostATenthOfAPercentWide() {
        for index in 2048..<Buckets.total {
            let low = Buckets.lowestValue(at: index)
            let width = Buckets.highestValue(at: index) - low + 1
            #expect(Double(width) <= Double(low) / 1024)
        }
    }

    @Test(arguments: [1, 2, 3, 16])
    func mergingPreservesCountsForAnyNumberOfParts(parts: Int) {
        var whole = Histogram()
        var split = [Histogram](repeating: Histogram(), count: parts)
        var state: UInt64 = 42
        for index in 0..<10_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = state >> 40
            whole.record(value)
            split[index % parts].record(value)
        }
        var merged = Histogram()
        for part in split.reversed() { merged.add(part) }
        #expect(merged.buckets.elementsEqual(whole.buckets, by: ==))
        #expect(merged.count == whole.count)
        #expect(merged.minimum == whole.minimum)
        #expect(merged.maximum == whole.maximum)
    }

    @Test func aQuantileWithNothingAboveItIsNotObserved() {
        var histogram = Histogram()
        for value in 1...100 { histogram.record(UInt64(value)) }
        #expect(histogram.observedValue(at: 0.5) == 50)
        #expect(histogram.observedValue(at: 0.99) == 99)
        #expect(histogram.observedValue(at: 0.999) == nil)
        #expect(Histogram().observedValue(at: 0.5) == nil)
    }

    @Test func aValueAboveOneHourIsClampedAndCounted() {
        var histogram = Histogram()
        histogram.record(4_000_000_000)
        #expect(histogram.overflow == 1)
        #expect(histogram.count == 1)
        #expect(histogram.maximum == 4_000_000_000)
    }

    @Test func everyCountOutgrows32Bits() {
        // Doubled 40 times, then half as many again: more than 2³² in one bucket, by adding alone.
        var histogram = Histogram()
        for value: UInt64 in [0, 20_000, 20_000, Buckets.highest] { histogram.record(value) }
        for _ in 0..<40 { histogram.add(histogram) }
        histogram.record(20_000)
        let one: UInt64 = 1 << 40
        #expect(histogram.count == 4 * one + 1)
        #expect(histogram.buckets.map(\.count) == [one, 2 * one + 1, one])
        #expect(histogram.value(at: 0.2) == 0)
        #expect(histogram.value(at: 0.5) == 20_015)
        #expect(histogram.count(above: 20_015) == one)
        histogram.removeAll()
        #expect(histogram == Histogram())
    }

    @Test func aQuantilesRankIsTheSmallestWithTheShareAtOrBelowIt() {
        // ⌈q·n⌉ in whole numbers, for decimals that have no exact binary form.
        let shares =
            [(0.5, 5000), (0.75, 7500), (0.9, 9000), (0.95, 9500), (0.99, 9900)]
            + [(0.999, 9990), (0.9999, 9999), (0.07, 700), (0.29, 2900), (0.57, 5700)]
        var histogram = Histogram()
        // Values up to 2047 have a bucket each: the value is the rank.
        for count in 1...600 {
            histogram.record(UInt64(count))
            for (quantile, tenThousandths) in shares {
                let rank = (tenThousandths * count + 9999) / 10_000
                #expect(histogram.value(at: quantile) == UInt64(rank))
            }
        }
    }

    @Test func quantileZeroIsTheLowestValueOfTheFirstBucket() {
        var histogram = Histogram()
        histogram.record(6_118_000)
        #expect(histogram.value(at: 0) == 6_115_328)
        #expect(histogram.value(at: 1e-9) == 6_119_423)
        #expect(histogram.value(at: 1) == 6_119_423)
    }

    @Test func meanAndDeviationAreThoseOfTheExactValues() {
        var histogram = Histogram()
        for value: UInt64 in [2, 4, 4, 4, 5, 5, 7, 9] { histogram.record(value) }
        #expect(histogram.mean == 5)
        #expect(histogram.standardDeviation == 2)
    }
}
