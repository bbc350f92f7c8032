import Glibc

/// A file that is written as `NAME.part` and gets its name only when it is whole and on the disk.
///
/// Owns the descriptor. One that is dropped without `commit()` stays behind as `NAME.part`.
struct StagedFile: ~Copyable {
    private let descriptor: Int32
    private let folder: String
    private let name: String

    private var path: String { "\(folder)/\(name)" }

    init(_ name: String, in folder: String) throws(ResultError) {
        self.folder = folder
        self.name = name
        let path = "\(folder)/\(name)"
        descriptor = open("\(path).part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(.create, path: path, code: errno) }
    }

    deinit { close(descriptor) }

    func write(_ text: String) throws(ResultError) {
        try write(Array(text.utf8))
    }

    func write(_ bytes: [UInt8]) throws(ResultError) {
        try writeAll(bytes, to: descriptor, path: path)
    }

    /// Takes back what was written behind these bytes, as far as the system lets us.
    func truncate(to length: Int) {
        _ = ftruncate(descriptor, length)
        lseek(descriptor, length, SEEK_SET)
    }

    /// Sync the file, give it its name, sync the folder: in this order a crash leaves the whole file or none.
    consuming func commit() throws(ResultError) {
        guard fsync(descriptor) == 0 else { throw .system(.write, path: path, code: errno) }
        guard rename("\(path).part", path) == 0 else {
            throw .system(.write, path: path, code: errno)
        }
        try Self.sync(folder: folder)
    }

    func discard() {
        unlink("\(path).part")
    }

    static func sync(folder: String) throws(ResultError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(.write, path: folder, code: errno) }
        defer { close(descriptor) }
        // Some file systems cannot sync a folder and say EINVAL; there is nothing to be had then.
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw .system(.write, path: folder, code: errno)
        }
    }
}

/// Makes sure that the names in a folder outlive a loss of power.
package func syncFolder(_ path: String) throws(ResultError) {
    try StagedFile.sync(folder: path)
}
