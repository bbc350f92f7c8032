import Glibc

/// Hands all of `bytes` to the system.
package func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws(ResultError) {
    var written = 0
    while written < bytes.count {
        let count = bytes[written...].withUnsafeBytes {
            Glibc.write(descriptor, $0.baseAddress, $0.count)
        }
        if count > 0 {
            written += count
        } else if count == 0 || errno != EINTR {
            throw .system(.write, path: path, code: count == 0 ? ENOSPC : errno)
        }
    }
}

/// The whole file.
package func readAll(_ path: String) throws(ResultError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(.read, path: path, code: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = chunk.withUnsafeMutableBytes {
            Glibc.read(descriptor, $0.baseAddress, $0.count)
        }
        if count > 0 {
            bytes += chunk[..<count]
        } else if count == 0 {
            return bytes
        } else if errno != EINTR {
            throw .system(.read, path: path, code: errno)
        }
    }
}

/// Makes a file, or replaces what was in it.
package func writeFile(_ text: String, to path: String) throws(ResultError) {
    try put(text, at: path, O_TRUNC)
}

/// The same, piece by piece: `produce` is given what writes one.
package func writeFile(
    to path: String,
    _ produce: ((String) throws(ResultError) -> Void) throws(ResultError) -> Void
) throws(ResultError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_TRUNC, 0o644)
    guard descriptor >= 0 else { throw .system(.create, path: path, code: errno) }
    defer { close(descriptor) }
    try produce { (piece) throws(ResultError) in
        try writeAll(Array(piece.utf8), to: descriptor, path: path)
    }
}

/// Makes a file, or adds to what is in it.
package func appendFile(_ text: String, to path: String) throws(ResultError) {
    try put(text, at: path, O_APPEND)
}

private func put(_ text: String, at path: String, _ mode: Int32) throws(ResultError) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | mode, 0o644)
    guard descriptor >= 0 else { throw .system(.create, path: path, code: errno) }
    defer { close(descriptor) }
    try writeAll(Array(text.utf8), to: descriptor, path: path)
}
