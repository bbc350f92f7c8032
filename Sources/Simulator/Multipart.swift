/// `multipart/form-data` (RFC 7578): the fields with a name; files are left out.
enum Multipart {
    /// RFC 2046, section 5.1.1; also what keeps the search for it short.
    private static let longestBoundary = 70

    /// Hands over name and value of every part that is complete.
    static func forEachField(
        of body: Span<UInt8>, boundary: String, _ receive: ([UInt8], [UInt8]) -> Void
    ) {
        let delimiter = Array("--\(boundary)".utf8)
        guard delimiter.count > 2, delimiter.count <= longestBoundary + 2,
            var start = place(of: delimiter, in: body, from: 0)
        else { return }
        start += delimiter.count
        let inner = Array("\r\n".utf8) + delimiter
        while let end = place(of: inner, in: body, from: start) {
            readPart(body.extracting(start..<end), receive)
            start = end + inner.count
        }
    }

    /// - Parameter part: from behind the boundary, the line break included.
    private static func readPart(_ part: Span<UInt8>, _ receive: ([UInt8], [UInt8]) -> Void) {
        guard let headEnd = place(of: Array("\r\n\r\n".utf8), in: part, from: 0) else { return }
        let head = Bytes.text(part.extracting(0..<headEnd))
        for line in head.split(separator: "\r\n") where isDisposition(line) {
            guard let name = parameter("name", of: line), parameter("filename", of: line) == nil
            else { return }
            let value = part.extracting((headEnd + 4)..<part.count)
            receive(Array(name.utf8), value.indices.map { value[$0] })
            return
        }
    }

    private static func isDisposition(_ line: Substring) -> Bool {
        Bytes.begins(line.utf8Span.span, with: "content-disposition:")
    }

    /// The value of `; name="…"`, with or without the quotes.
    static func parameter(_ name: String, of line: Substring) -> String? {
        for part in line.split(separator: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = pair[0].drop { $0 == " " || $0 == "\t" }
            guard pair.count == 2, key.lowercased() == name else { continue }
            let value = pair[1].prefix { $0 != "\r" }
            let isQuoted = value.count > 1 && value.first == "\"" && value.last == "\""
            return String(isQuoted ? value.dropFirst().dropLast() : value)
        }
        return nil
    }

    private static func place(of pattern: [UInt8], in text: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while let place = Bytes.position(of: pattern[0], in: text, from: index) {
            guard place + pattern.count <= text.count else { return nil }
            if pattern.indices.allSatisfy({ text[place + $0] == pattern[$0] }) { return place }
            index = place + 1
        }
        return nil
    }
}
