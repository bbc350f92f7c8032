/// A document to be written: YAML in block style, every text that could be mistaken in quotes.
package indirect enum Tree: Sendable, Equatable {
    /// A number, a truth value, a quantity: written as it is.
    case plain(String)
    case text(String)
    case list([Tree])
    case mapping([(String, Tree)])

    /// Ends with a line break. Reads back to the same tree, texts as texts.
    package var yaml: String { lines.joined(separator: "\n") + "\n" }

    /// The same in one line.
    package var flow: String {
        switch self {
        case .plain(let text): text
        case .text(let text): Self.writtenInFlow(text)
        case .list(let items): "[\(items.map(\.flow).joined(separator: ", "))]"
        case .mapping(let pairs) where pairs.isEmpty: "{}"
        case .mapping(let pairs):
            "{ \(pairs.map { "\(Self.written($0)): \($1.flow)" }.joined(separator: ", ")) }"
        }
    }

    /// Quantities and rates bare too.
    private static func writtenInFlow(_ text: String) -> String {
        let last = text.last.map { $0.isASCII && ($0.isLetter || $0 == "%") } ?? false
        let first = text.first.map { $0.isASCII && $0.isNumber } ?? false
        let plain = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || "./%".utf8.contains($0)
        }
        let isText = Scalar(text: text, quoted: false).meaning == .text
        return first && last && plain && isText ? text : written(text)
    }

    /// Reads YAML that a program wrote.
    ///
    /// - Precondition: it is valid.
    init(yaml: String) {
        let document = Document.read(bytes: Array(yaml.utf8), complaints: Complaints(file: ""))
        guard let document else { preconditionFailure("\(yaml) is YAML") }
        self = document.root.tree
    }

    package static func == (left: Tree, right: Tree) -> Bool { left.yaml == right.yaml }

    private var lines: [String] {
        switch self {
        case .plain(let text): [text]
        case .text(let text): [Self.written(text)]
        case .list(let items) where items.isEmpty: ["[]"]
        case .mapping(let pairs) where pairs.isEmpty: ["{}"]
        case .list(let items):
            items.flatMap { item in
                item.lines.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
            }
        case .mapping(let pairs): pairs.flatMap(Self.lines)
        }
    }

    private static func lines(key: String, value: Tree) -> [String] {
        let key = written(key) + ":"
        let below = value.lines
        switch value {
        case .list(let items) where !items.isEmpty: return [key] + below.map { "  " + $0 }
        case .mapping(let pairs) where !pairs.isEmpty: return [key] + below.map { "  " + $0 }
        case .plain, .text, .list, .mapping: return ["\(key) \(below[0])"]
        }
    }

    /// Bare where nobody could read anything but this text, else in double quotes.
    private static func written(_ text: String) -> String {
        let bare = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || [0x2E, 0x2F, 0x2D, 0x5F].contains($0)
        }
        let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        let first = text.utf8.first.map { $0 >= 0x41 || $0 == 0x2F } ?? false
        if bare, first, !words.contains(text.lowercased()) { return text }
        return "\"" + text.unicodeScalars.map(escaped).joined() + "\""
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": return "\\\""
        case "\\": return "\\\\"
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        case "\u{FEFF}", "\u{FFFE}", "\u{FFFF}", "\u{2028}", "\u{2029}": break
        case _ where scalar.properties.generalCategory == .control: break
        default: return String(scalar)
        }
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
