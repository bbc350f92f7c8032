extension String {
    /// The text without anything that acts instead of being seen: control characters, escape sequences,
    /// direction overrides and line separators become `\u{1b}` in letters. Texts from a server
    /// (codes, fields) go through this before they reach a terminal or a row of a CSV file.
    package var printable: String {
        guard !unicodeScalars.allSatisfy(\.isSeen) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            if scalar.isSeen {
                text.unicodeScalars.append(scalar)
            } else {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isSeen: Bool {
        if isASCII { return value >= 0x20 && value != 0x7F }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator:
            return false
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber,
            .otherNumber, .connectorPunctuation, .dashPunctuation, .openPunctuation,
            .closePunctuation, .initialPunctuation, .finalPunctuation, .otherPunctuation,
            .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol, .spaceSeparator:
            return true
        @unknown default:
            return false
        }
    }
}
