import Results
import Testing

@Suite struct FigureTests {
    @Test(arguments: [
        (0, "0 µs"), (48, "48 µs"), (999, "999 µs"), (1000, "1.00 ms"), (9_994, "9.99 ms"),
        (9_995, "10.0 ms"), (99_949, "99.9 ms"), (99_950, "100 ms"), (352_000, "352 ms"),
        (999_499, "999 ms"), (999_500, "1.00 s"), (1_430_000, "1.43 s"), (10_000_000, "10.0 s"),
        (999_499_999, "999 s"), (1_430_000_000, "23.8 min"), (3_600_000_000, "60.0 min"),
    ])
    func durationsHaveThreeDigits(microseconds: UInt64, text: String) {
        #expect(Figures.duration(microseconds: microseconds) == text)
    }

    @Test func noDurationIsADash() {
        #expect(Figures.duration(microseconds: nil) == "–")
    }

    @Test(arguments: [
        (0.5, "0.5 s"), (30, "30 s"), (35.18, "35.2 s"), (119.94, "119.9 s"),
        (119.96, "2 min"), (125, "2 min 5 s"), (7199.4, "119 min 59 s"), (7200, "2 h"),
        (9000, "2 h 30 min"),
    ])
    func lengthsAreSaidInTheUnitOfTheClock(seconds: Double, text: String) {
        #expect(Figures.length(seconds: seconds) == text)
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (4983, "4,983"), (1_234_567, "1,234,567"), (-1000, "-1,000"),
        (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func countsAreGrouped(count: Int, text: String) {
        #expect(Figures.count(count) == text)
    }

    @Test(arguments: [
        (9_999, "9,999"), (10_000, "10.0k"), (999_499, "999k"), (999_500, "1.00M"),
        (99_950_000, "100M"), (4_980_000_000, "4.98G"),
    ])
    func shortCountsStayShort(count: Int, text: String) {
        #expect(Figures.shortCount(count) == text)
    }

    @Test(arguments: [
        (0, "0 %"), (0.000_000_1, "< 0.01 %"), (0.0012, "0.12 %"), (0.0198, "1.98 %"),
        (0.05, "5 %"), (0.974, "97.4 %"), (0.9995, "99.95 %"), (0.999_99, "> 99.99 %"),
        (1, "100 %"),
        (1.5, "150 %"),
    ])
    func aShareIsNeverRoundedToNothingOrAll(ratio: Double, text: String) {
        #expect(Figures.share(ratio) == text)
    }

    @Test(arguments: [
        (0.5, "0.5/s"), (12.5, "12.5/s"), (499.433, "499/s"), (500, "500/s"), (12_000, "12,000/s"),
    ])
    func ratesArePerSecond(rate: Double, text: String) {
        #expect(Figures.rate(perSecond: rate) == text)
    }

    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "0.98 KiB"), (22_439_526, "21.4 MiB"),
        (1 << 40, "1.00 TiB"),
    ])
    func bytesAreBinary(bytes: Int, text: String) {
        #expect(Figures.bytes(bytes) == text)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000000Z"),
        (-0.000_001, "1969-12-31T23:59:59.999999Z"),
        (951_782_400, "2000-02-29T00:00:00.000000Z"),
        (1_785_585_662.000345, "2026-08-01T12:01:02.000345Z"),
        // 2100 is no leap year.
        (4_107_542_399.999999, "2100-02-28T23:59:59.999999Z"),
        (4_107_542_400, "2100-03-01T00:00:00.000000Z"),
    ])
    func instantsAreWrittenByTheCalendar(seconds: Double, text: String) {
        #expect(Timestamp(secondsSince1970: seconds).rfc3339 == text)
    }

    @Test(arguments: [
        ("CardDeclined", "CardDeclined"), ("Zahlung abgelehnt – ü 支付", "Zahlung abgelehnt – ü 支付"),
        ("\u{1b}[2J\u{7}", "\\u{1b}[2J\\u{7}"), ("\u{9b}31m", "\\u{9b}31m"),
        ("a\u{202e}b\u{2028}c", "a\\u{202e}b\\u{2028}c"),
        ("\r\n\t\u{7f}", "\\u{d}\\u{a}\\u{9}\\u{7f}"),
    ])
    func nothingThatActsOnATerminalIsLeftInAText(text: String, printable: String) {
        #expect(text.printable == printable)
    }
}
