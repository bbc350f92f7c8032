import Results

/// Text as GitHub's and GitLab's Markdown bear it: nothing in it becomes a link, a mention, a tag or
/// a column of a table.
enum Markdown {
    /// Names and codes, whoever wrote them, as code.
    static func code(_ text: String, columns: Int = 80) -> String {
        let text = text.printable.clipped(to: columns)
        guard !text.isEmpty else { return Figures.none }
        let isPlain = text.unicodeScalars.allSatisfy { $0 != "`" && $0 != "\\" && $0 != "|" }
        // A code span has no escapes but for a column's bar, and that one not behind a backslash.
        return isPlain ? "`\(text)`" : "<code>\(entities(text))</code>"
    }

    /// Sentences of our own.
    static func prose(_ text: String, columns: Int = 300) -> String {
        text.printable.clipped(to: columns).unicodeScalars.reduce(into: "") { escaped, scalar in
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\\", "`", "*", "_", "[", "]", "|", "~", "#": escaped += "\\\(scalar)"
            // With a word joiner behind it nobody is called.
            case "@": escaped += "@\u{2060}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
    }

    /// Cells are Markdown already; those behind the first `words` columns stand right.
    static func table(words: Int, header: [String], rows: [[String]]) -> [String] {
        let rule = header.indices.map { $0 < words ? "---" : "---:" }
        return ([header, rule] + rows).map { "| \($0.joined(separator: " | ")) |" }
    }

    /// A list that is folded until somebody opens it.
    static func folded(_ title: String, _ lines: [String]) -> [String] {
        ["<details><summary>\(title)</summary>", ""] + lines + ["", "</details>"]
    }

    private static func entities(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { escaped, scalar in
            let isPlain =
                !scalar.isASCII || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                || ("0"..."9").contains(scalar)
            if isPlain {
                escaped.unicodeScalars.append(scalar)
            } else {
                escaped += "&#\(scalar.value);"
            }
        }
    }
}
