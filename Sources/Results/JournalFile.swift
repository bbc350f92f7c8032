import Glibc

/// `inflight.journal`: the payments that were started, in memory that belongs to a file, so that it
/// is there when the process is not. A head, then for each worker a ring of entries of equal size.
package final class JournalFile: Sendable {
    package struct Layout: Sendable, Equatable {
        package var workers: Int
        /// Bytes; a multiple of 8.
        package var entrySize: Int
        /// Of each worker.
        package var entries: Int

        package init(workers: Int, entrySize: Int, entries: Int) {
            self.workers = workers
            self.entrySize = entrySize
            self.entries = entries
        }

        /// Workers don't share a page.
        var bytesOfWorker: Int {
            (entries * entrySize + JournalFile.pageSize - 1) / JournalFile.pageSize
                * JournalFile.pageSize
        }

        var size: Int { JournalFile.pageSize + workers * bytesOfWorker }
    }

    package static let fileName = "inflight.journal"
    /// An entry: state (4 bytes), length of the id (2), entry of the mix (2), intended and sent in
    /// nanoseconds since 1970 (8 each), the id; little-endian. `Engine` writes them.
    package static let entryHeadSize = 24
    package static let unused: UInt32 = 0
    package static let underWay: UInt32 = 1
    /// The state of a payment that is counted in tally n of its worker is n + this.
    package static let firstTally: UInt32 = 2
    static let pageSize = 4096
    static let magic = "paybench-journal/1\n"

    package let layout: Layout
    private let path: String
    // Invariant: written by the workers only, each in its own part; unmapped when nobody has this object.
    private nonisolated(unsafe) let memory: UnsafeMutableRawPointer

    /// Takes the room on the disk at once: a disk that fills up later must not stop a worker in the
    /// middle of a store.
    init(in folder: String, layout: Layout) throws(ResultError) {
        self.layout = layout
        path = "\(folder)/\(Self.fileName)"
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(.create, path: path, code: errno) }
        defer { close(descriptor) }
        do throws(ResultError) {
            memory = try Self.map(descriptor, layout, path: path)
        } catch {
            unlink(path)
            throw error
        }
    }

    deinit { munmap(memory, layout.size) }

    private static func map(
        _ descriptor: Int32, _ layout: Layout, path: String
    ) throws(ResultError) -> UnsafeMutableRawPointer {
        let code = posix_fallocate(descriptor, 0, layout.size)
        guard code == 0 else { throw .system(.create, path: path, code: code) }
        let memory = mmap(nil, layout.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
        guard let memory, memory != MAP_FAILED else {
            throw .system(.create, path: path, code: errno)
        }
        memory.copyMemory(from: head(of: layout), byteCount: head(of: layout).count)
        return memory
    }

    /// Magic, then workers, size of an entry, entries, and the checksum of all that.
    static func head(of layout: Layout) -> [UInt8] {
        let head =
            Array(magic.utf8)
            + [layout.workers, layout.entrySize, layout.entries].flatMap {
                Frame.littleEndian(UInt32($0))
            }
        return head + Frame.littleEndian(Frame.checksum(head, []))
    }

    /// A worker's ring, zeroed; valid as long as this object.
    package func memory(ofWorker worker: Int) -> UnsafeMutableRawBufferPointer {
        precondition((0..<layout.workers).contains(worker), "a worker has a part of the journal")
        return UnsafeMutableRawBufferPointer(
            start: memory + Self.pageSize + worker * layout.bytesOfWorker,
            count: layout.entries * layout.entrySize)
    }

    /// Takes its name away: all that is in it is in the results.
    package func remove() { unlink(path) }
}
