extension Rule where Value == String {
    /// A text; numbers and truth values have to stand in quotes to be texts.
    package static var text: Rule {
        scalar("a text, in quotes if it looks like a number or a truth value", .anyText) { scalar in
            switch scalar.meaning {
            case .text: return scalar.text
            case .ambiguous: throw Violation(ValueProblem.ambiguousNumber(scalar.text))
            case .nothing, .boolean, .number: throw WrongKind()
            }
        }
    }

    /// A text of 1 to 64 letters, digits, dots, underscores and dashes that begins with a letter or
    /// digit: usable as a file name, a CSV cell and a label.
    package static var label: Rule {
        let allowed = "1 to 64 letters, digits and . _ -, beginning with a letter or digit"
        let pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
        return text.shaped(.text(pattern: pattern, words: allowed)).then {
            text throws(Violation) in
            let first = text.utf8.first.map(isLetterOrDigit) ?? false
            let rest = text.utf8.allSatisfy { isLetterOrDigit($0) || "._-".utf8.contains($0) }
            if first, rest, text.utf8.count <= 64 { return text }
            throw Violation(ValueProblem.badText(text, allowed: allowed))
        }
    }
}

private func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
}

extension Rule where Value == Bool {
    package static var boolean: Rule {
        scalar("true or false", .boolean) { scalar in
            if case .boolean(let value) = scalar.meaning { return value }
            guard scalar.meaning == .text else { throw WrongKind() }
            let meant = ["yes": "true", "on": "true", "no": "false", "off": "false"]
            let word = meant[scalar.text.lowercased()]
            throw Violation(
                ValueProblem.notAWord(scalar.text, allowed: ["true", "false"], meant: word))
        }
    }
}

extension Rule where Value: FixedWidthInteger & Sendable {
    /// A whole number without unit, within `range`.
    package static func integer(in range: ClosedRange<Value>) -> Rule {
        let allowed = "a whole number, \(range.lowerBound) to \(range.upperBound)"
        return scalar(allowed, .integer(in: range)) { scalar in
            switch scalar.meaning {
            case .number: break
            case .ambiguous: throw Violation(ValueProblem.ambiguousNumber(scalar.text))
            case .nothing, .boolean, .text: throw WrongKind()
            }
            guard let value = Value(scalar.text), range.contains(value) else {
                throw Violation(ValueProblem.outOfRange(scalar.text, allowed: allowed))
            }
            return value
        }
    }
}

extension Rule {
    /// One of a few words, as they are spelt.
    package static func word(_ words: [(String, Value)]) -> Rule {
        let allowed = words.map(\.0)
        return scalar(Documents.list(allowed), .words(allowed)) { scalar in
            if scalar.meaning == .nothing { throw WrongKind() }
            if let match = words.first(where: { $0.0 == scalar.text }) { return match.1 }
            throw Violation(ValueProblem.notAWord(scalar.text, allowed: allowed))
        }
    }
}

extension Rule where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
    /// One of the cases.
    package static var word: Rule { word(Value.allCases.map { ($0.rawValue, $0) }) }
}
