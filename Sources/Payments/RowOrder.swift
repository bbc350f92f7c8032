/// Which row of a data set a draw takes. A pure value: every worker computes it for itself.
package struct RowOrder: Sendable, Equatable {
    package enum Kind: String, CaseIterable, Sendable {
        case sequential
        /// Each pass over the rows is a permutation of its own, drawn from the seed.
        case shuffle
    }

    /// What comes behind the last row.
    package enum AtEnd: String, CaseIterable, Sendable {
        case wrap
        case stop
    }

    private let kind: Kind
    private let atEnd: AtEnd
    private let rows: UInt64
    private let key: UInt64

    /// - Parameters:
    ///   - rows: at least 1.
    ///   - dataSet: which of the scenario's data sets, so that no two are shuffled alike.
    package init(_ kind: Kind, atEnd: AtEnd, rows: Int, keys: RunKeys, dataSet: Int) {
        precondition(rows >= 1, "a data set has rows")
        self.kind = kind
        self.atEnd = atEnd
        self.rows = UInt64(rows)
        key = Mix.scramble(keys.draws ^ Mix.scramble(0x510E_527F_ADE6_82D1 &+ UInt64(dataSet)))
    }

    /// nil: the rows are used up, and nothing comes behind them. Constant time and memory.
    package func row(of draw: UInt64) -> Int? {
        let (pass, place) = draw.quotientAndRemainder(dividingBy: rows)
        if pass > 0, atEnd == .stop { return nil }
        switch kind {
        case .sequential: return Int(place)
        case .shuffle:
            let shuffle = Shuffle(count: rows, key: Mix.scramble(key ^ Mix.scramble(pass)))
            return Int(shuffle.permuted(place))
        }
    }
}

/// A permutation of 0..<count: a Feistel network over the smallest power of two that holds them,
/// walked along its cycle until it comes back into the range (Black and Rogaway 2002, "Ciphers with
/// arbitrary finite domains"); less than two steps on average.
private struct Shuffle {
    private static let rounds = 8

    private let count: UInt64
    private let key: UInt64
    /// Bits of the lower half; the upper one has as many, or one less.
    private let lowBits: UInt64
    private let lowMask: UInt64
    private let highMask: UInt64

    init(count: UInt64, key: UInt64) {
        self.count = count
        self.key = key
        let bits = UInt64(64 - (count - 1).leadingZeroBitCount)
        lowBits = (bits + 1) / 2
        lowMask = (1 << lowBits) - 1
        highMask = (1 << (bits - lowBits)) - 1
    }

    func permuted(_ place: UInt64) -> UInt64 {
        var value = step(place)
        while value >= count { value = step(value) }
        return value
    }

    private func step(_ value: UInt64) -> UInt64 {
        var high = value >> lowBits
        var low = value & lowMask
        var roundKey = key
        for _ in 0..<(Self.rounds / 2) {
            high ^= Mix.scramble(low ^ roundKey) & highMask
            low ^= Mix.scramble(high ^ ~roundKey) & lowMask
            roundKey = Mix.scramble(roundKey)
        }
        return high << lowBits | low
    }
}
