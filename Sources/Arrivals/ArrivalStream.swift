import Glibc

/// When each arrival of one constant-rate phase is due, in order: the arrivals n ≡ `shard` modulo
/// `shards` of one sequence that is the same for every number of shards.
///
/// Arrival n of a uniform stream is due at n / rate. Of a Poisson stream, at (E₀ + … + Eₙ) / rate
/// with independent unit exponentials Eₖ drawn by counter from the seed, so that the shards
/// together are exactly one Poisson process. Every instant is computed from the sum itself, never
/// by adding rounded gaps: no drift. Costs one logarithm for each arrival of the whole sequence.
package struct ArrivalStream: Sendable {
    package struct Arrival: Sendable, Equatable {
        /// Its number in the whole sequence, from 0.
        package var number: UInt64
        /// Nanoseconds from the start of the phase.
        package var offset: Int64
    }

    private let nanosecondsPerUnit: Double
    private let process: ArrivalProcess
    private let seed: UInt64
    private let shard: UInt64
    private let shards: UInt64
    /// Where the sequence ends: before the first arrival at or after `length`, and before number `count`.
    private let length: Int64
    private let count: UInt64
    private var number: UInt64 = 0
    private var position: Double = 0
    /// Where the sequence ended: known when `next` has given nil.
    package private(set) var end: (number: UInt64, offset: Int64)?

    /// - Parameters:
    ///   - length: nanoseconds; nil where only `count` ends it.
    ///   - count: arrivals of all shards; nil where only `length` ends it.
    package init(
        rate: Rate, process: ArrivalProcess, seed: UInt64, length: Int64?, count: Int?,
        shard: Int = 0, of shards: Int = 1
    ) {
        precondition(shards > 0 && (0..<shards).contains(shard), "a shard is one of its number")
        precondition(length != nil || count != nil, "a stream ends")
        nanosecondsPerUnit = 1e9 / rate.perSecond
        self.process = process
        self.seed = seed
        self.shard = UInt64(shard)
        self.shards = UInt64(shards)
        self.length = length ?? .max
        self.count = count.map(UInt64.init) ?? .max
    }

    /// The next arrival of this shard; nil when the sequence is over.
    package mutating func next() -> Arrival? {
        while end == nil {
            let due = offsetOfCurrent()
            if due >= length || number >= count {
                end = (number, min(due, length))
                return nil
            }
            let arrival = Arrival(number: number, offset: due)
            number += 1
            if arrival.number % shards == shard { return arrival }
        }
        return nil
    }

    /// Moves the sum on by the gap before arrival `number`, and says when that arrival is due.
    private mutating func offsetOfCurrent() -> Int64 {
        switch process {
        case .uniform:
            return Int64((Double(number) * nanosecondsPerUnit).rounded())
        case .poisson:
            position += Self.exponential(seed: seed, number: number)
            return Int64(min(position * nanosecondsPerUnit, 9e18))
        }
    }

    /// −ln(U) with U even in (0, 1], from the counter-based generator SplitMix64 at `number`.
    private static func exponential(seed: UInt64, number: UInt64) -> Double {
        var mixed = seed &+ (number &+ 1) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return -log((Double(mixed >> 11) + 1) * 0x1p-53)
    }
}
