import Payments

/// In which order the arms of a comparison come: a permutation for each group of arrivals, or for each
/// round of blocks. Drawn by counter from a seed, so that everybody who knows it has the same one, and
/// each of the `arms`! orders is as likely as any other (to within 8! / 2⁶⁴).
package struct ArmOrder: Sendable, Equatable {
    /// 1…8.
    package let arms: Int
    package let seed: UInt64

    package init(arms: Int, seed: UInt64) {
        precondition((1...8).contains(arms), "there are one to eight arms")
        self.arms = arms
        self.seed = seed
    }

    /// Which arm is at `place` of the group.
    package func arm(at place: Int, of group: UInt64) -> Int {
        Int(permutation(of: group) >> UInt64(4 * place) & 0xF)
    }

    /// Where the arm is in the group.
    package func place(of arm: Int, in group: UInt64) -> Int {
        let permutation = permutation(of: group)
        for place in 0..<arms where permutation >> UInt64(4 * place) & 0xF == UInt64(arm) {
            return place
        }
        preconditionFailure("every arm has a place")
    }

    /// The arm at place p in the four bits from 4p on (Durstenfeld, CACM 7:7, algorithm 235).
    private func permutation(of group: UInt64) -> UInt64 {
        var draw = Mix.scramble(Mix.scramble(seed) ^ group)
        var packed: UInt64 = 0x7654_3210
        var last = UInt64(arms) - 1
        while last > 0 {
            // The high word is the digit, the low one what is left to draw from.
            let (digit, rest) = draw.multipliedFullWidth(by: last + 1)
            let difference = (packed >> (4 * last) ^ packed >> (4 * digit)) & 0xF
            packed ^= difference << (4 * last) | difference << (4 * digit)
            draw = rest
            last -= 1
        }
        return packed
    }
}
