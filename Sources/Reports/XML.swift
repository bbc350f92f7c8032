import Results

/// Text as XML 1.0 bears it. Characters that act instead of being seen, which XML forbids for the most
/// part, are spelt out (`\u{1b}`).
package enum XML {
    package static func escaped(_ text: String) -> String {
        text.printable.unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&apos;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }

    /// Lines of text between two tags.
    static func lines(_ lines: [String]) -> String {
        lines.map(escaped).joined(separator: "\n")
    }

    /// ` name="value"` for each.
    package static func attributes(_ attributes: KeyValuePairs<String, String>) -> String {
        attributes.map { " \($0.key)=\"\(escaped($0.value))\"" }.joined()
    }
}
