import Reports

extension Page {
    /// Its charts in their order, each with a name that a file may have: letters, digits and dashes, no two
    /// alike.
    package var drawings: [(name: String, drawing: SVGDrawing)] {
        var counts: [String: Int] = [:]
        return sections.flatMap(\.body).flatMap(\.drawings).map { drawing in
            let name = Self.fileName(of: drawing.title)
            counts[name, default: 0] += 1
            let number = counts[name] ?? 1
            return (number == 1 ? name : "\(name)-\(number)", drawing)
        }
    }

    private static func fileName(of title: String) -> String {
        let letters = title.lowercased().map { letter in
            letter.isASCII && (letter.isLetter || letter.isNumber) ? letter : " "
        }
        let words = String(letters).split(separator: " ")
        return words.isEmpty ? "chart" : String(words.joined(separator: "-").prefix(60))
    }
}
