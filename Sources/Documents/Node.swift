/// Where something stands in a file; both count from 1, columns in Unicode code points.
package struct Place: Sendable, Hashable, Comparable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// Where a file is named as a whole.
    package static let start = Place(line: 1, column: 1)

    package static func < (left: Place, right: Place) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// A value of a document and where it stands. Aliases are resolved, keys are unique texts.
package struct Node: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        case scalar(Scalar)
        case sequence([Node])
        case mapping([Entry])
    }

    /// One key of a mapping with its value.
    package struct Entry: Sendable, Equatable {
        package var key: String
        package var keyPlace: Place
        package var value: Node
    }

    package var place: Place
    package var content: Content

    package init(place: Place, content: Content) {
        self.place = place
        self.content = content
    }

    /// The value under a key of a mapping.
    package subscript(key: String) -> Node? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }
}

/// A scalar as written. The rules are our own, narrower than those of YAML 1.1: `no` and `1:30`
/// are texts, `012` and `.5` are refused as ambiguous where they could be a number.
package struct Scalar: Sendable, Equatable {
    package enum Meaning: Sendable, Equatable {
        /// `null`, `~`, or nothing at all.
        case nothing
        /// `true` or `false`.
        case boolean(Bool)
        /// A number as JSON writes it.
        case number
        /// Unquoted, and a number to some readers of YAML only: `012`, `0x1F`, `1_000`, `+5`.
        case ambiguous
        case text
    }

    package var text: String
    package var meaning: Meaning

    package init(text: String, quoted: Bool) {
        self.text = text
        meaning = quoted ? .text : Self.meaning(ofPlain: text)
    }

    private static func meaning(ofPlain text: String) -> Meaning {
        switch text {
        case "", "~", "null": return .nothing
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default: break
        }
        guard let first = text.utf8.first, startsNumber.contains(first) else { return .text }
        if Decimal(json: text) != nil { return .number }
        return looksNumeric(text) ? .ambiguous : .text
    }

    private static let startsNumber = Set("+-.0123456789".utf8)

    /// Whether YAML 1.1 or 1.2 would take it for a number that JSON cannot write.
    private static func looksNumeric(_ text: String) -> Bool {
        var body = Substring(text)
        if body.first == "+" || body.first == "-" { body.removeFirst() }
        let lower = body.lowercased()
        if [".inf", ".nan"].contains(lower) { return true }
        for (prefix, digits) in [("0x", "0123456789abcdef_"), ("0o", "01234567_"), ("0b", "01_")]
        where lower.hasPrefix(prefix) && lower.count > 2 {
            return lower.dropFirst(2).allSatisfy(digits.contains)
        }
        guard lower.contains(where: \.isNumber), lower.filter({ $0 == "." }).count <= 1 else {
            return false
        }
        let parts = lower.split(separator: "e", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts[0].allSatisfy("0123456789_.".contains) else { return false }
        guard parts.count == 2 else { return true }
        return !parts[1].isEmpty && parts[1].allSatisfy("0123456789+-".contains)
    }
}
