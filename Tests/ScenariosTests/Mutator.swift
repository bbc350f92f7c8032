import Documents

/// Changes one thing in a document, at a place drawn evenly from all of its values.
struct Mutator {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func mutant(of tree: Tree) -> Tree {
        let target = Int.random(in: 0..<tree.count, using: &generator)
        var index = 0
        return change(tree, at: target, &index)
    }

    /// Values are counted from the root on, each in front of what it holds.
    private mutating func change(_ tree: Tree, at target: Int, _ index: inout Int) -> Tree {
        let isTarget = index == target
        index += 1
        if isTarget { return replacement(for: tree) }
        switch tree {
        case .plain, .text: return tree
        case .list(let items):
            var changed: [Tree] = []
            for item in items { changed.append(change(item, at: target, &index)) }
            return .list(changed)
        case .mapping(let pairs):
            var changed: [(String, Tree)] = []
            for (key, value) in pairs { changed.append((key, change(value, at: target, &index))) }
            return .mapping(changed)
        }
    }

    private mutating func replacement(for tree: Tree) -> Tree {
        switch (tree, Int.random(in: 0..<4, using: &generator)) {
        case (.mapping(var pairs), 0) where !pairs.isEmpty:
            pairs.remove(at: Int.random(in: pairs.indices, using: &generator))
            return .mapping(pairs)
        case (.mapping(var pairs), 1) where !pairs.isEmpty:
            let position = Int.random(in: pairs.indices, using: &generator)
            let keys = ["name", "rate", "for", "users", "x"]
            pairs[position].0 = keys[Int.random(in: keys.indices, using: &generator)]
            let unique = pairs.enumerated().filter { entry in
                pairs.firstIndex { $0.0 == entry.element.0 } == entry.offset
            }
            return .mapping(unique.map(\.element))
        case (.list(var items), 0) where !items.isEmpty:
            items.removeLast()
            return .list(items)
        case (.list(let items), 1): return .list(items + items.prefix(1))
        case (.plain, _), (.text, _), (.list, _), (.mapping, _):
            return Self.values.randomElement(using: &generator) ?? tree
        }
    }

    private static let values: [Tree] = [
        .plain("0"), .plain("1"), .plain("7"), .plain("-1"), .plain("0.5"), .plain("1e3"),
        .plain("true"), .plain("false"), .plain("null"), .text(""), .text("a"), .text("5s"),
        .text("100ms"), .text("1.5h"), .text("5"), .text("50/s"), .text("3000/min"), .text("0/s"),
        .text("2%"), .text("64KiB"), .text("Web"), .text("poisson"), .text("simulator"),
        .text("${uuid}"), .text("${seq} $5 $"), .text("${env:HOME:-x}"), .text("${nope}"),
        .text("https://a.test/x"), .text("/pay"), .list([]), .list([.text("accepted")]),
        .mapping([]), .mapping([("from", .text("1/s")), ("to", .text("2/s"))]),
        .mapping([("share", .text("5%"))]), .list([.mapping([("pause", .text("1s"))])]),
    ]
}

extension Tree {
    /// Values, itself included.
    fileprivate var count: Int {
        switch self {
        case .plain, .text: 1
        case .list(let items): items.reduce(1) { $0 + $1.count }
        case .mapping(let pairs): pairs.reduce(1) { $0 + $1.1.count }
        }
    }
}
