/// Which entry of the weighted mix request `n` is: a fixed cycle in which every entry comes as often
/// as its weight says, spread as evenly as weights allow (smooth weighted round robin).
package struct PaymentMix: Sendable, Equatable {
    /// What all weights together may be.
    package static let largestSum = 100_000

    private let cycle: [UInt16]

    /// - Precondition: at least one weight, each at least 1, their sum at most `largestSum`.
    package init(weights: [Int]) {
        precondition(!weights.isEmpty && weights.allSatisfy { $0 >= 1 }, "weights are at least 1")
        let divisor = weights.reduce(0, Self.greatestCommonDivisor)
        let shares = weights.map { $0 / divisor }
        let sum = shares.reduce(0, +)
        precondition(sum <= Self.largestSum, "the mix repeats within a hundred thousand payments")
        var credit = [Int](repeating: 0, count: shares.count)
        cycle = (0..<sum).map { _ in
            for index in shares.indices { credit[index] += shares[index] }
            let richest = credit.indices.max { credit[$0] < credit[$1] } ?? 0
            credit[richest] -= sum
            return UInt16(richest)
        }
    }

    package func entry(of number: UInt64) -> Int {
        Int(cycle[Int(number % UInt64(cycle.count))])
    }

    private static func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
        right == 0 ? left : greatestCommonDivisor(right, left % right)
    }
}
