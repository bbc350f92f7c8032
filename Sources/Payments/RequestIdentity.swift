/// What makes one request differ from every other: its number, and the keys of the run.
///
/// Everything random in a request is a function of these, so that a plan can be repeated exactly,
/// and a rerun (a new run id) never pays again under old payment ids.
package struct RequestIdentity: Sendable, Equatable {
    /// Counted from 0 over all workers; unique within the run.
    package var number: UInt64
    package let keys: RunKeys

    package init(number: UInt64, keys: RunKeys) {
        self.number = number
        self.keys = keys
    }

    /// The two halves of the request's id: a version 4, variant 1 UUID by its bits (RFC 9562, 5.4).
    package var uuid: (high: UInt64, low: UInt64) {
        let high = Mix.scramble(keys.ids ^ Mix.scramble(number &+ 0x6A09_E667_F3BC_C908))
        let low = Mix.scramble(keys.ids &+ Mix.scramble(number ^ 0xBB67_AE85_84CA_A73B))
        return (
            high & 0xFFFF_FFFF_FFFF_0FFF | 0x0000_0000_0000_4000,
            low & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        )
    }

    /// A number evenly drawn from `range`, the same for the same seed, request and `place`.
    package func draw(_ range: ClosedRange<Int64>, place: Int) -> Int64 {
        let width = UInt64(bitPattern: range.upperBound &- range.lowerBound)
        let key = keys.draws &+ UInt64(place) &* 0x9E37_79B9_7F4A_7C15
        let bits = Mix.scramble(Mix.scramble(number) ^ key)
        guard width < .max else { return Int64(bitPattern: bits) }
        // Multiply and take the high word: even to within 2⁻⁶⁴ × width.
        let step = bits.multipliedFullWidth(by: width + 1).high
        return Int64(bitPattern: UInt64(bitPattern: range.lowerBound) &+ step)
    }
}

/// Keys of one run: draws come from the seed alone, ids from seed, run id and adapter.
package struct RunKeys: Sendable, Equatable {
    package let draws: UInt64
    package let ids: UInt64

    /// - Parameter adapter: nil where the run has one target.
    package init(seed: UInt64, runID: String, adapter: String? = nil) {
        draws = Mix.scramble(seed &+ 0x3C6E_F372_FE94_F82B)
        let run = runID.utf8.reduce(Mix.scramble(seed)) { Mix.scramble($0 ^ UInt64($1)) }
        guard let adapter else {
            ids = run
            return
        }
        // No letter of a name: a run's id never looks like another run's with an adapter behind it.
        ids = adapter.utf8.reduce(Mix.scramble(run ^ 256)) { Mix.scramble($0 ^ UInt64($1)) }
    }
}

/// The 64-bit finaliser of SplitMix64 (Steele, Lea, Flood 2014): a bijection.
package enum Mix {
    @inline(__always)
    package static func scramble(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
