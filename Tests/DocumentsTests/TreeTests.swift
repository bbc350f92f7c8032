import Documents
import Testing

@Suite struct TreeTests {
    @Test func aTreeIsWrittenInBlockStyle() {
        let tree = Tree.mapping([
            ("name", .text("a-b")), ("no", .text("no")), ("empty", .list([])),
            ("list", .list([.plain("1"), .mapping([("x", .text("1")), ("z", .text("a b"))])])),
        ])
        #expect(
            tree.yaml == """
                name: a-b
                "no": "no"
                empty: []
                list:
                  - 1
                  - x: "1"
                    z: "a b"

                """)
    }

    @Test func whatIsWrittenReadsBack() {
        let seed: UInt64 = 3
        var random = SeededGenerator(seed: seed)
        for round in 0..<400 {
            let tree = randomTree(depth: 4, using: &random)
            let comment: Comment = "seed \(seed), round \(round): \(tree.yaml)"
            switch reading(Array(tree.yaml.utf8)) {
            case .success(let read): #expect(Self.matches(tree, read), comment)
            case .failure(let error): Issue.record("\(error), \(comment)")
            }
        }
    }

    private static func matches(_ tree: Tree, _ node: Node) -> Bool {
        switch (tree, node.content) {
        case (.plain(let text), .scalar(let scalar)): scalar.text == text && scalar.meaning != .text
        case (.text(let text), .scalar(let scalar)): scalar.text == text && scalar.meaning == .text
        case (.list(let items), .sequence(let nodes)):
            items.count == nodes.count && zip(items, nodes).allSatisfy(matches)
        case (.mapping(let pairs), .mapping(let entries)):
            pairs.count == entries.count
                && zip(pairs, entries).allSatisfy { $0.0 == $1.key && matches($0.1, $1.value) }
        case (.plain, _), (.text, _), (.list, _), (.mapping, _): false
        }
    }

    private func randomTree(depth: Int, using random: inout SeededGenerator) -> Tree {
        switch Int.random(in: 0..<(depth == 0 ? 2 : 4), using: &random) {
        case 0:
            return .plain(["1", "-2.5e3", "true", "null", "~"].randomElement(using: &random) ?? "")
        case 1: return .text(randomText(using: &random))
        case 2:
            return .list(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    randomTree(depth: depth - 1, using: &random)
                })
        default:
            return .mapping(
                (0..<Int.random(in: 0...4, using: &random)).map { number in
                    let key = randomText(using: &random) + "\(number)"
                    return (key, randomTree(depth: depth - 1, using: &random))
                })
        }
    }

    private func randomText(using random: inout SeededGenerator) -> String {
        // Without U+FEFF, which the parser drops at the start of a text.
        let pieces = [
            "a", "B", "0", "7", " ", "  ", ":", "#", "-", "?", "*", "&", "!", "[", "]", "{", "}",
            "$",
            "'", "\"", "\\", "\n", "\r", "\t", "\u{0}", "\u{7F}", "\u{85}", "\u{2028}", "é", "💳",
            "true", "null", "no", "~", "<<", "%", "@", "`", "|", ">", ",", ".",
            "\u{E5A7}",
            "\u{FFFF}",
        ]
        let count = Int.random(in: 0...6, using: &random)
        return (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }
}
