import Foundation
import Histograms

/// Random numbers that are the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

extension SeededGenerator {
    /// µs of one of several kinds: bulk with a tail, anywhere on a logarithmic scale, the edges.
    mutating func time() -> UInt64 {
        switch Int.random(in: 0..<10, using: &self) {
        case 0: return Bool.random(using: &self) ? 0 : Buckets.highest
        case 1, 2, 3:
            let exponent = Double.random(in: 0...log(3.6e9), using: &self)
            return min(UInt64(exp(exponent)), Buckets.highest)
        case _:
            return UInt64(20_000 * exp(0.5 * normal()))
        }
    }

    /// Box and Muller.
    private mutating func normal() -> Double {
        let radius = (-2 * log(Double.random(in: .leastNonzeroMagnitude..<1, using: &self)))
            .squareRoot()
        return radius * cos(2 * .pi * Double.random(in: 0..<1, using: &self))
    }

    mutating func times(_ count: Int) -> [UInt64] { (0..<count).map { _ in time() } }
}

extension Histogram {
    init(_ times: some Sequence<UInt64>) {
        self.init()
        for time in times { record(time) }
    }

    /// The counts by bucket, for comparing what passed through another form.
    var table: [Int: UInt64] {
        Dictionary(uniqueKeysWithValues: buckets.map { ($0.index, $0.count) })
    }
}

func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = Array(hexadecimal)
    return stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(digits[$0...($0 + 1)]), radix: 16)
    }
}
