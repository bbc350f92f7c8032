/// The text of a file that is worth parsing: UTF-8, no control characters, of bearable size and
/// depth.
struct SourceText {
    let text: String
    /// Two characters of a private area that the text does not contain.
    let unused: (Unicode.Scalar, Unicode.Scalar)

    /// Complains about the first thing that makes the file no text, else is the text without its
    /// byte order mark.
    init?(bytes: [UInt8], complaints: Complaints) {
        if bytes.count > Document.largestSize {
            complaints.add(FileProblem.tooLarge(limit: Document.largestSize), at: .start)
            return nil
        }
        if Self.isUTF16(bytes.prefix(4)) {
            complaints.add(FileProblem.utf16, at: .start)
            return nil
        }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        guard let text = String(validating: body, as: UTF8.self) else {
            let (place, byte) = Self.firstInvalid(in: body)
            complaints.add(FileProblem.notUTF8(byte: byte), at: place)
            return nil
        }
        var survey = Survey()
        if let (problem, place) = survey.walk(text) {
            complaints.add(Complaint(file: complaints.file, place: place, problem: problem))
            return nil
        }
        let unused = survey.unusedPrivates.prefix(2).compactMap(Unicode.Scalar.init)
        guard unused.count == 2 else {
            complaints.add(
                SyntaxProblem.malformed("every private-use character occurs"), at: .start)
            return nil
        }
        self.text = text
        self.unused = (unused[0], unused[1])
    }

    /// By its mark, or by a NUL beside each of two letters.
    private static func isUTF16(_ bytes: ArraySlice<UInt8>) -> Bool {
        if [[0xFF, 0xFE], [0xFE, 0xFF]].contains(Array(bytes.prefix(2))) { return true }
        let isNUL = bytes.map { $0 == 0 }
        return isNUL == [true, false, true, false] || isNUL == [false, true, false, true]
    }

    /// Place and value of the first byte that is not UTF-8.
    private static func firstInvalid(in bytes: ArraySlice<UInt8>) -> (Place, UInt8) {
        var cursor = LineCursor()
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = bytes.startIndex
        while case .scalarValue(let scalar) = decoder.decode(&iterator) {
            cursor.advance(over: scalar)
            offset += UTF8.width(scalar)
        }
        return (cursor.place, bytes[min(offset, bytes.endIndex - 1)])
    }
}

/// Counts lines and columns as the YAML parser does: LF, CR, CRLF, NEL, LS and PS end a line.
struct LineCursor {
    private(set) var place = Place(line: 1, column: 1)
    private var afterReturn = false

    mutating func advance(over scalar: Unicode.Scalar) {
        defer { afterReturn = scalar == "\r" }
        switch scalar {
        case "\n" where afterReturn: break
        case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
            place = Place(line: place.line + 1, column: 1)
        default: place.column += 1
        }
    }
}

/// One pass over the characters, before the parser sees them.
private struct Survey {
    private static let privateArea: ClosedRange<UInt32> = 0xE5A7...0xF8FF

    private var cursor = LineCursor()
    private var nesting = Nesting()
    private var privates: Set<UInt32> = []

    var unusedPrivates: some Sequence<UInt32> {
        Self.privateArea.lazy.filter { [privates] in !privates.contains($0) }
    }

    mutating func walk(_ text: String) -> (any Problem, Place)? {
        for scalar in text.unicodeScalars {
            if let problem = problem(of: scalar) { return (problem, cursor.place) }
            cursor.advance(over: scalar)
        }
        return nil
    }

    private mutating func problem(of scalar: Unicode.Scalar) -> (any Problem)? {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85: break
        case 0..<0x20, 0x7F..<0xA0, 0xFEFF, 0xFFFE, 0xFFFF:
            return FileProblem.controlCharacter(scalar.value)
        case Self.privateArea: privates.insert(scalar.value)
        default: break
        }
        nesting.advance(over: scalar, at: cursor.place.column)
        if nesting.depth > Nesting.deepest {
            return SyntaxProblem.tooDeep(limit: Document.deepestLevel)
        }
        if cursor.place.line > Document.mostLines {
            return FileProblem.tooManyLines(limit: Document.mostLines)
        }
        return nil
    }
}

/// How deep a text nests, by its looks: brackets not closed, and columns that lines are indented
/// to.
///
/// Texts, comments and structure are not told apart, and brackets in indented lines count twice, so
/// what is too deep here is far above any real depth. It keeps absurd nesting from the parser.
private struct Nesting {
    static let deepest = 2 * Document.deepestLevel + 8

    private var brackets = 0
    private var columns: [Int] = []
    /// Only blanks and the indicators of nested collections (`- - -`) so far in this line.
    private var isIndenting = true
    private var afterIndicator = false

    var depth: Int { brackets + columns.count }

    mutating func advance(over scalar: Unicode.Scalar, at column: Int) {
        switch scalar {
        case "\n", "\r": (isIndenting, afterIndicator) = (true, false)
        case " ", "\t": afterIndicator = false
        default: if isIndenting { indent(to: column, by: scalar) }
        }
        switch scalar {
        case "[", "{": brackets += 1
        case "]", "}": brackets = max(0, brackets - 1)
        default: break
        }
    }

    private mutating func indent(to column: Int, by scalar: Unicode.Scalar) {
        if afterIndicator {
            isIndenting = false
            return
        }
        while let last = columns.last, last >= column { columns.removeLast() }
        columns.append(column)
        afterIndicator = scalar == "-" || scalar == "?"
        isIndenting = afterIndicator
    }
}
