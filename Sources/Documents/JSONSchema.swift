/// The JSON Schema (2020-12) of a document. It allows everything that the reader allows; what it
/// cannot say (sums, files, hosts, ranges of quantities) stays with the reader.
package struct JSONSchema {
    private let title: String
    private let shape: Shape

    /// - Parameter title: what kind of document it is.
    package init(_ shape: Shape, title: String) {
        self.title = title
        self.shape = shape
    }

    package var tree: Tree {
        let head: Keywords = [
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            ("title", .text(title)),
        ]
        return .mapping(head + Self.keywords(of: shape) + definitions)
    }

    private typealias Keywords = [(String, Tree)]

    private var definitions: Keywords {
        let named = shape.named
        guard !named.isEmpty else { return [] }
        let pairs = named.map { ($0.key, Tree.mapping(Self.keywords(of: $0.value))) }
        return [("$defs", .mapping(pairs.sorted { $0.0 < $1.0 }))]
    }

    private static func keywords(of shape: Shape) -> Keywords {
        switch shape {
        case .text(let pattern, _):
            type("string") + (pattern.map { [("pattern", .text($0))] } ?? [])
        case .words(let words): [("enum", .list(words.flatMap(values)))]
        case .null: type("null")
        case .boolean: type("boolean")
        case .anyNumber: type("number")
        case .integer(let range): type("integer") + bounds(range.lowerBound, range.upperBound)
        case .number(let range): type("number") + bounds(range.lowerBound, range.upperBound)
        case .quantity(.ratio, _): anyOf([type("number") + bounds(0, 1), quantity(.ratio)])
        case .quantity(let kind, _): quantity(kind)
        case .list(let element, let least):
            type("array") + [("items", .mapping(keywords(of: element)))]
                + (least > 0 ? [("minItems", .plain("\(least)"))] : [])
        case .object(let object): keywords(of: object)
        case .map(let element, let keys, let least):
            type("object")
                + [
                    ("propertyNames", .mapping(keywords(of: keys))),
                    ("additionalProperties", .mapping(keywords(of: element))),
                ] + (least > 0 ? [("minProperties", .plain("\(least)"))] : [])
        case .recursive(let name, _), .again(let name): [("$ref", .text("#/$defs/\(name)"))]
        case .oneOf(let shapes): anyOf(shapes.map(keywords))
        }
    }

    private static func keywords(of object: ObjectShape) -> Keywords {
        let properties = object.members.map { ($0.key, Tree.mapping(Self.keywords(of: $0))) }
        let required = object.members.map(\.key).filter(object.required.contains)
        var keywords: Keywords = type("object")
        keywords.append(("properties", .mapping(properties)))
        if !required.isEmpty { keywords.append(("required", texts(required))) }
        keywords.append(("additionalProperties", .plain("false")))
        let conditions = conditions(of: object)
        if !conditions.isEmpty { keywords.append(("allOf", .list(conditions))) }
        let companions = object.members.compactMap { member in
            object.companions[member.key].map { (member.key, anyRequired($0)) }
        }
        if !companions.isEmpty { keywords.append(("dependentSchemas", .mapping(companions))) }
        return keywords
    }

    /// Which of the keys have to be there, and which not together.
    private static func conditions(of object: ObjectShape) -> [Tree] {
        let choices = object.choices.map { keys in
            Tree.mapping([
                ("oneOf", .list(keys.map { .mapping([("required", texts([$0]))]) }))
            ])
        }
        let exclusives = object.exclusives.flatMap { keys in
            keys.indices.flatMap { first in
                keys[(first + 1)...].map { second in
                    Tree.mapping([
                        ("not", .mapping([("required", texts([keys[first], second]))]))
                    ])
                }
            }
        }
        return choices + object.alternatives.map(anyRequired) + exclusives
    }

    private static func anyRequired(_ keys: [String]) -> Tree {
        .mapping([("anyOf", .list(keys.map { .mapping([("required", texts([$0]))]) }))])
    }

    private static func keywords(of member: ObjectShape.Member) -> Keywords {
        var description = member.documentation
        if let words = member.shape.hint { description += " (\(words))" }
        var keywords: Keywords = [("description", .text(description))]
        switch member.presence {
        case .required, .optional: break
        case .defaultsTo(let text): keywords.append(("default", Tree(yaml: text)))
        case .otherwise(let words):
            keywords[0] = ("description", .text("\(description) Without it: \(words)."))
        }
        if let example = member.example {
            keywords.append(("examples", .list([Tree(yaml: example)])))
        }
        return keywords + Self.keywords(of: member.shape)
    }

    private static func type(_ name: String) -> Keywords { [("type", .text(name))] }

    private static func texts(_ words: [String]) -> Tree { .list(words.map { .text($0) }) }

    private static func anyOf(_ alternatives: [Keywords]) -> Keywords {
        [("anyOf", .list(alternatives.map { .mapping($0) }))]
    }

    private static func bounds<Number: CustomStringConvertible>(
        _ least: Number, _ most: Number
    ) -> Keywords {
        [("minimum", .plain(least.description)), ("maximum", .plain(most.description))]
    }

    private static func quantity(_ quantity: Quantity) -> Keywords {
        type("string") + [("pattern", .text(quantity.pattern))]
    }

    /// A word as text, and where it is a number as number too: the reader takes both.
    private static func values(of word: String) -> [Tree] {
        Decimal(json: word) == nil ? [.text(word)] : [.plain(word), .text(word)]
    }
}

extension Quantity {
    /// What the rules for quantities read, range apart (ECMA 262).
    package var pattern: String {
        let number = #"(0|[1-9][0-9]*)(\.[0-9]+)?"#
        return switch self {
        case .duration: "^\(number)(us|ms|s|m|h)$"
        case .rate: "^\(number)/(s|min|h)$"
        case .ratio: "^-?\(number)([eE][+-]?[0-9]+)?%$"
        case .size: "^\(number)(B|KiB|MiB|GiB)$"
        }
    }
}

extension Shape {
    /// The shapes in this one that stand in themselves, by their names.
    fileprivate var named: [String: Shape] {
        switch self {
        case .recursive(let name, let shape): [name: shape].merging(shape.named) { old, _ in old }
        case .list(let element, _), .map(let element, _, _): element.named
        case .oneOf(let shapes): Self.union(shapes)
        case .object(let object): Self.union(object.members.map(\.shape))
        case .text, .words, .null, .boolean, .anyNumber, .integer, .number, .quantity, .again: [:]
        }
    }

    /// - Precondition: a name has one meaning in a document.
    private static func union(_ shapes: [Shape]) -> [String: Shape] {
        shapes.reduce(into: [:]) { known, shape in
            known.merge(shape.named) { old, new in
                precondition(old == new, "a name has one meaning in a document")
                return old
            }
        }
    }
}
