/// What the timestamps of a file are.
package enum TimeUnit: String, CaseIterable, Sendable {
    /// A decimal number; of its fraction nanoseconds count.
    case seconds, milliseconds
    /// Such as 2026-05-01T12:00:00.5Z or 2026-05-01T14:00:00.5+02:00.
    case rfc3339

    /// The instant in nanoseconds, since 1970 where the timestamps count from there; digits beyond
    /// a nanosecond are cut. nil: not such a time, or one that 64 bits do not hold (after 2262).
    ///
    /// Spaces around it are allowed.
    func instant(_ text: UnsafeBufferPointer<UInt8>) -> Int64? {
        var digits = Digits(text)
        digits.trim()
        switch self {
        case .seconds: return digits.number(scale: 9)
        case .milliseconds: return digits.number(scale: 6)
        case .rfc3339: return digits.dateAndTime()
        }
    }
}

/// A short text that is read digit by digit.
struct Digits {
    private let text: UnsafeBufferPointer<UInt8>
    private var at: Int
    private var end: Int

    init(_ text: UnsafeBufferPointer<UInt8>) {
        (at, end) = (0, text.count)
        self.text = text
    }

    mutating func trim() {
        while at < end, text[at] == UInt8(ascii: " ") { at += 1 }
        while at < end, text[end - 1] == UInt8(ascii: " ") { end -= 1 }
    }

    /// All that is left, a decimal number, ⋅ 10^`scale`.
    mutating func number(scale: Int) -> Int64? {
        let isNegative = take("-")
        guard let whole = digits(atMost: 18),
            let fraction = fraction(scale: scale), at == end
        else { return nil }
        let (product, overflow) = whole.multipliedReportingOverflow(by: powersOfTen[scale])
        let (sum, overflowToo) = product.addingReportingOverflow(fraction)
        if overflow || overflowToo { return nil }
        return isNegative ? -sum : sum
    }

    /// RFC 3339, 5.6, and a space for T. A leap second is the first one of the next minute.
    mutating func dateAndTime() -> Int64? {
        guard let year = digits(exactly: 4), take("-"), let month = digits(exactly: 2),
            take("-"), let day = digits(exactly: 2),
            take("T") || take("t") || take(" "),
            let hour = digits(exactly: 2), take(":"), let minute = digits(exactly: 2),
            take(":"), let second = digits(exactly: 2),
            let fraction = fraction(scale: 9), let shift = zone(), at == end,
            (1...12).contains(month), (1...daysOf(month, of: year)).contains(day),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = daysSince1970(year, month, day)
        let seconds = (days * 24 + hour) * 3600 + minute * 60 + second - shift
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowToo) = product.addingReportingOverflow(fraction)
        return overflow || overflowToo ? nil : sum
    }

    /// Z or ±hh:mm, in seconds east of Greenwich.
    private mutating func zone() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let isWest = take("-")
        guard isWest || take("+"), let hours = digits(exactly: 2), take(":"),
            let minutes = digits(exactly: 2), hours < 24, minutes < 60
        else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return isWest ? -seconds : seconds
    }

    /// A point and digits, if there is one, ⋅ 10^`scale`.
    private mutating func fraction(scale: Int) -> Int64? {
        guard take(".") else { return 0 }
        let start = at
        var (value, places) = (Int64(0), 0)
        while at < end, let digit = digit(text[at]) {
            if places < scale {
                value = value &* 10 &+ digit
                places += 1
            }
            at += 1
        }
        return at > start ? value &* powersOfTen[scale &- places] : nil
    }

    private mutating func digits(atMost most: Int) -> Int64? {
        let start = at
        var value: Int64 = 0
        while at < end, let digit = digit(text[at]) {
            value = value &* 10 &+ digit
            at += 1
        }
        return (1...most).contains(at - start) ? value : nil
    }

    private mutating func digits(exactly count: Int) -> Int64? {
        guard end - at >= count else { return nil }
        var value: Int64 = 0
        for _ in 0..<count {
            guard let digit = digit(text[at]) else { return nil }
            value = value &* 10 &+ digit
            at += 1
        }
        return value
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard at < end, text[at] == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }
}

@inline(__always)
private func digit(_ byte: UInt8) -> Int64? {
    let value = byte &- UInt8(ascii: "0")
    return value <= 9 ? Int64(value) : nil
}

private func daysOf(_ month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
}

/// Years begin in March, so that the leap day is their last; eras have 400 years, 146,097 days
/// (Hinnant, chrono-Compatible Low-Level Date Algorithms).
private func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let year = month > 2 ? year : year - 1
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}

private let powersOfTen: [Int64] = [
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
]
