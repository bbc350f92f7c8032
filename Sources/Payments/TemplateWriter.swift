import DataFiles

/// Turns texts of the scenario into bytes with holes.
struct TemplateWriter {
    private let data: [DataFile]
    /// Tells the draws of one request apart; counts up with each.
    var place: Int

    init(data: [DataFile], firstPlace: Int) {
        self.data = data
        place = firstPlace
    }

    mutating func append(
        _ template: Template, escaping: Escaping, to out: inout ByteTemplate
    ) {
        for piece in template.pieces {
            switch piece {
            case .literal(let text), .secret(_, let text): out.append(escaping.escaped(text))
            case .uuid: out.append(.uuid)
            case .sequence: out.append(.sequence)
            case .integer(let range): out.append(.integer(range, place: takePlace()))
            case .choice(let texts):
                out.append(choiceOf: texts.map(escaping.escaped), place: takePlace())
            case .now: out.append(.now)
            case .data(let cell):
                let longest = data[cell.set].longest(cell.column)
                out.append(
                    .data(set: cell.set, column: cell.column, longest: longest, escaping))
            }
        }
    }

    private mutating func takePlace() -> Int {
        defer { place += 1 }
        return place
    }
}
