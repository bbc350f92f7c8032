import Arrivals
import Glibc

let second: Int64 = 1_000_000_000

/// SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

extension ArrivalStream {
    /// A constant rate.
    init(
        rate: Rate, process: ArrivalProcess, seed: UInt64, length: Int64?, count: Int?,
        shard: Int = 0, of shards: Int = 1
    ) {
        self.init(
            .profile(.constant(rate), process), seed: seed, length: length, count: count,
            shard: shard, of: shards)
    }

    /// All that are left; a stream of these tests ends before a million.
    mutating func rest() -> [Arrival] {
        var arrivals: [Arrival] = []
        while let arrival = next() {
            arrivals.append(arrival)
            precondition(arrivals.count < 1_000_000, "a stream ends")
        }
        return arrivals
    }
}

extension RateProfile {
    /// Up to six pieces of 1 ns to 1.5 s with whole rates up to 3000/s, a third of them pauses or
    /// ramps that touch 0.
    static func random(using generator: inout SeededGenerator) -> RateProfile {
        func rate() -> Double {
            let isPause = Int.random(in: 0..<3, using: &generator) == 0
            return isPause ? 0 : Double(Int.random(in: 1...3000, using: &generator))
        }
        let pieces = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
            let from = rate()
            let isFlat = Bool.random(using: &generator)
            let isShort = Int.random(in: 0..<8, using: &generator) == 0
            return Piece(
                length: Int64.random(in: 1...(isShort ? 1000 : 3 * second / 2), using: &generator),
                from: from, to: isFlat ? from : rate())
        }
        return RateProfile(pieces, rateAfter: Bool.random(using: &generator) ? rate() : nil)
    }

    /// One of each form.
    static let shapes: [(name: String, profile: RateProfile)] = [
        ("constant", .constant(Rate(perSecond: 750))),
        ("ramp", .ramp(from: 0, to: 2000, over: 2 * second)),
        ("ramp down", .ramp(from: 2000, to: 0, over: 2 * second)),
        (
            "stairs",
            .stairs(
                from: Rate(perSecond: 100), to: Rate(perSecond: 1000),
                step: Rate(perSecond: 250), every: second / 2)
        ),
        (
            "stairs down",
            .stairs(
                from: Rate(perSecond: 900), to: Rate(perSecond: 100), step: Rate(perSecond: 400),
                every: second / 3)
        ),
        (
            "spike",
            .spike(base: 50, peak: Rate(perSecond: 3000), at: second, lasting: second / 4)
        ),
        (
            "burst out of silence",
            .spike(base: 0, peak: Rate(perSecond: 3000), at: second, lasting: second / 4)
        ),
        ("pause", .pause),
    ]
}

/// The integral of a profile with whole rates, in whole numbers.
struct ExactIntegral {
    let pieces: [RateProfile.Piece]
    let rateAfter: Int128

    init(_ profile: RateProfile) {
        pieces = profile.pieces
        rateAfter = Int128(profile.rateAfter)
    }

    /// Arrivals until `instant`, as a fraction: above the line and below it.
    ///
    /// Over a piece of length L, x after its begin: from ⋅ x + (to − from) / L ⋅ x² / 2.
    func fraction(to instant: Int64) -> (Int128, Int128) {
        var before: Int128 = 0
        var left = Int128(max(instant, 0))
        for piece in pieces {
            let (from, to, length) = (Int128(piece.from), Int128(piece.to), Int128(piece.length))
            if left < length {
                let part = 2 * from * left * length + (to - from) * left * left
                return (before * length + part, 2_000_000_000 * length)
            }
            before += (from + to) * length
            left -= length
        }
        return (before + 2 * rateAfter * left, 2_000_000_000)
    }

    /// Whether uniform arrival `number` is due at `instant` to the nearest nanosecond: a nanosecond
    /// before, no more than `number` arrivals were expected, and a nanosecond after, more.
    func isDue(_ number: UInt64, at instant: Int64) -> Bool {
        let (earlier, belowEarlier) = fraction(to: instant - 1)
        let (later, belowLater) = fraction(to: instant + 1)
        let number = Int128(number)
        return earlier <= number * belowEarlier && later > number * belowLater
    }

    func value(to instant: Int64) -> Double {
        let (above, below) = fraction(to: instant)
        return Double(above / below) + Double(above % below) / Double(below)
    }
}

/// A² = −n − Σ (2i − 1) / n ⋅ (ln uᵢ + ln (1 − uₙ₊₁₋ᵢ)) of values that should lie evenly in 0…1; all
/// parameters known: above 3.857 in one of a hundred samples (Anderson and Darling 1954).
func andersonDarling(even values: [Double]) -> Double {
    let sorted = values.sorted()
    let n = Double(sorted.count)
    let sum = sorted.indices.reduce(0.0) { sum, index in
        let pair = log(sorted[index]) + log(1 - sorted[sorted.count - 1 - index])
        return sum + Double(2 * index + 1) * pair
    }
    return -n - sum / n
}
