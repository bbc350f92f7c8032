import Histograms
import Testing

/// What holds for any values: over random ones, by seed.
@Suite struct PropertyTests {
    private static let seeds = Array(UInt64(1)...12) + [.random(in: 0 ... .max)]

    @Test(arguments: seeds)
    func aMergedQuantileIsThatOfTheSortedValuesWithinOneInAThousand(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let times = random.times(.random(in: 1...5000, using: &random))
        var parts = [Histogram](repeating: Histogram(), count: .random(in: 1...8, using: &random))
        for time in times { parts[.random(in: parts.indices, using: &random)].record(time) }
        let merged = parts.shuffled(using: &random).reduce(into: Histogram()) { $0.add($1) }

        let sorted = times.sorted()
        for quantile in [0.01, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1] {
            let rank = max(1, Int((quantile * Double(sorted.count)).rounded(.up)))
            let truth = sorted[min(rank, sorted.count) - 1]
            guard let value = merged.value(at: quantile) else {
                Issue.record("nothing at \(quantile), seed \(seed)")
                continue
            }
            #expect(value >= truth, "q \(quantile), seed \(seed)")
            #expect(value - truth <= truth / 1000, "q \(quantile), seed \(seed)")
        }
    }

    @Test(arguments: seeds)
    func mergingInAnyOrderPreservesCountsAndExtremes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let parts = (0..<6).map { _ in random.times(.random(in: 0...400, using: &random)) }
        let whole = Histogram(parts.joined())
        let histograms = parts.map { Histogram($0) }.shuffled(using: &random)
        let merged = histograms.reduce(into: Histogram()) { $0.add($1) }
        #expect(merged.table == whole.table, "seed \(seed)")
        #expect(merged.count == UInt64(parts.joined().count), "seed \(seed)")
        #expect(merged.table.values.reduce(0, +) == merged.count, "seed \(seed)")
        #expect(merged.isEmpty || merged.minimum == parts.joined().min(), "seed \(seed)")
        #expect(merged.isEmpty || merged.maximum == parts.joined().max(), "seed \(seed)")
        #expect(V2Encoding.bytes(of: merged) == V2Encoding.bytes(of: whole), "seed \(seed)")
    }

    @Test(arguments: seeds)
    func whatIsEncodedIsDecodedToTheSameCounts(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var compressor = HistogramCompressor()
        var decompressor = HistogramDecompressor()
        for _ in 0..<4 {
            var histogram = Histogram(random.times(.random(in: 0...3000, using: &random)))
            // Now and then counts beyond 32 bits.
            if Int.random(in: 0..<5, using: &random) == 0 {
                for _ in 0..<40 { histogram.add(histogram) }
            }
            let plain = try V2Encoding.histogram(of: V2Encoding.bytes(of: histogram))
            #expect(plain.table == histogram.table, "seed \(seed)")
            #expect(plain.count == histogram.count, "seed \(seed)")
            let bytes = compressor.bytes(of: histogram)
            #expect(try decompressor.histogram(of: bytes) == plain, "seed \(seed)")
            // With the exact figures beside it, nothing is lost at all.
            #expect(plain.with(histogram.exact) == histogram, "seed \(seed)")
        }
    }

    @Test(arguments: seeds)
    func aReusedHistogramCountsLikeAFreshOne(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var reused = Histogram()
        for _ in 0..<10 {
            let times = random.times(.random(in: 0...50, using: &random))
            for time in times { reused.record(time) }
            #expect(reused == Histogram(times), "seed \(seed)")
            reused.removeAll()
            #expect(reused == Histogram(), "seed \(seed)")
        }
    }

    /// Any bytes are a histogram or a typed error; what decodes, encodes to what decodes to the same.
    @Test(arguments: seeds)
    func damagedBytesNeverTrap(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var compressor = HistogramCompressor()
        var decompressor = HistogramDecompressor()
        let histogram = Histogram(random.times(300))
        let plain = V2Encoding.bytes(of: histogram)
        let compressed = compressor.bytes(of: histogram)
        for _ in 0..<40 {
            let damaged = random.damaging(plain)
            if let read = try? V2Encoding.histogram(of: damaged) {
                let again = try? V2Encoding.histogram(of: V2Encoding.bytes(of: read))
                #expect(again == read, "seed \(seed)")
            }
            _ = try? decompressor.histogram(of: random.damaging(compressed))
        }
        // The state is still good after all that.
        #expect((try? decompressor.histogram(of: compressed))?.table == histogram.table)
    }
}

extension SeededGenerator {
    /// Some bytes changed, and now and then some cut off.
    fileprivate mutating func damaging(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            bytes[.random(in: bytes.indices, using: &self)] = .random(in: 0...255, using: &self)
        }
        if Bool.random(using: &self) {
            bytes.removeLast(.random(in: 0..<bytes.count, using: &self))
        }
        return bytes
    }
}
