/// An instant of the calendar, in whole microseconds since 1970-01-01 UTC; it has no time zone but UTC.
package struct Timestamp: Sendable, Equatable {
    package let microseconds: Int

    /// Rounds to the nearest microsecond.
    ///
    /// - Precondition: `seconds` is finite and within 200,000 years of 1970.
    package init(secondsSince1970 seconds: Double) {
        precondition(seconds.magnitude < 6e12, "a timestamp lies within 200,000 years of 1970")
        microseconds = Int((seconds * 1e6).rounded())
    }

    /// RFC 3339 with microseconds: `2026-08-01T12:01:02.000345Z`.
    package var rfc3339: String {
        let (date, time) = parts
        let fraction = Self.padded(microseconds - seconds * 1_000_000, to: 6)
        return date.joined(separator: "-") + "T" + time.joined(separator: ":") + ".\(fraction)Z"
    }

    /// ISO 8601 basic format, without a character that a file name cannot bear: `20260801T120102Z`.
    package var fileName: String {
        let (date, time) = parts
        return date.joined() + "T" + time.joined() + "Z"
    }

    private var seconds: Int { Self.floorDivide(microseconds, 1_000_000) }

    private var parts: (date: [String], time: [String]) {
        let day = Self.floorDivide(seconds, 86_400)
        let second = seconds - day * 86_400
        let civil = Self.civil(day)
        return (
            [
                Self.padded(civil.year, to: 4), Self.padded(civil.month, to: 2),
                Self.padded(civil.day, to: 2),
            ],
            [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, to: 2) }
        )
    }

    /// Days since 1970-01-01 to the proleptic Gregorian calendar.
    ///
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let leapDays = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leapDays) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    private static func floorDivide(_ value: Int, _ divisor: Int) -> Int {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }

    private static func padded(_ value: Int, to width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
