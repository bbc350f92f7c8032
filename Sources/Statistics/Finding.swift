/// What a test of a series found: how large the effect is, and how likely chance alone makes it look
/// so regular. Present only if it is both larger than `leastEffect` and less likely than `greatestChance`.
package struct Finding: Sendable, Equatable {
    /// A share: 0.14 is 14 % more, −0.14 is 14 % less.
    package var effect: Double
    package var leastEffect: Double
    /// The probability of such a series, or a stronger one, where nothing changes.
    package var chance: Double
    package var greatestChance: Double
    package var isPresent: Bool
}
