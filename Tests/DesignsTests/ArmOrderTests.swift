import Designs
import Testing

@Suite struct ArmOrderTests {
    @Test(arguments: 1...8) func everyGroupHasEveryArmOnce(arms: Int) {
        let order = ArmOrder(arms: arms, seed: 42)
        for group in UInt64(0)..<2000 {
            let group1 = (0..<arms).map { order.arm(at: $0, of: group) }
            #expect(group1.sorted() == Array(0..<arms))
            for arm in 0..<arms {
                #expect(group1[order.place(of: arm, in: group)] == arm)
            }
        }
    }

    /// Each of k! orders has its share: χ² with k! − 1 degrees of freedom, mean k! − 1 and variance
    /// 2 (k! − 1), within four standard deviations.
    @Test(arguments: [2, 3, 4], [1 as UInt64, 7, 2024])
    func allOrdersAreEquallyLikely(arms: Int, seed: UInt64) {
        let order = ArmOrder(arms: arms, seed: seed)
        let groups = 24_000
        let orders = (1...arms).reduce(1, *)
        var counts: [[Int]: Int] = [:]
        for group in 0..<groups {
            counts[(0..<arms).map { order.arm(at: $0, of: UInt64(group)) }, default: 0] += 1
        }
        let expected = Double(groups) / Double(orders)
        let square = counts.values.reduce(0.0) { sum, count in
            sum + (Double(count) - expected) * (Double(count) - expected) / expected
        }
        let degrees = Double(orders - 1)
        #expect(counts.count == orders)
        #expect(square < degrees + 4 * (2 * degrees).squareRoot(), "seed \(seed): \(square)")
    }

    /// Of eight arms each is as often at each place as at any other, to five standard deviations.
    @Test func everyArmIsAsOftenAtEveryPlace() {
        let order = ArmOrder(arms: 8, seed: 5)
        let groups = 16_000
        var counts = [Int](repeating: 0, count: 64)
        for group in UInt64(0)..<UInt64(groups) {
            for place in 0..<8 { counts[place * 8 + order.arm(at: place, of: group)] += 1 }
        }
        let mean = Double(groups) / 8
        let deviation = (Double(groups) * 7 / 64).squareRoot()
        for count in counts { #expect(abs(Double(count) - mean) < 5 * deviation) }
    }

    @Test func seedsAndGroupsMakeADifference() {
        let orders = [1 as UInt64, 2].map { seed in
            (UInt64(0)..<64).map { ArmOrder(arms: 2, seed: seed).arm(at: 0, of: $0) }
        }
        #expect(orders[0] != orders[1])
        #expect(Set(orders[0]).count == 2)
    }
}
