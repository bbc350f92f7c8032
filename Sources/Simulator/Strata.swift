/// The stratified positions of payments: over each 10,000 of them, every (k + ½) / 10,000 once, in a
/// seeded order that is another one for each block.
///
/// The order is a Feistel network over 14 bits, walked until it falls below 10,000 (Black and Rogaway
/// 2002): a permutation that needs no table and no state.
package struct Strata: Sendable {
    package static let count: UInt64 = 10_000
    private static let rounds: UInt64 = 4

    private let draws: Draws

    package init(_ draws: Draws) { self.draws = draws }

    /// - Parameter number: of the payment, counted from 1.
    package func unit(_ number: UInt64) -> Double {
        let (block, index) = (number - 1).quotientAndRemainder(dividingBy: Self.count)
        let keys = draws.bits(block, for: .order)
        var place = index
        repeat { place = Self.shuffled(place, keys) } while place >= Self.count
        return (Double(place) + 0.5) / Double(Self.count)
    }

    private static func shuffled(_ place: UInt64, _ keys: UInt64) -> UInt64 {
        var (left, right) = (place >> 7, place & 127)
        for round in 0..<rounds {
            let key = (keys >> (round * 16)) & 0xFFFF
            let mixed = (right &+ 1) &* (key | 1) &* 0x9E37_79B9_7F4A_7C15 &+ key << 32
            (left, right) = (right, left ^ (mixed >> 57))
        }
        return left << 7 | right
    }
}
