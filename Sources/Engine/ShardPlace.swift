import Arrivals

/// Which part of a plan is played here, where several processes play it together: the payments k ≡
/// `index` modulo `count` of the open model, and such users of the closed one.
package struct ShardPlace: Sendable, Hashable {
    package let index: Int
    package let count: Int

    /// The whole plan.
    package static let whole = ShardPlace(0, of: 1)

    package init(_ index: Int, of count: Int) {
        precondition(count >= 1 && (0..<count).contains(index), "a shard is one of its number")
        self.index = index
        self.count = count
    }

    /// This shard's part of what all may have together; the parts of all shards add up to it.
    package func part(of whole: Int) -> Int { max(0, (whole - index + count - 1) / count) }
}

/// Workers of all shards sit in one row: shard i's worker w has seat i + w × shards. So arrivals and users
/// that are dealt out along the row fall to the right shard however many workers that one has.
extension EnginePlan {
    var seats: Int { workers * shard.count }

    func seat(ofWorker worker: Int) -> Int { shard.index + worker * shard.count }

    /// Of the arrivals of a pass whose numbers begin with `first`, those n ≡ this modulo `seats` are the
    /// worker's: arrival n has number `first` + n, and numbers are dealt out in turn over all passes.
    func residue(ofWorker worker: Int, firstNumber first: UInt64) -> Int {
        let behind = Int(first % UInt64(seats))
        let seat = seat(ofWorker: worker)
        return seat >= behind ? seat - behind : seat - behind + seats
    }
}

extension EnginePlan {
    /// Arrivals of the whole plan, of all shards and arms together, as they are drawn; nil where users
    /// tell, or a file can't be read any more.
    ///
    /// Cost: a logarithm for each Poisson arrival.
    package var plannedArrivals: Int? {
        var sum = 0
        for pass in passes.indices {
            let phase = phases[phase(ofPass: pass)]
            guard case .open(let schedule) = phase.model,
                let count = try? schedule.count(
                    seed: seed(ofPass: pass), length: phase.length, count: phase.payments)
            else { return nil }
            switch passes[pass].design {
            case .alone, .duet: sum += count
            // Each arm has them all.
            case .blocks: sum += count * passes[pass].lanes.count
            }
        }
        return sum
    }
}
