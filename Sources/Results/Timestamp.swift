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

    /// Reads what `rfc3339` writes, with any number of decimals; nil where it is something else.
    package init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z") else { return nil }
        let separators = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")]
        guard separators.allSatisfy({ bytes[$0.0] == $0.1.utf8.first }),
            let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]),
            let day = Self.number(bytes[8..<10]), let hour = Self.number(bytes[11..<13]),
            let minute = Self.number(bytes[14..<16]), let second = Self.number(bytes[17..<19]),
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        var fraction = 0
        if bytes.count > 20 {
            let digits = bytes[20..<bytes.count - 1]
            guard bytes[19] == UInt8(ascii: "."), Self.number(digits) != nil else { return nil }
            let six = Array(digits.prefix(6)) + [UInt8](repeating: UInt8(ascii: "0"), count: 6)
            fraction = Self.number(six[..<6]) ?? 0
        }
        let seconds = Self.days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        microseconds = seconds * 1_000_000 + fraction
    }

    /// Digits only, at most 18 of them.
    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...18).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }

    /// The inverse of `civil`.
    ///
    /// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let yearFromMarch = month <= 2 ? year - 1 : year
        let era = floorDivide(yearFromMarch, 400)
        let yearOfEra = yearFromMarch - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
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
