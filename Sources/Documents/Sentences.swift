// The sentences for the problems of this module: what was read; what is allowed; the nearest right
// word.

extension FileProblem {
    package var sentence: String {
        switch self {
        case .unreadable(let reason): "cannot be read: \(reason)"
        case .tooLarge(let limit): "the file is too large; at most \(limit) bytes are allowed"
        case .tooManyLines(let limit): "too many lines; at most \(limit) are allowed"
        case .notUTF8(let byte):
            "byte 0x\(hexadecimal(UInt32(byte), digits: 2)) is not UTF-8; UTF-8 text is allowed"
        case .utf16: "the file is UTF-16; UTF-8 text is allowed"
        case .controlCharacter(let value):
            "control character U+\(hexadecimal(value, digits: 4)), so this is no text file; "
                + "UTF-8 text is allowed"
        case .empty: "the file is empty; a mapping of keys to values is allowed"
        }
    }
}

extension SyntaxProblem {
    package var sentence: String {
        switch self {
        case .tooManyNodes(let limit):
            "too many values, counting each use of an alias; at most \(limit) are allowed"
        case .tooDeep(let limit): "nested too deeply; at most \(limit) levels are allowed"
        case .secondDocument: "a second document begins here; one document in a file is allowed"
        case .malformed(let message): "not valid YAML: \(message)\(hint(for: message))"
        case .tab: "a tab stands where YAML wants blanks; indent with blanks"
        case .undefinedAlias(let name, let anchors):
            "alias \(quoted("*" + name)) names no anchor above it"
                + nearest("*" + name, in: anchors.map { "*" + $0 })
        case .cyclicAlias(let name):
            "alias \(quoted("*" + name)) stands inside the value it names; below it is allowed"
        case .tag(let name):
            "tag \(quoted(shortTag(name))); write texts in quotes and everything else plainly, without tags"
        case .collectionKey: "a list, a mapping or an alias is the key here; a key is a text"
        case .explicitKey: "a \"?\" in front of a key; write key: value"
        case .mergeKey: "merge key \"<<\"; write the keys out, or use an alias for a whole value"
        }
    }
}

/// What to do about a message of the YAML parser, where it leaves that open.
private func hint(for message: String) -> String {
    let hints = [
        (
            "mapping values are not allowed",
            "indent the keys of a mapping alike, and put a text with \": \" in it in quotes"
        ),
        ("could not find expected ':'", "write key: value"),
        ("found unexpected end of stream", "close the quote"),
        ("expected ',' or '}'", "close the brace, and put commas between keys"),
        ("expected ',' or ']'", "close the bracket, and put commas between values"),
        ("unknown escape character", "write a backslash twice, or use single quotes"),
        ("expected node content", "close what is open, or write the value that is missing"),
        ("expected <block end>", "indent what belongs together alike"),
        ("did not find expected key", "indent what belongs together alike"),
        ("expected '-' indicator", "indent what belongs together alike"),
    ]
    return hints.first { message.contains($0.0) }.map { "; \($0.1)" } ?? ""
}

/// As it is written: `!!int`.
private func shortTag(_ name: String) -> String {
    let usual = "tag:yaml.org,2002:"
    return name.hasPrefix(usual) ? "!!" + name.dropFirst(usual.count) : name
}

extension KeyProblem {
    package var sentence: String {
        switch self {
        case .duplicate(let key, let first):
            "key \(quoted(key)) again"
                + (first.map { ", first at \($0.line):\($0.column)" } ?? " in its mapping")
                + "; once is allowed"
        case .unknown(let key, let allowed):
            "unknown key \(quoted(key)); allowed here: \(list(allowed))" + nearest(key, in: allowed)
        case .missing(let key): "key \(quoted(key)) is missing; it is required here"
        case .exactlyOne(let read, let allowed):
            "\(read.isEmpty ? "no key" : list(read)); exactly one is allowed: \(list(allowed))"
        }
    }
}

extension ValueProblem {
    package var sentence: String {
        switch self {
        case .wrongType(let read, let allowed): "\(described(read)); allowed: \(allowed)"
        case .ambiguousNumber(let text):
            "\(shown(text)) is a number to some readers only; "
                + "allowed: a plain decimal number, or \(quoted(text)) for the text"
        case .notAWord(let text, let allowed, let meant):
            "\(quoted(text)); allowed: \(list(allowed))" + nearest(meant ?? text, in: allowed)
        case .missingUnit(let text, let quantity):
            "\(shown(text)) has no unit; allowed: \(quantity.examples); "
                + "did you mean \"\(shown(text))\(quantity.likelyUnit)\"?"
        case .badQuantity(let text, let quantity):
            "\(quoted(text)); allowed: \(quantity.examples)"
        case .outOfRange(let text, let allowed):
            "\(shown(text)) is out of range; allowed: \(allowed)"
        case .emptyList(let allowed): "an empty list; allowed: \(allowed)"
        case .badText(let text, let allowed): "\(quoted(text)); allowed: \(allowed)"
        }
    }
}

private func described(_ content: Node.Content) -> String {
    switch content {
    case .sequence: return "a list"
    case .mapping: return "a mapping"
    case .scalar(let scalar):
        switch scalar.meaning {
        case .nothing: return "no value"
        case .boolean: return "the truth value \(scalar.text)"
        case .number, .ambiguous: return "the number \(shown(scalar.text))"
        case .text: return "the text \(quoted(scalar.text))"
        }
    }
}

private func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}
