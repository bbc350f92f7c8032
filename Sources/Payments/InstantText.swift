/// The text of `${now}`: `2026-11-22T14:19:18.123Z` (RFC 3339, UTC, milliseconds cut off).
enum InstantText {
    static let count = 24

    private static let day: Int64 = 86_400_000

    /// - Parameter instant: nanoseconds since 1970.
    static func write(_ instant: Int64, to target: UnsafeMutableRawPointer) {
        let milliseconds = floorDivision(instant, by: 1_000_000)
        let days = floorDivision(milliseconds, by: day)
        let ofDay = milliseconds - days * day
        let (year, month, date) = civil(days)
        let frame: StaticString = "0000-00-00T00:00:00.000Z"
        target.copyMemory(from: frame.utf8Start, byteCount: count)
        write(year, digits: 4, to: target)
        write(month, digits: 2, to: target + 5)
        write(date, digits: 2, to: target + 8)
        write(ofDay / 3_600_000, digits: 2, to: target + 11)
        write(ofDay / 60_000 % 60, digits: 2, to: target + 14)
        write(ofDay / 1000 % 60, digits: 2, to: target + 17)
        write(ofDay % 1000, digits: 3, to: target + 20)
    }

    private static func write(
        _ value: Int64, digits: Int, to target: UnsafeMutableRawPointer
    ) {
        var rest = value
        for place in stride(from: digits - 1, through: 0, by: -1) {
            let digit = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            target.storeBytes(of: digit, toByteOffset: place, as: UInt8.self)
            rest /= 10
        }
    }

    /// Proleptic Gregorian date of a day counted from 1970-01-01 (Hinnant, "chrono-Compatible
    /// Low-Level Date Algorithms").
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = floorDivision(shifted, by: 146_097)
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * ofYear + 2) / 153
        let date = ofYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, date)
    }

    private static func floorDivision(_ value: Int64, by divisor: Int64) -> Int64 {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }
}
