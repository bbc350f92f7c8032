import Arrivals
import Glibc
import Testing

@Suite struct PoissonTests {
    private static let seeds: [UInt64] = [1, 2, 3, 42, 20_240_611, .max]

    private func stream(
        _ rate: Double, seed: UInt64, length: Int64? = nil, count: Int? = nil
    ) -> ArrivalStream {
        ArrivalStream(
            rate: Rate(perSecond: rate), process: .poisson, seed: seed, length: length,
            count: count)
    }

    private func instants(_ stream: ArrivalStream) -> [Int64] {
        var stream = stream
        var instants: [Int64] = []
        while let arrival = stream.next() { instants.append(arrival.offset) }
        return instants
    }

    /// Gaps in units of their mean; a gap of 1 s leaves nine digits after the point.
    private func gaps(seed: UInt64, count: Int) -> [Double] {
        let instants = [0] + instants(stream(1, seed: seed, count: count))
        return zip(instants.dropFirst(), instants).map { Double($0 - $1) / 1e9 }
    }

    @Test(arguments: seeds)
    func theMeanRateIsTheOneAskedFor(seed: UInt64) {
        // The time of 100,000 arrivals has a standard deviation of √100,000 = 316 gaps: 2.58 of
        // them, which is 1 %, are 0.816 %.
        let last = instants(stream(500, seed: seed, count: 100_000)).last ?? 0
        #expect(abs(Double(last) / 1e9 - 200) < 200 * 0.00816, "seed \(seed)")
    }

    /// Of 200 true processes a test at 1 % rejects 2; more than 7 with a probability of 0.1 %.
    @Test func theGapsAreExponential() {
        let samples = (UInt64(1)...200).map { gaps(seed: $0, count: 1000) }
        // Anderson and Darling, all parameters known: 3.857 at 1 %.
        #expect(samples.count { andersonDarling($0) > 3.857 } <= 7, "seeds 1…200")
        // Kolmogorov and Smirnov: 1.628 at 1 %.
        #expect(samples.count { kolmogorov($0) > 1.628 } <= 7, "seeds 1…200")
    }

    @Test(arguments: seeds)
    func theGapsOfALongProcessAreExponential(seed: UInt64) {
        // 0.01 % for each: 2.2253 = √(−ln(0.0001 / 2) / 2).
        #expect(kolmogorov(gaps(seed: seed, count: 20_000)) < 2.2253, "seed \(seed)")
    }

    @Test func theTestsFindGapsThatAreNotExponential() {
        let uniform = (1...10_000).map { 2 * Double($0) / 10_001 }
        #expect(andersonDarling(uniform) > 3.857)
        #expect(kolmogorov(uniform) > 1.628)
    }

    @Test(arguments: seeds)
    func aGapSaysNothingAboutTheNext(seed: UInt64) {
        let gaps = gaps(seed: seed, count: 10_000).map { 1 - exp(-$0) - 0.5 }
        let products = zip(gaps, gaps.dropFirst()).map { $0 * $1 }.reduce(0, +)
        let correlation = products / gaps.map { $0 * $0 }.reduce(0, +)
        // 2.58 / √n at 1 %.
        #expect(abs(correlation) < 0.0258, "seed \(seed)")
    }

    @Test(arguments: seeds)
    func countsOfASecondVaryAsPoissonCountsDo(seed: UInt64) {
        let seconds = 2000
        var counts = [Double](repeating: 0, count: seconds)
        for instant in instants(stream(50, seed: seed, length: Int64(seconds) * 1_000_000_000)) {
            counts[Int(instant / 1_000_000_000)] += 1
        }
        let mean = counts.reduce(0, +) / Double(seconds)
        let variance = counts.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(seconds - 1)
        // The index of dispersion is 1, its standard deviation √(2 / 1999) = 0.0316.
        #expect(abs(variance / mean - 1) < 2.58 * 0.0316, "seed \(seed)")
    }

    @Test func instantsNeverGoBack() {
        let instants = instants(stream(200_000, seed: 9, count: 200_000))
        #expect(zip(instants, instants.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test func anotherSeedIsAnotherProcess() {
        let one = Set(instants(stream(1, seed: 1, count: 1000)))
        let two = instants(stream(1, seed: 2, count: 1000))
        #expect(one.isDisjoint(with: two))
    }

    @Test func theProcessOfALongerPhaseBeginsAlike() {
        let short = instants(stream(100, seed: 4, length: 1_000_000_000))
        let long = instants(stream(100, seed: 4, length: 5_000_000_000))
        #expect(short.count > 60)
        #expect(Array(long.prefix(short.count)) == short)
        #expect(long[short.count] >= 1_000_000_000)
    }

    @Test func anEmptyPhaseEnds() {
        var stream = stream(1 / 60.0, seed: 4, length: 1)
        #expect(stream.next() == nil)
        #expect(stream.end?.number == 0)
        #expect(stream.end?.offset == 1)
    }

    /// √n times the largest distance from 1 − e⁻ˣ.
    private func kolmogorov(_ gaps: [Double]) -> Double {
        let step = 1 / Double(gaps.count)
        let distances = gaps.map { 1 - exp(-$0) }.sorted().enumerated().map { rank, value in
            let below = Double(rank) * step
            return max(below + step - value, value - below)
        }
        return (distances.max() ?? 1) * Double(gaps.count).squareRoot()
    }

    /// A² = −n − Σ (2i − 1) / n ⋅ (ln F(xᵢ) + ln (1 − F(xₙ₊₁₋ᵢ))) with F(x) = 1 − e⁻ˣ
    /// (Anderson and Darling 1954).
    private func andersonDarling(_ gaps: [Double]) -> Double {
        let sorted = gaps.sorted()
        let n = Double(sorted.count)
        let sum = sorted.enumerated().reduce(0.0) { sum, gap in
            let below = log(-expm1(-gap.element))
            let above = -sorted[sorted.count - 1 - gap.offset]
            return sum + Double(2 * gap.offset + 1) * (below + above)
        }
        return -n - sum / n
    }
}
