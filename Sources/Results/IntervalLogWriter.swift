import Glibc
import Synchronization

/// Writes `interval.log`: the file from which all others can be made again, one frame an interval.
///
/// Every frame is handed to the system at once, so that no end of this process loses one. `finish()`
/// syncs; until then a loss of power may lose what the kernel had not yet written (about 30 s on an
/// ordinary Linux), but never what stands before it. Any thread may call, one at a time.
package final class IntervalLogWriter: Sendable {
    private struct State {
        /// Of the file's whole frames; behind them there may be a part of one that failed.
        var length = 0
        var frames: UInt32 = 0
        /// Nothing is written behind a gap.
        var isBroken = false
    }

    private let descriptor: Int32
    private let path: String
    private let state = Mutex(State())

    init(in folder: String) throws(ResultError) {
        path = "\(folder)/\(IntervalLog.fileName)"
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(.create, path: path, code: errno) }
    }

    deinit { close(descriptor) }

    /// The first frame, before any other.
    package func begin(_ start: RunStart) throws(ResultError) {
        let frame = Frame(kind: Frame.Kind.start.rawValue, payload: start.payload)
        try append(Array(Frame.fileHead.utf8) + frame.bytes(number: 0))
    }

    package func append(_ interval: Interval) throws(ResultError) {
        try append(.interval, interval.payload)
    }

    /// The last frame; syncs the file.
    package func finish(_ end: RunEnd) throws(ResultError) {
        try append(.end, end.payload)
        guard fsync(descriptor) == 0 else { throw .system(.write, path: path, code: errno) }
    }

    private func append(_ kind: Frame.Kind, _ payload: [UInt8]) throws(ResultError) {
        let number = state.withLock(\.frames)
        try append(Frame(kind: kind.rawValue, payload: payload).bytes(number: number))
    }

    /// All of it or nothing; after a failure, nothing any more.
    private func append(_ bytes: [UInt8]) throws(ResultError) {
        try state.withLock { state throws(ResultError) in
            guard !state.isBroken else { return }
            do throws(ResultError) {
                try checkThatItIsThere()
                try writeAll(bytes, to: descriptor, path: path)
            } catch {
                state.isBroken = true
                _ = ftruncate(descriptor, state.length)
                throw error
            }
            state.length += bytes.count
            state.frames += 1
        }
    }

    /// What is written to a file without a name is lost, though the system says nothing.
    private func checkThatItIsThere() throws(ResultError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_nlink > 0 else {
            throw .system(.write, path: path, code: ENOENT)
        }
    }
}

/// What the log is called, and the line that it begins with.
package enum IntervalLog {
    package static let fileName = "interval.log"
    static let family = "paybench-interval-log/"
    static let currentFormat = family + "1"
}
