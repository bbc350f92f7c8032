import Glibc

/// A regular file and the part of it that is in memory. Owns the descriptor and the memory.
///
/// `@unchecked`: belongs to one `RowScanner`, which is used on one thread at a time.
final class FileBuffer: @unchecked Sendable {
    private let descriptor: Int32
    let capacity: Int
    /// `capacity` bytes, and two for the end of a last line and a mark behind it.
    let bytes: UnsafeMutablePointer<UInt8>

    /// - Parameter offset: where reading begins.
    init(path: String, from offset: Int64, capacity: Int) throws(ArrivalFileProblem) {
        // A pipe would wait for its writer; it is refused below.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw ArrivalFileProblem(.unreadable(code: errno)) }
        var status = stat()
        let problem: ArrivalFileProblem.Kind? =
            if fstat(descriptor, &status) != 0 {
                .unreadable(code: errno)
            } else if status.st_mode & S_IFMT != S_IFREG {
                .notAFile
            } else if lseek(descriptor, off_t(offset), SEEK_SET) < 0 {
                .unreadable(code: errno)
            } else {
                nil
            }
        if let problem {
            close(descriptor)
            throw ArrivalFileProblem(problem)
        }
        self.descriptor = descriptor
        self.capacity = capacity
        bytes = .allocate(capacity: capacity + 2)
    }

    deinit {
        close(descriptor)
        bytes.deallocate()
    }

    /// Reads behind the first `kept` bytes; says how many. 0: the file ends there.
    func fill(behind kept: Int) throws(ArrivalFileProblem) -> Int {
        while true {
            let count = Glibc.read(descriptor, bytes + kept, capacity - kept)
            if count >= 0 { return count }
            if errno != EINTR { throw ArrivalFileProblem(.unreadable(code: errno)) }
        }
    }
}
