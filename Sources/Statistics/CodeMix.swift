/// Corrects the chances of a family of tests, so that the chance of any false alarm among them keeps
/// to the level (Holm, Scand. J. Statist. 6, 1979, p. 65).
package enum Holm {
    /// In the order of `chances`: each is to be compared with the level of the whole family.
    package static func adjusted(_ chances: [Double]) -> [Double] {
        var adjusted = chances
        var greatest = 0.0
        let order = chances.indices.sorted { chances[$0] < chances[$1] }
        for (rank, index) in order.enumerated() {
            greatest = max(greatest, min(1, Double(chances.count - rank) * chances[index]))
            adjusted[index] = greatest
        }
        return adjusted
    }
}

/// Which error codes one arm gives more often than the other.
package struct CodeMix<Code: Sendable & Equatable>: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package var code: Code
        package var rate: RateDifference
        /// Of `rate`, corrected for the number of codes (`Holm`).
        package var chance: Double
        package var differs: Bool
    }

    /// In the order of what they were made from.
    package let entries: [Entry]
    package var differs: Bool { entries.contains(where: \.differs) }

    /// - Parameters:
    ///   - codes: each with its payments and all payments, slice by slice. Without payments it is left out.
    ///   - confidence: that none of the codes is said to differ that does not.
    package init(
        _ codes: [(code: Code, slices: [Arms<ShareEstimate.Part>])], confidence: Double = 0.95
    ) {
        let rates = codes.compactMap { code, slices in
            RateDifference(slices, confidence: confidence).map { (code: code, rate: $0) }
        }
        entries = zip(rates, Holm.adjusted(rates.map(\.rate.chance))).map { pair, chance in
            Entry(
                code: pair.code, rate: pair.rate, chance: chance,
                differs: chance < 1 - confidence)
        }
    }
}
