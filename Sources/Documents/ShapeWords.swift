extension Shape {
    /// What is allowed, for people: `a whole number, 1 to 100000`.
    package var inWords: String {
        switch self {
        case .text(_, let words): words
        case .words(let words): Documents.list(words)
        case .null: "null"
        case .boolean: "true or false"
        case .anyNumber: "a number"
        case .integer(let range): "a whole number, \(range.lowerBound) to \(range.upperBound)"
        case .number(let range):
            "a number, \(Self.written(range.lowerBound)) to \(Self.written(range.upperBound))"
        case .quantity(let quantity, let range):
            quantity.examples + (range.map { "; \($0)" } ?? "")
        case .list(let element, _): "a list, each: \(element.inWords)"
        case .object(let object):
            "a mapping with the keys \(Documents.list(object.members.map(\.key)))"
        case .map(let element, _, _): "a mapping of names to: \(element.inWords)"
        case .oneOf(let shapes): shapes.map(\.inWords).joined(separator: "; or ")
        case .recursive("json", _): "whatever JSON can say"
        case .recursive(_, let shape): shape.inWords
        case .again(let name): "\(name), as above"
        }
    }

    /// What a JSON Schema can't show by itself; nil where there is nothing such.
    var hint: String? {
        switch self {
        case .text(let pattern, _): pattern == nil ? nil : inWords
        case .quantity: inWords
        case .list(let element, _), .map(let element, _, _): element.hint
        case .oneOf(let shapes):
            shapes.compactMap(\.hint).isEmpty
                ? nil : shapes.map(\.briefly).joined(separator: "; or ")
        case .recursive(_, let shape): shape.hint
        case .null, .words, .boolean, .anyNumber, .integer, .number, .object, .again: nil
        }
    }

    /// The same without the keys of mappings.
    package var briefly: String {
        switch self {
        case .object: return "a mapping"
        case .list(let element, _): return "a list, each: \(element.briefly)"
        case .map(let element, _, _): return "a mapping of names to: \(element.briefly)"
        case .recursive(_, .list(let element, _)): return "a list, each: \(element.briefly)"
        case .oneOf(let shapes):
            var seen: Set<String> = []
            let words = shapes.map(\.briefly).filter { seen.insert($0).inserted }
            return words.joined(separator: "; or ")
        case .text, .words, .null, .boolean, .anyNumber, .integer, .number, .quantity, .recursive,
            .again:
            return inWords
        }
    }

    private static func written(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
}
