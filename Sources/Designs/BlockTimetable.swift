/// Which arm plays when: in each round every arm has one block, in the order of the round.
///
/// An arm has a time of its own, which stands still while others play. What happens in it, arrivals or
/// users, is the same for every arm. Instants are nanoseconds from the start of the pass.
package struct BlockTimetable: Sendable, Equatable {
    package struct Block: Sendable, Equatable {
        package var round: Int
        package var arm: Int
        package var start: Int64
        package var end: Int64

        package init(round: Int, arm: Int, start: Int64, end: Int64) {
            self.round = round
            self.arm = arm
            self.start = start
            self.end = end
        }
    }

    package let order: ArmOrder
    /// Of each arm in each round; of the last round what is left.
    package let block: Int64
    /// What begins so early in its block is not judged.
    package let settle: Int64
    /// In an arm's time; nil where something else ends the pass.
    package let length: Int64?

    package init(order: ArmOrder, block: Int64, settle: Int64, length: Int64?) {
        precondition(
            block > 0 && (0..<block).contains(settle), "a block is longer than its settling")
        self.order = order
        self.block = block
        self.settle = settle
        self.length = length
    }

    private var arms: Int64 { Int64(order.arms) }

    /// When the pass is over; nil where its length does not say.
    package var end: Int64? { length.map { $0 * arms } }

    /// When the round is over in which an arm's time is `time`.
    package func end(ofRoundAt time: Int64) -> Int64 {
        let round = max(0, time) / block
        return round * block * arms + lengthOfBlocks(in: round) * arms
    }

    /// When the arm's time is `time`; of two such instants the one at which it plays.
    package func instant(of time: Int64, for arm: Int) -> Int64 {
        guard time < .max else { return .max }
        if let length, time >= length { return length * arms + time - length }
        guard time >= 0 else { return time }
        let round = time / block
        return start(of: round, for: arm) + time - round * block
    }

    /// The arm's time, and whether it plays.
    package func time(at instant: Int64, for arm: Int) -> (time: Int64, plays: Bool) {
        if let end, let length, instant >= end { return (length + instant - end, false) }
        guard instant >= 0 else { return (instant, false) }
        let round = instant / (block * arms)
        let start = start(of: round, for: arm)
        if instant < start { return (round * block, false) }
        let played = min(instant - start, lengthOfBlocks(in: round))
        return (round * block + played, played < lengthOfBlocks(in: round))
    }

    /// Whether what is due at this time of an arm is not judged.
    package func settles(at time: Int64) -> Bool { time % block < settle }

    /// The block at an instant; nil where none is.
    package func block(at instant: Int64) -> Block? {
        guard instant >= 0, instant < end ?? .max else { return nil }
        let round = instant / (block * arms)
        let length = lengthOfBlocks(in: round)
        let place = (instant - round * block * arms) / length
        let start = round * block * arms + place * length
        return Block(
            round: Int(round), arm: order.arm(at: Int(place), of: UInt64(round)), start: start,
            end: start + length)
    }

    /// An arm's blocks in their order, as far as they begin before `instant`.
    package func blocks(of arm: Int, before instant: Int64) -> [Block] {
        let limit = min(instant, end ?? .max)
        guard limit > 0 else { return [] }
        return (0...(limit - 1) / (block * arms)).compactMap { round in
            let start = start(of: round, for: arm)
            return start < limit
                ? Block(
                    round: Int(round), arm: arm, start: start,
                    end: start + lengthOfBlocks(in: round)) : nil
        }
    }

    private func start(of round: Int64, for arm: Int) -> Int64 {
        round * block * arms
            + Int64(order.place(of: arm, in: UInt64(round))) * lengthOfBlocks(in: round)
    }

    private func lengthOfBlocks(in round: Int64) -> Int64 {
        length.map { min(block, max(0, $0 - round * block)) } ?? block
    }
}
