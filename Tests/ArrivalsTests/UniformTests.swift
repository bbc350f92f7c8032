import Arrivals
import Testing

/// p / q arrivals a second.
struct Ratio: Sendable, CustomTestStringConvertible {
    var p: Int128
    var q: Int128

    init(_ p: Int128, per q: Int128) { (self.p, self.q) = (p, q) }

    var rate: Rate { Rate(perSecond: Double(p) / Double(q)) }
    var testDescription: String { "\(p) in \(q) s" }

    /// Whether `offset` is n ⋅ q / p seconds to the nearest nanosecond, in whole numbers: the
    /// distance ⋅ p is at most p / 2, and 1 % for the last bit of a double.
    func isDue(_ arrival: ArrivalStream.Arrival) -> Bool {
        let exact = Int128(arrival.number) * q * 1_000_000_000
        let distance = (Int128(arrival.offset) * p - exact).magnitude
        return distance * 100 <= UInt128(p) * 51
    }
}

@Suite struct UniformTests {
    private func stream(
        _ ratio: Ratio, length: Int64? = nil, count: Int? = nil
    ) -> ArrivalStream {
        ArrivalStream(
            rate: ratio.rate, process: .uniform, seed: 1, length: length, count: count)
    }

    @Test(arguments: [
        // A day each: 1440, 86,400 and 604,800 arrivals.
        (Ratio(1, per: 60), 1440), (Ratio(1, per: 1), 86_400), (Ratio(7, per: 1), 604_800),
        // Gaps that are no whole number of nanoseconds.
        (Ratio(3, per: 1), 300_000), (Ratio(1_000_003, per: 1000), 300_000),
        (Ratio(200, per: 3), 300_000),
        // 10 s of the highest rate, and of one that no binary fraction meets.
        (Ratio(200_000, per: 1), 2_000_000), (Ratio(199_999, per: 1), 1_000_000),
    ])
    func everyArrivalIsDueAtItsNumberOverTheRate(ratio: Ratio, count: Int) {
        var stream = stream(ratio, count: count)
        var next: UInt64 = 0
        var wrong = 0
        while let arrival = stream.next() {
            if arrival.number != next || !ratio.isDue(arrival) { wrong += 1 }
            next += 1
        }
        #expect(next == UInt64(count))
        #expect(wrong == 0)
    }

    @Test func aDayLaterNothingHasDrifted() {
        // 24 h at 1/min: the last of 1440 is due after 1439 minutes, to the nanosecond.
        var stream = stream(Ratio(1, per: 60), length: 86_400_000_000_000)
        var last: ArrivalStream.Arrival?
        while let arrival = stream.next() { last = arrival }
        #expect(last?.number == 1439)
        let minute: Int64 = 60_000_000_000
        #expect(last?.offset == 1439 * minute)
        #expect(stream.end?.number == 1440)
        #expect(stream.end?.offset == 86_400_000_000_000)
    }

    @Test(
        arguments: [
            // ⌈rate × length⌉: the arrival due exactly at the end belongs to what follows.
            (500.0, 10_000_000_000, 5000), (3.0, 1_000_000_000, 3), (0.4, 1_000_000_000, 1),
            (200_000.0, 1_000_000, 200), (1.0, 1, 1), (1000.0, 1_000_001, 2), (3.0, 333_333_333, 1),
            (3.0, 333_333_334, 2),
        ] as [(Double, Int64, Int)])
    func aLengthHoldsItsArrivals(rate: Double, length: Int64, count: Int) {
        var stream = ArrivalStream(
            rate: Rate(perSecond: rate), process: .uniform, seed: 1, length: length, count: nil)
        var arrivals = 0
        while stream.next() != nil { arrivals += 1 }
        #expect(arrivals == count)
        #expect(stream.end?.number == UInt64(count))
        #expect(stream.end?.offset == length)
    }

    @Test func whatComesFirstEndsIt() {
        // 1000/s: 10 arrivals take 10 ms.
        var byCount = stream(Ratio(1000, per: 1), length: 1_000_000_000, count: 10)
        var byLength = stream(Ratio(1000, per: 1), length: 5_000_000, count: 10)
        while byCount.next() != nil {}
        while byLength.next() != nil {}
        #expect(byCount.end?.number == 10)
        #expect(byCount.end?.offset == 10_000_000)
        #expect(byLength.end?.number == 5)
        #expect(byLength.end?.offset == 5_000_000)
    }

    @Test func theEndIsKnownOnlyThenAndStays() {
        var stream = stream(Ratio(1, per: 1), count: 2)
        #expect(stream.next()?.number == 0)
        #expect(stream.next()?.number == 1)
        #expect(stream.end == nil)
        #expect(stream.next() == nil)
        #expect(stream.end?.number == 2)
        #expect(stream.next() == nil)
        #expect(stream.end?.number == 2)
    }

    @Test func aSeedChangesNothing() {
        var one = ArrivalStream(
            rate: Rate(perSecond: 7), process: .uniform, seed: 1, length: nil, count: 100)
        var two = ArrivalStream(
            rate: Rate(perSecond: 7), process: .uniform, seed: 2, length: nil, count: 100)
        while let arrival = one.next() { #expect(arrival == two.next()) }
    }
}
