/// Rows of comma-separated values by RFC 4180: one row a line, ended by a line feed.
///
/// A text from the server goes in as `foreign`: its control characters are spelt out, so that a row
/// stays one line, and where its first character would make a formula of it in a spreadsheet
/// (`=`, `+`, `-`, `@`) an apostrophe comes before it. `summary.json` has such a text as it came.
package enum CSV {
    package enum Field {
        case text(String)
        case foreign(String?)
        case integer(Int?)
        /// A time in µs; empty where there is none, never 0.
        case microseconds(UInt64?)
        case decimal(Double?)
        case instant(Double?)
    }

    package static func row(_ fields: [Field]) -> String {
        fields.map(\.text).joined(separator: ",") + "\n"
    }
}

extension CSV.Field {
    var text: String {
        switch self {
        case .text(let text): Self.quoted(text)
        case .foreign(let text): text.map { Self.quoted(Self.defused($0.printable)) } ?? ""
        case .integer(let value): value.map(String.init) ?? ""
        case .microseconds(let value): value.map(String.init) ?? ""
        case .decimal(let value): value.map { Self.trimmed($0.fixed(9)) } ?? ""
        case .instant(let seconds):
            seconds.map { Timestamp(secondsSince1970: $0).rfc3339 } ?? ""
        }
    }

    private static func quoted(_ text: String) -> String {
        // By scalar: "\r\n" is one character.
        guard text.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else {
            return text
        }
        return text.unicodeScalars.reduce(into: "\"") { quoted, scalar in
            quoted.unicodeScalars.append(scalar)
            if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
        } + "\""
    }

    private static func defused(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, "=+-@".unicodeScalars.contains(first) else {
            return text
        }
        return "'" + text
    }

    private static func trimmed(_ decimals: String) -> String {
        guard decimals.contains(".") else { return decimals }
        let digits = decimals.reversed().drop { $0 == "0" }
        return String(digits.drop { $0 == "." }.reversed())
    }
}
