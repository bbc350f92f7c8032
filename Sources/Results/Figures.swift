/// Numbers as people read them: three significant digits and a unit. Files bear plain numbers instead.
package enum Figures {
    /// What stands where there is no number.
    package static let none = "–"

    /// `48 µs`, `1.43 ms`, `352 ms`, `1.43 s`, `23.8 min`.
    package static func duration(microseconds: UInt64) -> String {
        let unit = unit(of: microseconds)
        return "\(number(microseconds, in: unit)) \(unit.name)"
    }

    /// Bounds in the unit in which `value` is written: `[222, 243]`, `[0.98, ∞)`.
    package static func bounds(
        _ lower: UInt64?, _ upper: UInt64?, around value: UInt64
    ) -> String {
        let unit = unit(of: value)
        return "[\(number(lower ?? 0, in: unit)), "
            + (upper.map { "\(number($0, in: unit))]" } ?? "∞)")
    }

    private static func unit(of microseconds: UInt64) -> (name: String, size: Double) {
        if microseconds < 1000 { return ("µs", 1) }
        let units = [("ms", 1e3), ("s", 1e6)]
        return units.first { Double(microseconds) / $0.1 < 999.5 } ?? ("min", 6e7)
    }

    private static func number(
        _ microseconds: UInt64, in unit: (name: String, size: Double)
    ) -> String {
        unit.size == 1 ? String(microseconds) : significant(Double(microseconds) / unit.size)
    }

    package static func duration(microseconds: UInt64?) -> String {
        microseconds.map { duration(microseconds: $0) } ?? none
    }

    /// How long something lasted: `0.5 s`, `35.2 s`, `2 min 5 s`, `1 h 30 min`.
    package static func length(seconds: Double) -> String {
        if seconds < 119.95 { return "\(trimmed(seconds.fixed(1))) s" }
        let whole = seconds < 1e15 ? Int(seconds.rounded()) : .max
        if whole < 7200 { return joined(whole / 60, "min", whole % 60, "s") }
        return joined(whole / 3600, "h", whole / 60 % 60, "min")
    }

    /// `4,983`.
    package static func count(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        let grouped = digits.indices.reduce(into: "") { text, index in
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digits[index])
        }
        return value < 0 ? "-" + grouped : grouped
    }

    /// `4,983`, and from ten thousand on `12.3k`, `4.98M`, `123G`: at most five characters below 10^12.
    package static func shortCount(_ value: Int) -> String {
        if value < 10_000 { return count(value) }
        let size = Double(value)
        for (suffix, unit) in [("k", 1e3), ("M", 1e6)] where size / unit < 999.5 {
            return significant(size / unit) + suffix
        }
        return significant(size / 1e9) + "G"
    }

    /// `97.4 %`, `1.98 %`, `0.12 %`; never `0 %` for something, nor `100 %` for less than all.
    package static func share(_ ratio: Double) -> String {
        let percent = ratio * 100
        if percent == 0 { return "0 %" }
        if percent > 0, percent < 0.01 { return "< 0.01 %" }
        if percent < 100, percent >= 99.995 { return "> 99.99 %" }
        if percent < 100, percent >= 99.95 { return "\(percent.fixed(2)) %" }
        return "\(trimmed(percent.fixed(percent < 9.995 ? 2 : 1))) %"
    }

    package static func share(_ part: Int, of whole: Int) -> String {
        whole == 0 ? none : share(Double(part) / Double(whole))
    }

    /// `500/s`, `12.5/s`, `12,000/s`.
    package static func rate(perSecond: Double?) -> String {
        guard let perSecond else { return none }
        if perSecond >= 999.5, perSecond < 1e15 { return "\(count(Int(perSecond.rounded())))/s" }
        return "\(trimmed(significant(perSecond)))/s"
    }

    /// `512 B`, `21.4 MiB`.
    package static func bytes(_ value: Int) -> String {
        var size = Double(value)
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if size < 999.5 { return "\(unit == "B" ? String(value) : significant(size)) \(unit)" }
            size /= 1024
        }
        return "\(significant(size)) TiB"
    }

    /// Three significant digits, and never more than two decimals.
    package static func significant(_ value: Double) -> String {
        let size = value.magnitude
        return value.fixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0)
    }

    private static func joined(_ major: Int, _ unit: String, _ minor: Int, _ small: String)
        -> String
    {
        minor == 0 ? "\(major) \(unit)" : "\(major) \(unit) \(minor) \(small)"
    }

    private static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        let digits = text.reversed().drop { $0 == "0" }
        return String(digits.drop { $0 == "." }.reversed())
    }
}

extension Double {
    /// Plain decimals, rounded to `digits` of them and never with an exponent below 10^15.
    package func fixed(_ digits: Int) -> String {
        let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
        guard magnitude < 1e15, (magnitude * Double(scale)) < 9e18 else { return description }
        let scaled = Int((magnitude * Double(scale)).rounded())
        let sign = self < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % scale)
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
    }

    /// Rounded to a thousandth, which is a nanosecond where the unit is a microsecond.
    var toThousandths: Double { (self * 1000).rounded() / 1000 }
}
