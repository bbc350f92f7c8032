import Glibc

/// The bytes of a file, refused as soon as they are more than a document may have.
package func documentBytes(path: String, name: String) throws(DocumentError) -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw unreadable(name) }
    defer { close(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = Glibc.read(file, &chunk, chunk.count)
        if count == 0 { return bytes }
        if count < 0 {
            if errno == EINTR { continue }
            throw unreadable(name)
        }
        bytes += chunk[..<count]
        if bytes.count > Document.largestSize {
            let problem = FileProblem.tooLarge(limit: Document.largestSize)
            throw DocumentError(file: name, place: .start, problem)
        }
    }
}

private func unreadable(_ name: String) -> DocumentError {
    let reason = String(cString: strerror(errno))
    return DocumentError(file: name, place: nil, FileProblem.unreadable(reason: reason))
}
