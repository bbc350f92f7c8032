import Payments
import Testing

@Suite struct IdentityTests {
    @Test func aMillionPaymentsHaveAMillionIDs() {
        var seen = Set<[UInt64]>(minimumCapacity: 0)
        var halves = Set<UInt64>(minimumCapacity: 1_000_000)
        for number in UInt64(0)..<1_000_000 {
            let id = RequestIdentity(number: number, keys: keys).uuid
            // The low half alone has 62 free bits, so that equal ones are looked at as a whole.
            if !halves.insert(id.low).inserted { seen.insert([id.high, id.low]) }
        }
        #expect(halves.count + seen.count == 1_000_000)
    }

    @Test func anIDBearsVersionAndVariant() {
        for number in UInt64(0)..<1000 {
            let id = RequestIdentity(number: number, keys: keys).uuid
            // RFC 9562, 5.4: version 4 in bits 48…51, variant 10 in bits 64 and 65.
            #expect(id.high >> 12 & 0xF == 4)
            #expect(id.low >> 62 == 2)
        }
    }

    @Test func everyFreeBitOfAnIDIsSetHalfOfTheTime() {
        let count = 20_000
        var ones = [Int](repeating: 0, count: 128)
        for number in 0..<count {
            let id = RequestIdentity(number: UInt64(number), keys: keys).uuid
            for bit in 0..<64 {
                ones[bit] += Int(id.high >> bit & 1)
                ones[64 + bit] += Int(id.low >> bit & 1)
            }
        }
        let fixed = [12, 13, 14, 15, 64 + 62, 64 + 63]
        for bit in ones.indices where !fixed.contains(bit) {
            // Standard deviation √(20,000 / 4) = 71; five of them for 122 bits.
            #expect(abs(ones[bit] - count / 2) < 354, "bit \(bit)")
        }
    }

    @Test func aNewRunPaysUnderNewIDs() {
        let again = RunKeys(seed: 42, runID: "samplf")
        var old = Set<UInt64>()
        for number in UInt64(0)..<10_000 {
            old.insert(RequestIdentity(number: number, keys: keys).uuid.low)
        }
        for number in UInt64(0)..<10_000 {
            #expect(!old.contains(RequestIdentity(number: number, keys: again).uuid.low))
        }
    }

    @Test func theSameRunPaysUnderTheSameIDs() {
        let again = RunKeys(seed: 42, runID: "sample")
        #expect(again == keys)
        #expect(RunKeys(seed: 43, runID: "sample").ids != keys.ids)
        #expect(RunKeys(seed: 42, runID: "").ids != RunKeys(seed: 42, runID: "a").ids)
        #expect(RunKeys(seed: 42, runID: "ab").ids != RunKeys(seed: 42, runID: "ba").ids)
    }

    @Test func aRerunDrawsTheSameNumbers() {
        let again = RunKeys(seed: 42, runID: "another")
        for number in UInt64(0)..<100 {
            let first = RequestIdentity(number: number, keys: keys).draw(1...9900, place: 2)
            let second = RequestIdentity(number: number, keys: again).draw(1...9900, place: 2)
            #expect(first == second)
        }
    }
}

@Suite struct DrawTests {
    private func draw(_ number: Int, _ range: ClosedRange<Int64>, place: Int = 0) -> Int64 {
        RequestIdentity(number: UInt64(number), keys: keys).draw(range, place: place)
    }

    @Test(
        arguments: [
            0...0, 1...9900, -5...5, Int64.max - 1...Int64.max, Int64.min...Int64.min + 1,
            Int64.min...Int64.max, -1...Int64.max,
        ] as [ClosedRange<Int64>])
    func aDrawStaysInItsRange(range: ClosedRange<Int64>) {
        for number in 0..<10_000 { #expect(range.contains(draw(number, range))) }
    }

    @Test func bothEndsAreDrawn() {
        let drawn = Set((0..<1000).map { draw($0, 3...7) })
        #expect(drawn == [3, 4, 5, 6, 7])
    }

    @Test func drawsAreEven() {
        var cells = [Int](repeating: 0, count: 10)
        for number in 0..<100_000 { cells[Int(draw(number, 0...9))] += 1 }
        // χ² with 9 degrees of freedom: 21.67 at 1 %.
        #expect(chiSquare(cells, expected: 10_000) < 21.67)
    }

    @Test func drawsOfOneRequestAreIndependent() {
        var cells = [Int](repeating: 0, count: 25)
        for number in 0..<100_000 {
            cells[Int(draw(number, 0...4, place: 0) * 5 + draw(number, 0...4, place: 1))] += 1
        }
        // 24 degrees of freedom: 42.98 at 1 %.
        #expect(chiSquare(cells, expected: 4000) < 42.98)
    }

    @Test func negativeNumbersAreWrittenWithTheirSign() {
        let id = Template([.integer(-9 ... -9), .literal("|"), .integer(.min ... .min)])
        #expect(body(payment(id: id)).contains(#""-9|-9223372036854775808""#))
    }

    private func chiSquare(_ cells: [Int], expected: Double) -> Double {
        cells.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    }
}
