/// A number with its unit, as written.
private struct Measure {
    var number: Decimal
    var unit: Substring

    init?(_ text: String) {
        let end = text.firstIndex { !($0.isASCII && ($0.isNumber || $0 == ".")) } ?? text.endIndex
        guard let number = Decimal(plain: text[..<end]) else { return nil }
        self.number = number
        unit = text[end...]
    }
}

extension Rule {
    /// A number with one of `quantity`'s units; `convert` is given the number and the unit's name.
    private static func measure(
        _ quantity: Quantity, in range: String, _ convert: @escaping (Measure) throws -> Value?
    ) -> Rule {
        scalar(quantity.examples, .quantity(quantity, range: range)) { scalar in
            switch scalar.meaning {
            case .nothing, .boolean: throw WrongKind()
            case .number, .ambiguous, .text: break
            }
            if let measure = Measure(scalar.text), let value = try convert(measure) { return value }
            if scalar.meaning == .number {
                throw Violation(ValueProblem.missingUnit(scalar.text, quantity))
            }
            throw Violation(ValueProblem.badQuantity(scalar.text, quantity))
        }
    }
}

extension Rule where Value == Duration {
    /// A length of time with its unit, exact to the attosecond.
    package static func duration(in range: ClosedRange<Duration>) -> Rule {
        let attoseconds: [Substring: Int128] = [
            "us": 1_000_000_000_000, "ms": 1_000_000_000_000_000, "s": attosecondsInSecond,
            "m": 60 * attosecondsInSecond, "h": 3600 * attosecondsInSecond,
        ]
        let allowed = "\(range.lowerBound.written) to \(range.upperBound.written)"
        return measure(.duration, in: allowed) { measure in
            guard let unit = attoseconds[measure.unit] else { return nil }
            let value = measure.number.times(unit).map { Duration(attoseconds: $0) }
            guard let value, range.contains(value) else {
                let written = measure.number.text + measure.unit
                throw Violation(ValueProblem.outOfRange(written, allowed: allowed))
            }
            return value
        }
    }
}

extension Rule where Value == Double {
    /// Events a second, written with their unit of time; `range` in events a second.
    package static func perSecond(in range: ClosedRange<Double>, allowed: String) -> Rule {
        let seconds: [Substring: Double] = ["/s": 1, "/min": 60, "/h": 3600]
        return measure(.rate, in: allowed) { measure in
            guard let unit = seconds[measure.unit] else { return nil }
            let value = measure.number.double / unit
            guard range.contains(value) else {
                let written = measure.number.text + measure.unit
                throw Violation(ValueProblem.outOfRange(written, allowed: allowed))
            }
            return value
        }
    }

    /// A part of the whole, 0 to 1: a percentage, or a plain number.
    package static var ratio: Rule {
        let allowed = "0 to 1, or 0% to 100%"
        let shape = Shape.quantity(.ratio, range: allowed)
        return scalar(Quantity.ratio.examples, shape) { scalar in
            let percent = scalar.text.hasSuffix("%")
            let body = percent ? scalar.text.dropLast() : Substring(scalar.text)
            guard scalar.meaning == .number || percent, let number = Decimal(json: body) else {
                if scalar.meaning == .nothing { throw WrongKind() }
                throw Violation(ValueProblem.badQuantity(scalar.text, .ratio))
            }
            let value = percent ? number.double / 100 : number.double
            guard (0...1).contains(value) else {
                throw Violation(ValueProblem.outOfRange(scalar.text, allowed: allowed))
            }
            return value
        }
    }
}

extension Rule where Value == Int {
    /// A number of bytes with its unit.
    package static func size(in range: ClosedRange<Int>) -> Rule {
        let bytes: [Substring: Int128] = [
            "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30,
        ]
        let allowed = "\(range.lowerBound)B to \(range.upperBound)B"
        return measure(.size, in: allowed) { measure in
            guard let unit = bytes[measure.unit] else { return nil }
            let value = measure.number.times(unit).flatMap(Int.init(exactly:))
            guard let value, range.contains(value) else {
                let written = measure.number.text + measure.unit
                throw Violation(ValueProblem.outOfRange(written, allowed: allowed))
            }
            return value
        }
    }
}

private let attosecondsInSecond: Int128 = 1_000_000_000_000_000_000

extension Duration {
    /// The shortest writing that reads back to the same value: `5m`, `1400ms`, `0.0000005s`.
    package var written: String {
        let units: [(String, Int128)] = [
            ("h", 3600 * attosecondsInSecond), ("m", 60 * attosecondsInSecond),
            ("s", attosecondsInSecond), ("ms", attosecondsInSecond / 1000),
            ("us", attosecondsInSecond / 1_000_000),
        ]
        if self == .zero { return "0s" }
        for (name, unit) in units where attoseconds % unit == 0 {
            return "\(attoseconds / unit)\(name)"
        }
        let fraction = String(attoseconds % attosecondsInSecond)
        var digits = String(repeating: "0", count: 18 - fraction.count) + fraction
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(attoseconds / attosecondsInSecond).\(digits)s"
    }
}
