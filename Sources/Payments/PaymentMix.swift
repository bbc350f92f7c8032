/// Which entry of the weighted mix request `n` is: a fixed cycle in which every entry comes as often
/// as its weight says. Of the first n requests, every entry has its share to less than one request,
/// hence of any stretch to less than two, and exactly of any as long as the cycle (Tijdeman 1980,
/// "The chairman assignment problem").
package struct PaymentMix: Sendable, Equatable {
    /// What all weights together may be.
    package static let largestSum = 100_000

    private let cycle: [UInt16]

    /// - Precondition: no weight below 0, at least one above, their sum at most `largestSum` once
    ///   the common divisor is taken out. An entry of weight 0 never comes.
    package init(weights: [Int]) {
        precondition(weights.allSatisfy { $0 >= 0 }, "weights are not negative")
        let divisor = weights.reduce(0, Self.greatestCommonDivisor)
        precondition(divisor > 0, "one entry at least has a weight")
        let shares = weights.map { $0 / divisor }
        let sum = shares.reduce(0, +)
        precondition(sum <= Self.largestSum, "the mix repeats within a hundred thousand payments")
        var chair = Chair(shares: shares, sum: sum)
        cycle = (0..<sum).map { _ in UInt16(chair.next()) }
    }

    /// After so many requests it repeats.
    package var period: Int { cycle.count }

    package func entry(of number: UInt64) -> Int {
        Int(cycle[Int(number % UInt64(cycle.count))])
    }

    private static func greatestCommonDivisor(_ left: Int, _ right: Int) -> Int {
        right == 0 ? left : greatestCommonDivisor(right, left % right)
    }
}

/// Of the entries that are behind their share by 1 / `grain`, the one goes next that would be too
/// far behind first. Whole numbers throughout.
private struct Chair {
    private let shares: [Int]
    private let sum: Int
    private let grain: Int
    private var credit: [Int]

    init(shares: [Int], sum: Int) {
        self.shares = shares
        self.sum = sum
        grain = max(2, 2 * shares.count { $0 > 0 } - 2)
        credit = shares.map { _ in 0 }
    }

    mutating func next() -> Int {
        var best = 0
        var bestSlack = 0
        var isFound = false
        for index in shares.indices where shares[index] > 0 {
            credit[index] += shares[index]
            guard credit[index] * grain >= sum else { continue }
            // Requests until it is due: slack / share.
            let slack = sum * (grain - 1) - credit[index] * grain
            if !isFound || slack * shares[best] < bestSlack * shares[index] {
                (best, bestSlack, isFound) = (index, slack, true)
            }
        }
        credit[best] -= sum
        return best
    }
}
