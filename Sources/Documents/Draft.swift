/// The text as it is handed to the parser, and the way back from the parser's texts and marks.
///
/// Three habits of the parser are worked around. It expands aliases without bound: every `*` is
/// handed over as a character that means nothing. It stops at the first duplicate key: keys that
/// `tell(apart:)` was told of bear a tag that no other bears. And it compares collections that are
/// keys at a cost exponential in their depth: every flow collection bears such a tag as well, and a
/// `?`, the only way to a block collection as a key, is handed over like the `*`.
struct Draft {
    private let source: SourceText
    /// In front of a number and a blank, the tag of this draft; not in the source.
    private let tagPrefix: String
    private var repeated: Set<Place> = []
    /// Bytes that may yet be parsed again.
    private var patience = 1 << 20

    private(set) var text = ""
    /// For each line with tags, where they stand in the source and in the draft.
    private var tags: [Int: [Inserted]] = [:]

    private struct Inserted {
        var sourceColumn: Int
        var draftColumn: Int
        var length: Int
    }

    init(_ source: SourceText) {
        self.source = source
        var number = 0
        while source.text.contains("!paybench\(number)-") { number += 1 }
        tagPrefix = "!paybench\(number)-"
        write()
    }

    private mutating func write() {
        text = ""
        var cursor = LineCursor()
        var count = 0
        /// Of the line that the cursor is in: how far the draft is behind the source.
        var (line, shift) = (1, 0)
        tags = [:]
        for scalar in source.text.unicodeScalars {
            let place = cursor.place
            if place.line != line { (line, shift) = (place.line, 0) }
            if scalar == "[" || scalar == "{" || repeated.contains(place) {
                let tag = "\(tagPrefix)\(count) "
                let inserted = Inserted(
                    sourceColumn: place.column, draftColumn: place.column + shift,
                    length: tag.utf8.count)
                tags[line, default: []].append(inserted)
                text += tag
                shift += tag.utf8.count
                count += 1
            }
            text.unicodeScalars.append(disguised(scalar))
            cursor.advance(over: scalar)
        }
    }

    private func disguised(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case "*": source.unused.0
        case "?": source.unused.1
        default: scalar
        }
    }

    private func undisguised(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar {
        case source.unused.0: "*"
        case source.unused.1: "?"
        default: scalar
        }
    }

    /// Makes the key at a mark differ from every other; false when that was done too often.
    mutating func tell(apart mark: Place) -> Bool {
        patience -= text.utf8.count
        let place = place(of: mark)
        guard patience > 0, repeated.count < Complaints.limit, character(at: mark) != "!",
            repeated.insert(place).inserted
        else { return false }
        write()
        return true
    }

    /// Where a place of the draft is in the file itself.
    func place(of mark: Place) -> Place {
        guard let tags = tags[mark.line] else { return mark }
        var (low, high) = (0, tags.count)
        while low < high {
            let middle = (low + high) / 2
            if tags[middle].draftColumn <= mark.column { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return mark }
        let tag = tags[low - 1]
        let behind = max(0, mark.column - tag.draftColumn - tag.length)
        return Place(line: mark.line, column: tag.sourceColumn + behind)
    }

    /// A text of the parser as it stands in the file.
    func restored(_ text: String) -> String {
        var pieces = text.split(separator: tagPrefix, omittingEmptySubsequences: false)[...]
        guard var whole = pieces.popFirst().map(String.init) else { return text }
        for piece in pieces { whole += piece.drop { $0 != " " }.dropFirst() }
        let disguises = [source.unused.0, source.unused.1]
        guard whole.unicodeScalars.contains(where: disguises.contains) else { return whole }
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: whole.unicodeScalars.lazy.map(undisguised))
        return String(scalars)
    }

    /// A tag of the parser as it stands in the file, where a `!` right in front of a bracket became
    /// one with the tag of this draft.
    func restored(tag: String) -> String {
        tag.hasPrefix("tag:yaml.org,2002:" + tagPrefix.dropFirst()) ? "!" : restored(tag)
    }

    /// The name behind the asterisk of an alias; nil for any other plain scalar.
    func aliasName(_ plain: String) -> String? {
        guard plain.unicodeScalars.first == source.unused.0 else { return nil }
        return restored(String(plain.unicodeScalars.dropFirst()))
    }

    /// Whether the draft made a tag.
    func isOwn(tag: String) -> Bool { tag.hasPrefix(tagPrefix) }

    /// The character of the file that a place of the draft leads to.
    func character(at mark: Place) -> Unicode.Scalar? {
        let place = place(of: mark)
        var cursor = LineCursor()
        for scalar in source.text.unicodeScalars {
            if cursor.place == place { return scalar }
            cursor.advance(over: scalar)
        }
        return nil
    }

    /// The words of a line of the file up to a column.
    func words(line: Int, before column: Int = .max) -> [String] {
        var cursor = LineCursor()
        var text = String.UnicodeScalarView()
        for scalar in source.text.unicodeScalars {
            if cursor.place.line > line { break }
            if cursor.place.line == line, cursor.place.column < column { text.append(scalar) }
            cursor.advance(over: scalar)
        }
        return String(text).split { $0.isWhitespace }.map(String.init)
    }
}
