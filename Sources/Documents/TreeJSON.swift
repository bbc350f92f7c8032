extension Tree {
    /// The same as JSON, indented by two blanks, ended by a line break; members keep their order.
    ///
    /// - Precondition: every `plain` is a number, `true`, `false` or `null`, as JSON writes them.
    package var json: String { json(indent: "") + "\n" }

    private func json(indent: String) -> String {
        let deeper = indent + "  "
        switch self {
        case .plain(let text): return text
        case .text(let text): return Self.quotedJSON(text)
        case .list(let items) where items.isEmpty: return "[]"
        case .mapping(let pairs) where pairs.isEmpty: return "{}"
        case .list(let items) where items.allSatisfy(\.isScalar):
            return "[\(items.map { $0.json(indent: "") }.joined(separator: ", "))]"
        case .list(let items):
            let lines = items.map { deeper + $0.json(indent: deeper) }
            return "[\n\(lines.joined(separator: ",\n"))\n\(indent)]"
        case .mapping(let pairs):
            let lines = pairs.map { "\(deeper)\(Self.quotedJSON($0)): \($1.json(indent: deeper))" }
            return "{\n\(lines.joined(separator: ",\n"))\n\(indent)}"
        }
    }

    private var isScalar: Bool {
        switch self {
        case .plain, .text: true
        case .list, .mapping: false
        }
    }

    /// RFC 8259, 7: quotation mark, reverse solidus and controls are escaped.
    private static func quotedJSON(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension Node {
    /// As it would be written in JSON; a number that only YAML knows becomes a text.
    package var tree: Tree {
        switch content {
        case .sequence(let nodes): .list(nodes.map(\.tree))
        case .mapping(let entries): .mapping(entries.map { ($0.key, $0.value.tree) })
        case .scalar(let scalar):
            switch scalar.meaning {
            case .nothing: .plain("null")
            case .boolean, .number: .plain(scalar.text)
            case .ambiguous, .text: .text(scalar.text)
            }
        }
    }
}
