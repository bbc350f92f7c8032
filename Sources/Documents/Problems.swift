/// What can be wrong with a file before its content matters.
package enum FileProblem: Problem, Equatable {
    case unreadable(reason: String)
    case tooLarge(limit: Int)
    case tooManyLines(limit: Int)
    case notUTF8(byte: UInt8)
    case utf16
    case controlCharacter(UInt32)
    case empty
}

/// What can be wrong with its YAML.
package enum SyntaxProblem: Problem, Equatable {
    /// Nodes are counted with every alias expanded.
    case tooManyNodes(limit: Int)
    case tooDeep(limit: Int)
    case secondDocument
    /// As the YAML parser says it.
    case malformed(String)
    case tab
    case undefinedAlias(String, anchors: [String])
    case cyclicAlias(String)
    case tag(String)
    case collectionKey
    /// `? key`
    case explicitKey
    case mergeKey
}

/// What can be wrong with the keys of a mapping.
package enum KeyProblem: Problem, Equatable {
    /// `first`: nil where only the repetition itself is known.
    case duplicate(String, first: Place?)
    case unknown(String, allowed: [String])
    case missing(String)
    case exactlyOne(read: [String], allowed: [String])
}

/// What can be wrong with a value.
package enum ValueProblem: Problem, Equatable {
    case wrongType(read: Node.Content, allowed: String)
    case ambiguousNumber(String)
    /// `meant`: the word for it, where it is known and not the nearest.
    case notAWord(String, allowed: [String], meant: String? = nil)
    case missingUnit(String, Quantity)
    case badQuantity(String, Quantity)
    /// `allowed` says the range, with units.
    case outOfRange(String, allowed: String)
    case emptyList(allowed: String)
    /// Anything else that a text has to look like.
    case badText(String, allowed: String)
}

/// Kinds of numbers that bear a unit.
package enum Quantity: Sendable, Equatable {
    case duration, rate, ratio, size

    /// Examples of how it is written.
    package var examples: String {
        switch self {
        case .duration: "a duration such as 500us, 20ms, 1.4s, 5m or 1h"
        case .rate: "a rate such as 500/s, 12000/min or 36000/h"
        case .ratio: "a ratio such as 0.1% or 0.001"
        case .size: "a size such as 512B, 64KiB or 2MiB"
        }
    }

    /// The unit that is meant most often, for the suggestion.
    var likelyUnit: String {
        switch self {
        case .duration: "s"
        case .rate: "/s"
        case .ratio: "%"
        case .size: "KiB"
        }
    }
}
