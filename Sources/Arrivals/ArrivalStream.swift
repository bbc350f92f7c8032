import Glibc

/// When each arrival of one phase is due, in order: the arrivals n ≡ `shard` modulo `shards` of one
/// sequence that is the same for every number of shards.
///
/// With Λ the integral of the rate, arrival n of a uniform stream is due at Λ⁻¹(n). Of a Poisson
/// stream, at Λ⁻¹(E₀ + … + Eₙ) with independent unit exponentials Eₖ drawn by counter from the seed,
/// so that the shards together are exactly one Poisson process with that rate (time transform:
/// Çınlar, Introduction to Stochastic Processes, 4.7). Every instant is computed from the sum itself,
/// never by adding rounded gaps: no drift.
///
/// Costs, for each arrival of the whole sequence, one logarithm (Poisson) or one row of the file
/// (recorded; 64 KiB are read at a time); uniform arrivals of other shards cost nothing. Nothing is
/// allocated after `init`.
/// A copy of a stream of recorded arrivals reads from the same descriptor: use one of them only.
package struct ArrivalStream: Sendable {
    package struct Arrival: Sendable, Equatable {
        /// Its number in the whole sequence, from 0.
        package var number: UInt64
        /// Nanoseconds from the start of the phase.
        package var offset: Int64
    }

    private enum Law { case uniform, poisson, recorded }

    private let law: Law
    private let seed: UInt64
    private let shard: UInt64
    private let shards: UInt64
    /// Where the sequence ends: before the first arrival at or after `length`, and before number `count`.
    private let length: Int64
    private let count: UInt64
    /// Where it ends when no arrival is left.
    private let lastOffset: Int64
    /// The next arrival to look at, and its remainder modulo `shards`.
    private var number: UInt64 = 0
    private var turn: UInt64 = 0
    private var latest: Int64 = 0
    private var cursor: RateCursor
    private var position = TwoSum(0)
    private var rows: RecordedRows?
    /// Where the sequence ended: known when `next` has given nil.
    package private(set) var end: (number: UInt64, offset: Int64)?

    /// - Parameters:
    ///   - length: nanoseconds; nil where the schedule's own length or `count` ends it.
    ///   - count: arrivals of all shards; nil where only time ends it.
    package init(
        _ schedule: ArrivalSchedule, seed: UInt64, length: Int64?, count: Int?,
        shard: Int = 0, of shards: Int = 1
    ) {
        precondition(shards > 0 && (0..<shards).contains(shard), "a shard is one of its number")
        let ownLength = length ?? schedule.end
        precondition(ownLength != nil || count != nil, "a stream ends")
        self.seed = seed
        self.shard = UInt64(shard)
        self.shards = UInt64(shards)
        self.count = count.map(UInt64.init) ?? .max
        lastOffset = ownLength ?? .max
        switch schedule {
        case .profile(let profile, let process):
            law = process == .uniform ? .uniform : .poisson
            cursor = RateCursor(profile.segments)
            self.length = lastOffset
            number = law == .uniform ? UInt64(shard) : 0
        case .recorded(let recorded):
            law = .recorded
            cursor = RateCursor(RateProfile.pause.segments)
            // The last recorded arrival belongs to the phase, and is due where it ends by itself.
            self.length = length ?? .max
            rows = RecordedRows(recorded)
        }
    }

    /// Why recorded arrivals ended before their time: the file could not be read, or is no longer
    /// the one that was checked. `end` may differ between shards then.
    package var failure: ArrivalFileProblem? { rows?.failure }

    /// The next arrival of this shard; nil when the sequence is over.
    package mutating func next() -> Arrival? {
        guard end == nil else { return nil }
        switch law {
        case .uniform: return nextUniform()
        case .poisson: return nextPoisson()
        case .recorded: return nextRecorded()
        }
    }

    private mutating func nextUniform() -> Arrival? {
        if number < count {
            let due = cursor.instant(of: TwoSum(Double(number)))
            if due < length {
                let arrival = Arrival(number: number, offset: due)
                number += shards
                return arrival
            }
        }
        // The sequence ends between the last arrival of this shard and the one that is too late.
        var first = number >= shards ? number - shards + 1 : 0
        var due = cursor.segments.instant(of: TwoSum(Double(first)))
        while due < length, first < count {
            first += 1
            due = cursor.segments.instant(of: TwoSum(Double(first)))
        }
        end = (first, min(due, length))
        return nil
    }

    private mutating func nextPoisson() -> Arrival? {
        while true {
            position = position + Self.exponential(seed: seed, number: number)
            // A rounded root may be a nanosecond before that of a sum just below.
            let due = max(cursor.instant(of: position), latest)
            switch take(due) {
            case .own(let arrival): return arrival
            case .ofAnother: continue
            case .none: return nil
            }
        }
    }

    private mutating func nextRecorded() -> Arrival? {
        while let due = rows?.next() {
            switch take(due) {
            case .own(let arrival): return arrival
            case .ofAnother: continue
            case .none: return nil
            }
        }
        end = (number, failure == nil ? lastOffset : latest)
        return nil
    }

    private enum Taken { case own(Arrival), ofAnother, none }

    /// Takes arrival `number`, due then; none when the sequence ends before it.
    private mutating func take(_ due: Int64) -> Taken {
        guard due < length, number < count else {
            end = (number, min(due, length))
            return .none
        }
        let isOwn = turn == shard
        let arrival = Arrival(number: number, offset: due)
        latest = due
        number += 1
        turn = turn + 1 == shards ? 0 : turn + 1
        return isOwn ? .own(arrival) : .ofAnother
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
