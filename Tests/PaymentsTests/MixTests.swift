import Payments
import Testing

@Suite struct MixTests {
    @Test(arguments: [
        [1], [7, 3], [1, 1, 1], [5, 1, 1], [1000, 1], [6, 4], [700, 200, 90, 9, 1],
    ])
    func everyEntryComesAsOftenAsItsWeightSays(weights: [Int]) {
        let mix = PaymentMix(weights: weights)
        let sum = weights.reduce(0, +)
        // Any stretch as long as the weights' sum holds each entry exactly that often.
        for start in [0, 1, 17, 1_000_003] {
            var counts = weights.map { _ in 0 }
            for number in start..<(start + sum) { counts[mix.entry(of: UInt64(number))] += 1 }
            #expect(counts == weights)
        }
    }

    @Test func equalRatiosAreOneMix() {
        #expect(PaymentMix(weights: [70, 30]) == PaymentMix(weights: [7, 3]))
        // The divisor is 1,000,000: the cycle has two entries, not two million.
        let mix = PaymentMix(weights: [1_000_000, 1_000_000])
        #expect(mix.entry(of: 0) != mix.entry(of: 1))
    }

    @Test func anEntryIsSpreadOverTheCycle() {
        let mix = PaymentMix(weights: [7, 3])
        var inARow = 0
        var longest = 0
        for number in UInt64(0)..<1000 {
            inARow = mix.entry(of: number) == 0 ? inARow + 1 : 0
            longest = max(longest, inARow)
        }
        // 7 / 3 = 2.3 of the heavier between two of the lighter.
        #expect(longest == 3)
    }

    @Test func theLargestNumberHasAnEntry() {
        #expect((0...1).contains(PaymentMix(weights: [2, 1]).entry(of: .max)))
    }

    @Test func aHundredThousandIsTheLongestCycle() {
        let mix = PaymentMix(weights: [99_999, 1])
        let rare = (UInt64(0)..<100_000).filter { mix.entry(of: $0) == 1 }
        #expect(rare.count == 1)
    }

    /// Of the first n requests, an entry's share to less than one; of any stretch, to less than two.
    @Test func sharesAreKeptOverEveryStretch() {
        let seed: UInt64 = 9
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let weights = (0..<Int.random(in: 1...25, using: &random)).map { _ in
                Int.random(in: 1...Int.random(in: 1...120, using: &random), using: &random)
            }
            let mix = PaymentMix(weights: weights)
            let sum = weights.reduce(0, +)
            var counts = weights.map { _ in 0 }
            var least = weights.map { _ in 0 }
            var most = weights.map { _ in 0 }
            for number in 0..<(2 * sum) {
                counts[mix.entry(of: UInt64(number))] += 1
                for entry in weights.indices {
                    // In requests times `sum`, so that it is exact.
                    let ahead = counts[entry] * sum - weights[entry] * (number + 1)
                    least[entry] = min(least[entry], ahead)
                    most[entry] = max(most[entry], ahead)
                }
            }
            #expect(most.allSatisfy { $0 < sum }, "seed \(seed), \(weights)")
            #expect(least.allSatisfy { $0 > -sum }, "seed \(seed), \(weights)")
        }
    }

    /// Where the weights add up to a divisor of 1,000, as percentages do, to the request.
    @Test(arguments: [[7, 3], [50, 30, 20], [600, 300, 99, 1], [5, 2, 1], [1, 1, 1, 1]])
    func anyThousandHaveTheirExactProportions(weights: [Int]) {
        let mix = PaymentMix(weights: weights)
        let sum = weights.reduce(0, +)
        for start in [0, 1, 333, 999, 123_457] {
            var counts = weights.map { _ in 0 }
            for number in start..<(start + 1000) { counts[mix.entry(of: UInt64(number))] += 1 }
            #expect(counts == weights.map { $0 * 1000 / sum })
        }
    }

    @Test func anEntryWithoutWeightNeverComes() {
        let mix = PaymentMix(weights: [0, 3, 0, 1])
        #expect(Set((UInt64(0)..<100).map { mix.entry(of: $0) }) == [1, 3])
        #expect(PaymentMix(weights: [0, 5]).entry(of: 7) == 1)
    }
}
