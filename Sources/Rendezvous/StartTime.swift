/// When a whole plan begins, as a launcher writes it: UNIX seconds, or RFC 3339.
package struct StartTime: Sendable, Equatable {
    /// Since 1970, UTC.
    package let nanoseconds: Int64

    /// Shards don't wait for longer: such a time is a mistake, of units most often.
    private static let most: Int64 = 86_400_000_000_000

    /// - Parameter now: nanoseconds since 1970, UTC.
    package init(_ text: String, now: Int64) throws(ShardProblem) {
        guard let nanoseconds = Self.seconds(text[...]) ?? Self.calendar(text) else {
            throw .start(.badTime(text))
        }
        guard abs(nanoseconds - now) <= Self.most else { throw .start(.distantTime(text)) }
        self.nanoseconds = nanoseconds
    }

    /// `1767225600` or `1767225600.25`, in nanoseconds; nil where it is nothing like that.
    private static func seconds(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = wholeNumber(parts[0]),
            let fraction = parts.count == 2 ? fraction(parts[1]) : 0
        else { return nil }
        // What would overflow is far away in any case.
        return Int64(min(whole, 4_000_000_000)) * 1_000_000_000 + fraction
    }

    /// One to nine digits behind the point, in nanoseconds.
    private static func fraction(_ digits: Substring) -> Int64? {
        guard digits.count <= 9, let number = wholeNumber(digits) else { return nil }
        return (digits.count..<9).reduce(Int64(number)) { product, _ in product * 10 }
    }

    /// `2026-01-01T00:00:00.5Z` or `…+01:00` (RFC 3339, section 5.6), in nanoseconds.
    private static func calendar(_ text: String) -> Int64? {
        let halves = text.split(
            maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { "Tt ".contains($0) })
        guard halves.count == 2, let day = day(halves[0]),
            let (clock, zone) = clockAndZone(halves[1])
        else { return nil }
        return (day * 86_400 - zone) * 1_000_000_000 + clock
    }

    private static func clockAndZone(_ text: Substring) -> (clock: Int64, zone: Int64)? {
        guard let sign = text.lastIndex(where: { "Zz+-".contains($0) }),
            let clock = clock(text[..<sign])
        else { return nil }
        let zone = text[text.index(after: sign)...]
        if "Zz".contains(text[sign]) { return zone.isEmpty ? (clock, 0) : nil }
        let parts = zone.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hours = twoDigits(parts[0], 0...23),
            let minutes = twoDigits(parts[1], 0...59)
        else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return (clock, text[sign] == "-" ? -seconds : seconds)
    }

    /// In nanoseconds from midnight; a leap second is the one before.
    private static func clock(_ text: Substring) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hours = twoDigits(parts[0], 0...23),
            let minutes = twoDigits(parts[1], 0...59)
        else { return nil }
        let split = parts[2].split(
            separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let seconds = twoDigits(split[0], 0...60),
            let fraction = split.count == 2 ? fraction(split[1]) : 0
        else { return nil }
        let whole = hours * 3600 + minutes * 60 + min(seconds, 59)
        return whole * 1_000_000_000 + fraction
    }

    /// Days since 1970-01-01 (Howard Hinnant, `days_from_civil`); years 1970 to 2199.
    private static func day(_ text: Substring) -> Int64? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, let year = wholeNumber(parts[0]),
            (1970...2199).contains(year), let month = twoDigits(parts[1], 1...12),
            let day = twoDigits(parts[2], 1...lastDay(of: Int(month), year))
        else { return nil }
        let shifted = Int64(month <= 2 ? year - 1 : year)
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return shifted / 400 * 146_097 + dayOfEra - 719_468
    }

    private static func lastDay(of month: Int, _ year: Int) -> Int64 {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    private static func twoDigits(_ text: Substring, _ range: ClosedRange<Int64>) -> Int64? {
        guard text.count == 2, let number = wholeNumber(text).map(Int64.init) else { return nil }
        return range.contains(number) ? number : nil
    }
}
