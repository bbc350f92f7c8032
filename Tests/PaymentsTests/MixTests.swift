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
}
