import Glibc

/// The bytes of a regular file: copied up to 64 MiB, mapped read-only beyond.
///
/// A copy does not care what happens to the file. A mapping costs no memory of its own, so files
/// larger than memory work, but one that is truncated meanwhile ends the process with SIGBUS: a file
/// of this size has to be left alone while it is in use.
///
/// Unchecked: nothing is written behind `bytes` once the initialiser returns.
final class FileMemory: @unchecked Sendable {
    static let largestCopy = 64 << 20

    /// What reads of a mapping will be like.
    enum Access { case sequential, random }

    let bytes: UnsafeRawBufferPointer
    private let isMapped: Bool

    init(path: String, largestCopy: Int = FileMemory.largestCopy) throws(DataFileError) {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw Self.unreadable() }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw Self.unreadable() }
        guard status.st_mode & S_IFMT == S_IFREG else { throw DataFileError(.notAFile) }
        let size = Int(status.st_size)
        guard size > 0 else { throw DataFileError(.empty) }
        isMapped = size > largestCopy
        bytes = isMapped ? try Self.map(file, size) : try Self.copy(file, size)
    }

    deinit {
        if isMapped {
            munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
        } else {
            bytes.deallocate()
        }
    }

    func expect(_ access: Access) {
        guard isMapped else { return }
        let advice = access == .random ? MADV_RANDOM : MADV_SEQUENTIAL
        madvise(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count, advice)
    }

    private static func map(
        _ file: Int32, _ size: Int
    ) throws(DataFileError) -> UnsafeRawBufferPointer {
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), start != MAP_FAILED
        else { throw unreadable() }
        return UnsafeRawBufferPointer(start: start, count: size)
    }

    /// Shorter than `size` where the file was cut in between.
    private static func copy(
        _ file: Int32, _ size: Int
    ) throws(DataFileError) -> UnsafeRawBufferPointer {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        var count = 0
        while count < size {
            let part = read(file, buffer.baseAddress.map { $0 + count }, size - count)
            if part == 0 { break }
            if part < 0, errno == EINTR { continue }
            if part < 0 {
                let error = unreadable()
                buffer.deallocate()
                throw error
            }
            count += part
        }
        return UnsafeRawBufferPointer(rebasing: buffer[..<count])
    }

    private static func unreadable() -> DataFileError {
        DataFileError(.unreadable(reason: String(cString: strerror(errno))))
    }
}
