/// What a value of a document looks like, as data: a rule carries its shape, so that the reader, the
/// JSON Schema and `paybench explain` have one source.
package indirect enum Shape: Sendable, Equatable {
    /// A text. `pattern`: a regular expression that finds nothing in a text that is not allowed (ECMA
    /// 262), nil for any text; `words`: the same for people.
    case text(pattern: String?, words: String)
    /// One of a few words; those that are numbers are written as such.
    case words([String])
    case null
    case boolean
    case anyNumber
    case integer(ClosedRange<Int128>)
    case number(ClosedRange<Double>)
    /// A number with its unit. `range` says the range with units; nil: any.
    case quantity(Quantity, range: String?)
    case list(of: Shape, least: Int)
    /// A mapping with known keys.
    case object(ObjectShape)
    /// A mapping of names that the file chooses. `keys`: what they look like.
    case map(of: Shape, keys: Shape, least: Int)
    /// One of several.
    case oneOf([Shape])
    /// A shape in which `again` with its name stands for itself.
    case recursive(String, Shape)
    case again(String)
}

/// The keys of a mapping.
package struct ObjectShape: Sendable, Equatable {
    package struct Member: Sendable, Equatable {
        package var key: String
        package var documentation: String
        package var shape: Shape
        package var presence: Presence
        /// As YAML; nil where the shape or the default shows enough.
        package var example: String?

        fileprivate init<Key: FieldKey>(_ key: Key) {
            let field = key.field
            self.key = key.rawValue
            (documentation, shape) = (field.documentation, field.shape)
            (presence, example) = (field.presence, field.example)
        }
    }

    /// In the order of the format.
    package var members: [Member]
    package var required: Set<String>
    /// Of the keys of each group exactly one is there.
    package var choices: [[String]] = []
    /// Of the keys of each group at least one is there.
    package var alternatives: [[String]] = []
    /// Of the keys of each group at most one is there.
    package var exclusives: [[String]] = []
    /// Keys that mean nothing unless one of others is there.
    package var companions: [String: [String]] = [:]

    package subscript(key: String) -> Member? { members.first { $0.key == key } }
}

/// Whether a key has to be there, and what holds where it is not.
package enum Presence: Sendable, Equatable {
    case required
    /// Without it nothing is sent or done.
    case optional
    /// What holds without it, as YAML.
    case defaultsTo(String)
    /// What holds without it, in words.
    case otherwise(String)
}

extension Shape {
    package static let anyText = text(
        pattern: nil, words: "a text, in quotes if it looks like a number or a truth value")

    /// A mapping with some keys of an enumeration, of which `required` have to be there.
    package static func object<Key: FieldKey>(_ keys: [Key], required: Set<Key>) -> Shape {
        let members = keys.map { ObjectShape.Member($0) }
        return .object(ObjectShape(members: members, required: Set(required.map(\.rawValue))))
    }

    /// A mapping with the keys of `Key`.
    package static func object<Key: FieldKey>(_ keys: Key.Type) -> Shape {
        let members = Key.allCases.map { ObjectShape.Member($0) }
        let companions = Key.companions.map { ($0.key.rawValue, $0.with.map(\.rawValue)) }
        return .object(
            ObjectShape(
                members: members, required: Set(Key.required.map(\.rawValue)),
                choices: Key.choices.map { $0.map(\.rawValue) },
                alternatives: Key.alternatives.map { $0.map(\.rawValue) },
                exclusives: Key.exclusives.map { $0.map(\.rawValue) },
                companions: Dictionary(companions) { $0 + $1 }))
    }

    package static func integer<Value: FixedWidthInteger>(in range: ClosedRange<Value>) -> Shape {
        .integer(Int128(range.lowerBound)...Int128(range.upperBound))
    }

    /// Whatever JSON can say, its texts in this shape.
    package static func json(texts: Shape) -> Shape {
        let any = text(pattern: nil, words: "a key")
        return .recursive(
            "json",
            .oneOf([
                .null, .boolean, .anyNumber, texts, .list(of: .again("json"), least: 0),
                .map(of: .again("json"), keys: any, least: 0),
            ]))
    }
}
