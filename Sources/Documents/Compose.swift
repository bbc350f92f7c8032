import Yams

/// Parses a text to nodes. nil only with a complaint.
///
/// Two habits of Yams are worked around. It expands aliases while it parses, and hashes the expanded
/// keys: every `*` is handed over as a character that means nothing, and `TreeBuilder` expands
/// aliases within a budget. And it stops at a duplicate key: each is made unique by a tag in front
/// of it and the text is parsed again, so that `TreeBuilder` can report all of them in their places.
func compose(_ source: SourceText, complaints: Complaints) -> Node? {
    var draft = Draft(source)
    while true {
        do {
            let parser = try Parser(yaml: draft.text, resolver: .basic, encoding: .utf8)
            guard let root = try parser.singleRoot() else {
                complaints.add(FileProblem.empty, at: nil)
                return nil
            }
            // The parser owns the anchors that nodes hold weakly.
            return withExtendedLifetime(parser) {
                var builder = TreeBuilder(draft: draft, complaints: complaints)
                return builder.build(root)
            }
        } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
            if draft.tell(apart: context.mark) { continue }
            let place = draft.place(of: context.mark)
            complaints.add(KeyProblem.duplicate(draft.restored(keys[0]), first: place), at: place)
            return nil
        } catch {
            let (problem, place) = draft.judge(error)
            complaints.add(problem, at: place)
            return nil
        }
    }
}

/// The text as it is handed to the parser, and the way back from the parser's marks.
struct Draft {
    /// In front of a key that occurs again; a real tag of this name is refused like any other.
    static let duplicateTag = "!paybench-duplicate-"

    private(set) var text: String
    private let alias: Unicode.Scalar
    private var insertions: [(place: Place, length: Int)] = []
    /// Bytes that may yet be parsed again.
    private var patience = 16 << 20

    init(_ source: SourceText) {
        alias = source.unused
        var scalars = String.UnicodeScalarView()
        for scalar in source.text.unicodeScalars { scalars.append(scalar == "*" ? alias : scalar) }
        text = String(scalars)
    }

    /// Tags the key at a mark, so that it equals no other; false when that was done too often.
    mutating func tell(apart mark: Mark) -> Bool {
        let place = Place(line: mark.line, column: mark.column)
        let tag = "\(Self.duplicateTag)\(insertions.count) "
        patience -= text.utf8.count
        guard patience > 0, insertions.count < Complaints.limit, let index = index(of: place) else {
            return false
        }
        text.unicodeScalars.insert(contentsOf: tag.unicodeScalars, at: index)
        insertions.append((place, tag.count))
        return true
    }

    /// Where a mark stands in the file itself.
    func place(of mark: Mark?) -> Place {
        var place = Place(line: mark?.line ?? 1, column: mark?.column ?? 1)
        for (inserted, length) in insertions.reversed()
        where inserted.line == place.line && place.column > inserted.column {
            place.column = max(inserted.column, place.column - length)
        }
        return place
    }

    /// A text of the parser with its asterisks back.
    func restored(_ text: String) -> String {
        guard text.unicodeScalars.contains(alias) else { return text }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { scalars.append(scalar == alias ? "*" : scalar) }
        return String(scalars)
    }

    /// The name behind the asterisk of an alias; nil for any other plain scalar.
    func aliasName(_ plain: String) -> String? {
        guard plain.unicodeScalars.first == alias else { return nil }
        return restored(String(plain.unicodeScalars.dropFirst()))
    }

    func judge(_ error: any Error) -> (SyntaxProblem, Place) {
        guard let error = error as? YamlError else {
            return (.malformed("\(error)"), place(of: nil))
        }
        switch error {
        case .scanner(let context, let problem, let mark, _),
            .parser(let context, let problem, let mark, _):
            if problem.contains("nesting level") {
                return (.tooDeep(limit: Document.deepestLevel), place(of: mark))
            }
            return (character(at: mark) == "\t" ? .tab : message(problem, context), place(of: mark))
        case .composer(_, let problem, let mark, _):
            let second = problem.contains("another document")
            return (second ? .secondDocument : .malformed(problem), place(of: mark))
        case .reader(let problem, _, _, _), .writer(let problem), .emitter(let problem),
            .representer(let problem):
            return (.malformed(problem), place(of: nil))
        case .no, .memory, .dataCouldNotBeDecoded, .duplicatedKeysInMapping:
            return (.malformed("the parser gave up"), place(of: nil))
        }
    }

    private func message(_ problem: String, _ context: YamlError.Context?) -> SyntaxProblem {
        guard let context else { return .malformed(problem) }
        let begin = place(of: context.mark)
        return .malformed("\(problem) (\(context.text) from \(begin.line):\(begin.column))")
    }

    private func character(at mark: Mark) -> Unicode.Scalar? {
        index(of: Place(line: mark.line, column: mark.column)).map { text.unicodeScalars[$0] }
    }

    private func index(of place: Place) -> String.Index? {
        var cursor = LineCursor()
        for index in text.unicodeScalars.indices {
            if cursor.place == place { return index }
            cursor.advance(over: text.unicodeScalars[index])
        }
        return nil
    }
}
