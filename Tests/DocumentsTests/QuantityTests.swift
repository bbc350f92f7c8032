import Documents
import Testing

/// The rules for numbers, with and without units.
@Suite struct QuantityTests {
    private let durations = Rule<Duration>.duration(in: .zero...Duration.seconds(86_400))

    @Test(arguments: [
        ("500us", Duration.microseconds(500)), ("20ms", .milliseconds(20)), ("30s", .seconds(30)),
        ("5m", .seconds(300)), ("1h", .seconds(3600)), ("1.4s", .milliseconds(1400)),
        ("0s", .zero), ("0.5us", .nanoseconds(500)), ("\"2s\"", .seconds(2)),
        ("24h", .seconds(86_400)),
        // 18 digits behind the point are attoseconds.
        ("0.000000000000000001s", Duration(attoseconds: 1)),
    ])
    func durationsAreExact(text: String, value: Duration) {
        let read = reading(text, by: durations)
        #expect(read.value == value)
        #expect(read.complaints.isEmpty)
    }

    private static let durationExamples = "a duration such as 500us, 20ms, 1.4s, 5m or 1h"

    @Test(arguments: [
        ("5", "5 has no unit; allowed: \(durationExamples); did you mean \"5s\"?"),
        ("0", "0 has no unit; allowed: \(durationExamples); did you mean \"0s\"?"),
        ("-5s", "\"-5s\"; allowed: \(durationExamples)"),
        ("1e3s", "\"1e3s\"; allowed: \(durationExamples)"),
        ("5 s", "\"5 s\"; allowed: \(durationExamples)"),
        ("5S", "\"5S\"; allowed: \(durationExamples)"),
        ("5min", "\"5min\"; allowed: \(durationExamples)"),
        ("05s", "\"05s\"; allowed: \(durationExamples)"),
        (".5s", "\".5s\"; allowed: \(durationExamples)"),
        ("5.s", "\"5.s\"; allowed: \(durationExamples)"),
        ("1_000s", "\"1_000s\"; allowed: \(durationExamples)"),
        ("٣s", "\"٣s\"; allowed: \(durationExamples)"),
        ("s", "\"s\"; allowed: \(durationExamples)"),
        ("25h", "25h is out of range; allowed: 0s to 24h"),
        (
            "99999999999999999999999999h",
            "99999999999999999999999999h is out of range; allowed: 0s to 24h"
        ),
        ("true", "the truth value true; allowed: \(durationExamples)"),
        ("[5s]", "a list; allowed: \(durationExamples)"),
        ("{a: 5s}", "a mapping; allowed: \(durationExamples)"),
        ("~", "no value; allowed: \(durationExamples)"),
    ])
    func otherDurationsAreRefused(text: String, complaint: String) {
        #expect(reading(text, by: durations).complaints == ["1:1: \(complaint)"])
    }

    @Test(arguments: [
        ("500/s", 500), ("12000/min", 200), ("36000/h", 10), ("0.5/s", 0.5), ("1000/s", 1000.0),
    ])
    func ratesAreASecond(text: String, value: Double) {
        let rule = Rule<Double>.perSecond(in: 0.1...1000, allowed: "0.1/s to 1000/s")
        #expect(reading(text, by: rule).value == value)
    }

    @Test(arguments: [
        (
            "500",
            "500 has no unit; allowed: a rate such as 500/s, 12000/min or 36000/h; "
                + "did you mean \"500/s\"?"
        ),
        ("500/sec", "\"500/sec\"; allowed: a rate such as 500/s, 12000/min or 36000/h"),
        ("500 /s", "\"500 /s\"; allowed: a rate such as 500/s, 12000/min or 36000/h"),
        ("-1/s", "\"-1/s\"; allowed: a rate such as 500/s, 12000/min or 36000/h"),
        ("1e2/s", "\"1e2/s\"; allowed: a rate such as 500/s, 12000/min or 36000/h"),
        ("0/s", "0/s is out of range; allowed: 0.1/s to 1000/s"),
        ("1001/s", "1001/s is out of range; allowed: 0.1/s to 1000/s"),
        (
            "100000000000000000000000000000/s",
            "100000000000000000000000000000/s is out of range; allowed: 0.1/s to 1000/s"
        ),
    ])
    func otherRatesAreRefused(text: String, complaint: String) {
        let rule = Rule<Double>.perSecond(in: 0.1...1000, allowed: "0.1/s to 1000/s")
        #expect(reading(text, by: rule).complaints == ["1:1: \(complaint)"])
    }

    @Test(arguments: [
        ("0.1%", 0.001), ("0.001", 0.001), ("0", 0), ("1", 1), ("100%", 1), ("1e-3", 0.001),
        ("0.5", 0.5),
    ])
    func ratiosArePartsOfTheWhole(text: String, value: Double) {
        #expect(reading(text, by: .ratio).value == value)
    }

    @Test(arguments: [
        ("101%", "101% is out of range; allowed: 0 to 1, or 0% to 100%"),
        ("1.01", "1.01 is out of range; allowed: 0 to 1, or 0% to 100%"),
        ("-0.1", "-0.1 is out of range; allowed: 0 to 1, or 0% to 100%"),
        ("-1%", "-1% is out of range; allowed: 0 to 1, or 0% to 100%"),
        ("1e9", "1e9 is out of range; allowed: 0 to 1, or 0% to 100%"),
        (".5", "\".5\"; allowed: a ratio such as 0.1% or 0.001"),
        ("5 %", "\"5 %\"; allowed: a ratio such as 0.1% or 0.001"),
        ("half", "\"half\"; allowed: a ratio such as 0.1% or 0.001"),
        (".nan", "\".nan\"; allowed: a ratio such as 0.1% or 0.001"),
    ])
    func otherRatiosAreRefused(text: String, complaint: String) {
        #expect(reading(text, by: .ratio).complaints == ["1:1: \(complaint)"])
    }

    @Test(arguments: [
        ("512B", 512), ("64KiB", 65_536), ("2MiB", 2_097_152), ("1GiB", 1_073_741_824),
        ("0.5KiB", 512), ("1.9B", 1),
    ])
    func sizesAreBytes(text: String, value: Int) {
        #expect(reading(text, by: .size(in: 0...(1 << 40))).value == value)
    }

    @Test(arguments: [
        (
            "64",
            "64 has no unit; allowed: a size such as 512B, 64KiB or 2MiB; did you mean \"64KiB\"?"
        ),
        ("64KB", "\"64KB\"; allowed: a size such as 512B, 64KiB or 2MiB"),
        ("64k", "\"64k\"; allowed: a size such as 512B, 64KiB or 2MiB"),
        ("2GiB", "2GiB is out of range; allowed: 0B to 1073741824B"),
        // Past 64 bits, and past 128.
        ("99999999999GiB", "99999999999GiB is out of range; allowed: 0B to 1073741824B"),
        (
            "999999999999999999999999999999GiB",
            "999999999999999999999999999999GiB is out of range; allowed: 0B to 1073741824B"
        ),
    ])
    func otherSizesAreRefused(text: String, complaint: String) {
        let said = reading(text, by: .size(in: 0...(1 << 30))).complaints
        #expect(said == ["1:1: \(complaint)"])
    }

    @Test(arguments: [
        ("0", "0 is out of range; allowed: a whole number, 1 to 10"),
        ("11", "11 is out of range; allowed: a whole number, 1 to 10"),
        ("-1", "-1 is out of range; allowed: a whole number, 1 to 10"),
        ("1.0", "1.0 is out of range; allowed: a whole number, 1 to 10"),
        ("1e1", "1e1 is out of range; allowed: a whole number, 1 to 10"),
        (
            "99999999999999999999",
            "99999999999999999999 is out of range; allowed: a whole number, 1 to 10"
        ),
        ("five", "the text \"five\"; allowed: a whole number, 1 to 10"),
        ("\"5\"", "the text \"5\"; allowed: a whole number, 1 to 10"),
        (
            "05",
            "05 is a number to some readers only; allowed: a plain decimal number, "
                + "or \"05\" for the text"
        ),
        (
            "0x5",
            "0x5 is a number to some readers only; allowed: a plain decimal number, "
                + "or \"0x5\" for the text"
        ),
        (
            "+5",
            "+5 is a number to some readers only; allowed: a plain decimal number, "
                + "or \"+5\" for the text"
        ),
    ])
    func otherNumbersAreRefused(text: String, complaint: String) {
        #expect(
            reading(text, by: Rule<Int>.integer(in: 1...10)).complaints == ["1:1: \(complaint)"])
    }

    @Test func theLargestNumbersAreRead() {
        let all = Rule<UInt64>.integer(in: 0...UInt64.max)
        #expect(reading("18446744073709551615", by: all).value == .max)
        #expect(reading("18446744073709551616", by: all).complaints.count == 1)
    }

    @Test func durationsAreWrittenAsTheyAreRead() {
        let seed: UInt64 = 11
        var random = SeededGenerator(seed: seed)
        for round in 0..<2_000 {
            let digits = Int.random(in: 0...21, using: &random)
            let most = (0..<digits).reduce(Int128(1)) { value, _ in value * 10 }
            let value = Duration(attoseconds: Int128.random(in: 0...most, using: &random))
            let rule = Rule<Duration>.duration(in: .zero...Duration.seconds(10_000))
            #expect(reading(value.written, by: rule).value == value, "seed \(seed), round \(round)")
        }
    }
}
