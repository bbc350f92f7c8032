/// The text of a file that is worth parsing: UTF-8, no control characters, of bearable size and depth.
struct SourceText {
    let text: String
    /// A character of a private area that the text does not contain.
    let unused: Unicode.Scalar

    /// Complains about the first thing that makes the file no text, else is the text without its
    /// byte order mark.
    init?(bytes: [UInt8], complaints: Complaints) {
        let utf16Marks: [[UInt8]] = [[0xFF, 0xFE], [0xFE, 0xFF]]
        if bytes.count > Document.largestSize {
            complaints.add(FileProblem.tooLarge(limit: Document.largestSize), at: nil)
            return nil
        }
        if utf16Marks.contains(Array(bytes.prefix(2))) {
            complaints.add(FileProblem.utf16, at: nil)
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
        guard let unused = survey.unusedPrivate else {
            complaints.add(SyntaxProblem.malformed("every private-use character occurs"), at: nil)
            return nil
        }
        self.text = text
        self.unused = unused
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
    /// Open brackets that no bracket closes; strings and comments are not told apart, so this is far
    /// above any real depth. It keeps absurd nesting away from the parser's recursion.
    private static let deepestBrackets = 200
    private static let privateArea: ClosedRange<UInt32> = 0xE5A7...0xF8FF

    private var cursor = LineCursor()
    private var depth = 0
    private var privates: Set<UInt32> = []

    var unusedPrivate: Unicode.Scalar? {
        Self.privateArea.first { !privates.contains($0) }.flatMap(Unicode.Scalar.init)
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
        case 0x09, 0x0A, 0x0D, 0x20...0x5A, 0x5C, 0x5E...0x7A, 0x7C, 0x7E, 0x85: break
        case 0x5B, 0x7B: depth += 1
        case 0x5D, 0x7D: depth = max(0, depth - 1)
        case 0..<0x20, 0x7F..<0xA0, 0xFEFF, 0xFFFE, 0xFFFF:
            return FileProblem.controlCharacter(scalar.value)
        case Self.privateArea: privates.insert(scalar.value)
        default: break
        }
        if depth > Self.deepestBrackets {
            return SyntaxProblem.tooDeep(limit: Document.deepestLevel)
        }
        if cursor.place.line > Document.mostLines {
            return FileProblem.tooManyLines(limit: Document.mostLines)
        }
        return nil
    }
}
