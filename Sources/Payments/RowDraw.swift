/// How many of the requests before one belong to some entries of a mix.
package struct Ranking: Sendable, Equatable {
    /// Of the first n places of the mix's cycle, for n up to its length.
    private let before: [UInt32]

    /// Cost: 4 bytes for each place of the cycle.
    package init(_ mix: PaymentMix, entries: Set<Int>) {
        var count: UInt32 = 0
        before =
            [0]
            + (0..<mix.period).map { place in
                if entries.contains(mix.entry(of: UInt64(place))) { count += 1 }
                return count
            }
    }

    /// How many of the positions 0..<`position` are of these entries. Constant time.
    ///
    /// Of a position that is, this is its rank: the how-manieth it is, counted from 0.
    package func count(before position: UInt64) -> UInt64 {
        let period = UInt64(before.count - 1)
        let (cycles, place) = position.quotientAndRemainder(dividingBy: period)
        return cycles * UInt64(before[before.count - 1]) + UInt64(before[Int(place)])
    }
}

/// Which draw from a data set a request takes: the r-th that uses the data set takes draw r, over
/// all workers, without a counter that they would have to share.
package struct RowDraw: Sendable, Equatable {
    private let ranking: Ranking
    /// Draws that earlier phases took.
    private let base: UInt64
    /// Series that take draws in turn, such as the users of a closed phase; at least 1.
    private let lanes: UInt64

    package init(_ ranking: Ranking, base: UInt64 = 0, lanes: UInt64 = 1) {
        precondition(lanes >= 1, "there is a lane")
        self.ranking = ranking
        self.base = base
        self.lanes = lanes
    }

    /// - Parameters:
    ///   - position: of the request in its lane's mix, counted from 0.
    ///   - lane: less than `lanes`.
    package func draw(of position: UInt64, lane: UInt64 = 0) -> UInt64 {
        base + ranking.count(before: position) * lanes + lane
    }
}
