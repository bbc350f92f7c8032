import Foundation
import Testing

@testable import DataFiles

@Suite struct ScanTests {
    /// Against the plain definition, at every alignment and with special bytes in every place.
    @Test func theFirstSpecialByteIsFound() {
        let seed: UInt64 = 11
        var random = Numbers(seed: seed)
        let special: Set<UInt8> = Set([0x22, 0x2C] + Array(0..<0x20) + Array(0x80...0xFF))
        for _ in 0..<3_000 {
            let isRare = Bool.random(using: &random)
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                isRare && Int.random(in: 0..<12, using: &random) > 0
                    ? UInt8.random(in: 0x20...0x7F, using: &random)
                    : UInt8.random(in: 0...255, using: &random)
            }
            bytes.withUnsafeBytes { buffer in
                for start in 0...bytes.count {
                    let expected = bytes[start...].firstIndex(where: special.contains)
                    #expect(
                        buffer.firstSpecial(from: start) == expected ?? bytes.count,
                        "seed \(seed): \(bytes) from \(start)")
                }
            }
        }
    }

    /// Foundation's decoder is the oracle.
    @Test func utf8IsJudgedAsFoundationDoes() throws {
        let seed: UInt64 = 12
        var random = Numbers(seed: seed)
        let leads: [UInt8] = [0xC0, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5]
        let others: [UInt8] = [0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
        for _ in 0..<5_000 {
            var cell: [UInt8] = [leads.randomElement(using: &random) ?? 0]
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                cell.append((others + leads).randomElement(using: &random) ?? 0)
            }
            let isSound = String(bytes: cell, encoding: .utf8) != nil
            let memory = Array("a\n".utf8) + cell
            let said = memory.withUnsafeBytes { bytes in
                var survey = RowSurvey(bytes, columns: ["a"], inspected: [])
                survey.run(from: 2) { _, _ in nil }
                return survey.mistakes
            }
            #expect(said.isEmpty == isSound, "seed \(seed): \(cell)")
        }
    }
}

/// SplitMix64: the same numbers for the same seed on every machine.
struct Numbers: RandomNumberGenerator {
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
