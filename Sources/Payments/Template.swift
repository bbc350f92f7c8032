/// A text of the scenario with places that differ from request to request.
package struct Template: Sendable, Equatable {
    package enum Piece: Sendable, Equatable {
        case literal(String)
        /// The value of an environment variable that must not be shown; written `${secret:NAME}`.
        case secret(name: String, value: String)
        /// The request's own 128-bit id, 32 lower-case hexadecimal digits (GUID in N form).
        case uuid
        /// The request's number, counted from 1.
        case sequence
        /// A decimal drawn evenly from a closed range.
        case integer(ClosedRange<Int64>)
        /// One of several texts, each as likely as the others; at least one.
        case choice([String])
        /// The instant the payment was intended: `2026-11-22T14:19:18.123Z` (RFC 3339).
        case now
        /// A cell of the row that the request takes from a data set.
        case data(DataReference)
    }

    /// A column of one of the scenario's data sets, by number and by name.
    package struct DataReference: Sendable, Equatable {
        package var set: Int
        package var column: Int
        package var setName: String
        package var columnName: String

        package init(set: Int, column: Int, setName: String, columnName: String) {
            self.set = set
            self.column = column
            self.setName = setName
            self.columnName = columnName
        }
    }

    package var pieces: [Piece]

    package init(_ pieces: [Piece]) { self.pieces = pieces }
    package init(_ literal: String) { pieces = [.literal(literal)] }

    /// As it may be shown: templates as written, secrets by name only.
    package var masked: String {
        pieces.map { piece in
            switch piece {
            case .literal(let text): text
            case .secret(let name, _): "${secret:\(name)}"
            case .uuid: "${uuid}"
            case .sequence: "${seq}"
            case .integer(let range): "${int(\(range.lowerBound),\(range.upperBound))}"
            case .choice(let texts): "${choice(\(texts.joined(separator: ",")))}"
            case .now: "${now}"
            case .data(let cell): "${data.\(cell.setName).\(cell.columnName)}"
            }
        }.joined()
    }

    /// As a credential may be shown: nothing but the names of secrets and of what is drawn.
    package var concealed: String {
        Template(
            pieces.map { piece in
                switch piece {
                case .literal, .choice: .literal("***")
                case .secret, .uuid, .sequence, .integer, .now, .data: piece
                }
            }
        ).masked
    }

    /// The text itself where nothing in it differs between requests, secrets in the clear; else nil.
    package var constant: String? {
        var text = ""
        for piece in pieces {
            switch piece {
            case .literal(let part): text += part
            case .secret(_, let value): text += value
            case .uuid, .sequence, .integer, .choice, .now, .data: return nil
            }
        }
        return text
    }

    /// The cells that it takes from data sets.
    package var dataReferences: [DataReference] {
        pieces.compactMap { piece in
            if case .data(let cell) = piece { cell } else { nil }
        }
    }
}

/// A JSON value of the scenario whose strings may be templates; members keep their order.
package indirect enum JSONTemplate: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// A number as it was written.
    case number(String)
    case string(Template)
    case array([JSONTemplate])
    case object([Member])

    /// The cells that its strings take from data sets.
    package var dataReferences: [Template.DataReference] {
        switch self {
        case .null, .boolean, .number: []
        case .string(let template): template.dataReferences
        case .array(let values): values.flatMap(\.dataReferences)
        case .object(let members): members.flatMap(\.value.dataReferences)
        }
    }

    package struct Member: Sendable, Equatable {
        package var name: String
        package var value: JSONTemplate

        package init(name: String, value: JSONTemplate) {
            self.name = name
            self.value = value
        }
    }
}
