// Pieces of which the sentences of every module are made.

/// `; did you mean "rate"?` where a word is near enough, else nothing.
package func nearest(_ word: String, in words: [String]) -> String {
    nearestWord(to: word, in: words).map { "; did you mean \(quoted($0))?" } ?? ""
}

package func list(_ words: [String]) -> String { words.joined(separator: ", ") }

/// In double quotes, otherwise as `shown`.
package func quoted(_ text: String) -> String { "\"\(shown(text))\"" }

/// One line of at most 60 characters, control characters escaped.
package func shown(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars.prefix(60) {
        switch scalar {
        case "\n": line += "\\n"
        case "\r": line += "\\r"
        case "\t": line += "\\t"
        case _ where scalar.properties.generalCategory == .control:
            line += "\\u{\(String(scalar.value, radix: 16))}"
        default: line.unicodeScalars.append(scalar)
        }
    }
    return text.unicodeScalars.dropFirst(60).isEmpty ? line : line + "…"
}
