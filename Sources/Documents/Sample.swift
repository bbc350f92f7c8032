extension Shape {
    /// A value of this shape as somebody may write it: of a mapping its required keys, one of each
    /// choice, and at least one. nil where only the rule knows a value.
    package var sample: Tree? {
        switch self {
        case .text(let pattern, _): pattern == nil ? .text("text") : nil
        case .words(let words): words.first.map { .plain($0) }
        case .null: .plain("null")
        case .boolean: .plain("true")
        case .anyNumber: .plain("1")
        case .integer(let range): .plain("\(min(max(range.lowerBound, 10), range.upperBound))")
        case .number(let range): .plain("\(min(max(range.lowerBound, 2), range.upperBound))")
        case .quantity(let quantity, _): .plain(quantity.sample)
        case .list(let element, _): element.sample.map { .list([$0]) }
        case .object(let object): object.sample
        case .map(let element, let keys, _):
            if case .text(_?, _) = keys {
                element.sample.map { .mapping([("name", $0)]) }
            } else {
                nil
            }
        case .oneOf(let shapes): shapes.lazy.compactMap(\.sample).first
        case .recursive(_, let shape): shape.sample
        case .again: nil
        }
    }
}

extension ObjectShape {
    fileprivate var sample: Tree? {
        let chosen = Set((choices + alternatives).compactMap(\.first))
        var wanted = members.filter { required.contains($0.key) || chosen.contains($0.key) }
        if wanted.isEmpty { wanted = Array(members.prefix(1)) }
        let pairs = wanted.map { member in member.sample.map { (member.key, $0) } }
        let known = pairs.compactMap(\.self)
        return known.count == pairs.count ? .mapping(known) : nil
    }
}

extension ObjectShape.Member {
    /// Its example, else its default, else what its shape suggests.
    package var sample: Tree? {
        if let example { return Tree(yaml: example) }
        if case .defaultsTo(let text) = presence { return Tree(yaml: text) }
        return shape.sample
    }
}

extension Quantity {
    fileprivate var sample: String {
        switch self {
        case .duration: "5s"
        case .rate: "500/s"
        case .ratio: "1%"
        case .size: "64KiB"
        }
    }
}
