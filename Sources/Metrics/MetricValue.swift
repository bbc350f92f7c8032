/// What a metric is compared with, in the metric's unit.
package enum MetricValue: Sendable, Hashable {
    case duration(Duration)
    /// 0 to 1.
    case ratio(Double)
    case count(Int)
    case perSecond(Double)

    /// Reads `20ms`, `50%` or `0.5`, `10`, `500/s`, whichever the unit asks for.
    package init(_ text: Substring, in unit: Metric.Unit) throws(ConditionProblem) {
        let wrong = ConditionProblem.wrongUnit(String(text), unit)
        switch unit {
        case .duration:
            guard let duration = Duration(writing: text) else { throw wrong }
            self = .duration(duration)
        case .ratio: self = .ratio(try Self.ratio(text))
        case .count:
            guard let number = Number(text), number.unit.isEmpty, let count = Int(text) else {
                throw wrong
            }
            self = .count(count)
        case .perSecond:
            let seconds: [Substring: Double] = ["/s": 1, "/min": 60, "/h": 3600]
            guard let number = Number(text), let unit = seconds[number.unit] else { throw wrong }
            self = .perSecond(number.value / unit)
        }
    }

    private static func ratio(_ text: Substring) throws(ConditionProblem) -> Double {
        guard let number = Number(text), ["", "%"].contains(number.unit) else {
            throw .wrongUnit(String(text), .ratio)
        }
        let value = number.unit.isEmpty ? number.value : number.value / 100
        guard value <= 1 else { throw .ratioOutOfRange(String(text)) }
        return value
    }
}

/// A plain decimal number and what stands behind it.
private struct Number {
    var value: Double
    var unit: Substring

    init?(_ text: Substring) {
        let end = text.firstIndex { !"0123456789.".contains($0) } ?? text.endIndex
        let parts = text[..<end].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }), end.utf16Offset(in: text) <= 30,
            let value = Double(text[..<end])
        else { return nil }
        self.value = value
        unit = text[end...]
    }
}

extension Duration {
    /// A number with `us`, `ms`, `s`, `m` or `h`, to the nanosecond; at most a week.
    init?(writing text: Substring) {
        let nanoseconds: [Substring: Double] = [
            "us": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9,
        ]
        guard let number = Number(text), let unit = nanoseconds[number.unit],
            number.value * unit <= 7 * 86_400e9
        else { return nil }
        self = .nanoseconds(Int64((number.value * unit).rounded()))
    }
}

extension Double {
    /// A decimal number without sign and exponent.
    init?(plain text: Substring) {
        guard let number = Number(text), number.unit.isEmpty else { return nil }
        self = number.value
    }
}
