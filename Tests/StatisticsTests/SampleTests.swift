import Histograms
import Statistics
import Testing

@Suite struct SampleTests {
    @Test func quantilesAndCountsAreThoseOfTheSortedValues() throws {
        for seed: UInt64 in 1...200 {
            var draws = Draws(seed: seed)
            let values = (0..<Int.random(in: 1...60, using: &draws)).map { _ in
                Double(Int.random(in: 0...25, using: &draws))
            }
            let sorted = values.sorted()
            let sample = Sample(values: values)
            #expect(sample.count == values.count)
            for percent in 0...100 {
                // In whole numbers: the smallest rank r ≥ 1 with 100 r ≥ percent · count.
                let rank = max(1, (percent * sorted.count + 99) / 100)
                let bin = try #require(sample.bin(at: Double(percent) / 100))
                #expect(bin.high == sorted[rank - 1], "seed \(seed), \(percent) %")
            }
            for value in stride(from: -1.0, through: 26, by: 0.5) {
                #expect(sample.count(above: value) == sorted.count { $0 > value })
                #expect(sample.count(from: value) == sorted.count { $0 >= value })
            }
        }
    }

    @Test func quantilesAreThoseOfTheHistogram() {
        var draws = Draws(seed: 3)
        var histogram = Histogram()
        for _ in 0..<5000 { histogram.record(UInt64(draws.exponential(mean: 30_000))) }
        let sample = Sample(
            bins: histogram.buckets.map { .init(bucket: $0.index, count: Int($0.count)) })
        for quantile in [0, 0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1] {
            let value = histogram.value(at: quantile).map { Double($0) }
            #expect(sample.bin(at: quantile)?.high == value)
        }
        let median = histogram.value(at: 0.5) ?? 0
        #expect(UInt64(sample.count(above: Double(median))) == histogram.count(above: median))
    }

    @Test func mergingIsCountingTogether() {
        for seed: UInt64 in 1...100 {
            var draws = Draws(seed: seed)
            let parts = (0..<Int.random(in: 0...21, using: &draws)).map { _ in
                (0..<Int.random(in: 0...20, using: &draws)).map { _ in
                    Double(Int.random(in: 0...30, using: &draws))
                }
            }
            let merged = Sample(merging: parts.map(Sample.init(values:)))
            #expect(merged == Sample(values: parts.flatMap(\.self)), "seed \(seed)")
        }
    }

    @Test func emptyBinsDoNotCount() {
        let bins = [Sample.Bin(low: 1, high: 2, count: 0), .init(low: 3, high: 4, count: 2)]
        #expect(Sample(bins: bins).bins == [.init(low: 3, high: 4, count: 2)])
        #expect(Sample(values: []).bin(at: 0.5) == nil)
        #expect(Sample(values: []).isEmpty)
    }
}

@Suite struct SlicingTests {
    @Test func everyPartBelongsToOneSliceAndSlicesDifferByAtMostOnePart() throws {
        for parts in 5...400 {
            let slicing = try #require(Slicing(parts: parts))
            #expect(slicing.count == (parts < 10 ? 5 : parts < 20 ? 10 : 20))
            let groups = slicing.grouped(Array(0..<parts))
            #expect(groups.flatMap(\.self) == Array(0..<parts))
            for (slice, group) in groups.enumerated() {
                #expect(group.allSatisfy { slicing.slice(of: $0) == slice })
            }
            let sizes = groups.map(\.count)
            #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
        }
        #expect(Slicing(parts: 4) == nil)
    }
}
