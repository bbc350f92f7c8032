/// A decimal number as written: `digits` × 10^-`scale` × 10^`exponent`, exact.
struct Decimal: Equatable {
    /// Digits without the point.
    var mantissa: Int128
    /// How many of the digits stand behind the point.
    var scale: Int
    var exponent: Int
    /// As written.
    let text: String

    /// Reads `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`, at most 30 digits, else nil.
    init?(json text: some StringProtocol) {
        var rest = Substring(text)
        let negative = rest.first == "-"
        if negative { rest.removeFirst() }
        var exponent = 0
        if let mark = rest.firstIndex(where: { $0 == "e" || $0 == "E" }) {
            guard let value = Self.exponent(rest[rest.index(after: mark)...]) else { return nil }
            exponent = value
            rest = rest[..<mark]
        }
        guard let plain = Decimal(plain: rest) else { return nil }
        mantissa = negative ? -plain.mantissa : plain.mantissa
        scale = plain.scale
        self.exponent = exponent
        self.text = String(text)
    }

    /// Reads `(0|[1-9][0-9]*)(\.[0-9]+)?`, at most 30 digits, else nil.
    init?(plain text: some StringProtocol) {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first.map({ Substring($0) }), Self.areDigits(whole) else {
            return nil
        }
        guard whole.count == 1 || whole.first != "0" else { return nil }
        let fraction = parts.count == 2 ? Substring(parts[1]) : Substring()
        guard parts.count == 1 || Self.areDigits(fraction) else { return nil }
        guard whole.count + fraction.count <= 30 else { return nil }
        mantissa = 0
        for part in [whole, fraction] {
            for digit in part.utf8 { mantissa = mantissa * 10 + Int128(digit - 48) }
        }
        scale = fraction.count
        exponent = 0
        self.text = String(text)
    }

    /// `unit` times the number, rounded towards zero; nil when it does not fit.
    func times(_ unit: Int128) -> Int128? {
        var (unit, scale) = (unit, scale)
        // Many digits behind the point are no large number.
        while scale > 0, unit % 10 == 0 { (unit, scale) = (unit / 10, scale - 1) }
        let (product, overflow) = mantissa.multipliedReportingOverflow(by: unit)
        guard !overflow, exponent == 0 else { return nil }
        return (0..<scale).reduce(product) { value, _ in value / 10 }
    }

    /// The nearest `Double`.
    var double: Double { Double(text) ?? .infinity }

    private static func areDigits(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
    }

    private static func exponent(_ text: Substring) -> Int? {
        let digits = text.first == "+" || text.first == "-" ? text.dropFirst() : text
        guard areDigits(digits), digits.count <= 4, let value = Int(digits) else { return nil }
        return text.first == "-" ? -value : value
    }
}
