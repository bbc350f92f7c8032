import Glibc

/// Reads `interval.log` frame by frame, as far as it is whole. Memory: one frame.
package struct IntervalLogReader: ~Copyable {
    package enum Entry: Sendable, Equatable {
        case interval(Interval)
        case end(RunEnd)
    }

    /// Where the file stops being a log.
    package struct Break: Sendable, Equatable {
        package enum Kind: Sendable, Equatable {
            /// The file ends within a frame: what wrote it was killed, or had no room.
            case cutOff
            /// What stands there is not what was written.
            case damaged
        }

        package var kind: Kind
        package var offset: Int
        /// Bytes from there on, none of which is counted.
        package var remaining: Int
    }

    package let start: RunStart
    /// Known when `next()` has said nil.
    package private(set) var breakage: Break?
    private var file: FrameFile

    /// Fails where there is no log, or not so much as its first frame.
    package init(folder: String) throws(ResultError) {
        try self.init(path: "\(folder)/\(IntervalLog.fileName)")
    }

    /// The same for a log that is kept elsewhere.
    package init(path: String) throws(ResultError) {
        var file = try FrameFile(path)
        start = try Self.start(&file)
        self.file = file
    }

    /// The same for a log that is in memory.
    ///
    /// - Parameter name: of what it came from, for complaints.
    package init(bytes: [UInt8], name: String) throws(ResultError) {
        var file = FrameFile(bytes, name: name)
        start = try Self.start(&file)
        self.file = file
    }

    private static func start(_ file: inout FrameFile) throws(ResultError) -> RunStart {
        try file.readFileHead()
        let place = "the first frame, at byte \(Frame.fileHead.utf8.count),"
        guard let first = try file.next(), first.kind == Frame.Kind.start.rawValue else {
            throw .corrupt(path: file.path, reason: "\(place) is not whole")
        }
        do {
            return try RunStart(payload: first.payload)
        } catch {
            throw .corrupt(path: file.path, reason: "\(place) can't be read: \(error.what)")
        }
    }

    /// nil at the end of what can be read.
    package mutating func next() throws(ResultError) -> Entry? {
        while let frame = try file.next() {
            do throws(PayloadError) {
                switch Frame.Kind(rawValue: frame.kind) {
                case .interval:
                    return .interval(try Interval(payload: frame.payload, of: start))
                case .end: return .end(try RunEnd(payload: frame.payload))
                // Of a newer program, or out of its place.
                case .start, nil: continue
                }
            } catch {
                let place = "the frame that ends at byte \(file.offset)"
                throw .corrupt(path: file.path, reason: "\(place) can't be read: \(error.what)")
            }
        }
        breakage = file.breakage
        return nil
    }
}

/// The frames of a file, checked one by one.
private struct FrameFile: ~Copyable {
    private enum Source {
        case file(Int32)
        case memory([UInt8])
    }

    let path: String
    private let source: Source
    private let size: Int
    private(set) var offset = 0
    private var number: UInt32 = 0
    private(set) var breakage: IntervalLogReader.Break?

    init(_ path: String) throws(ResultError) {
        self.path = path
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(.read, path: path, code: errno) }
        var status = stat()
        size = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
        source = .file(descriptor)
    }

    init(_ bytes: [UInt8], name: String) {
        path = name
        size = bytes.count
        source = .memory(bytes)
    }

    deinit { if case .file(let descriptor) = source { close(descriptor) } }

    mutating func readFileHead() throws(ResultError) {
        let expected = Array(Frame.fileHead.utf8)
        let found = try bytes(min(expected.count, size))
        guard found != expected else { return }
        let line = String(
            decoding: found.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        guard line.hasPrefix(IntervalLog.family), found.count == expected.count else {
            throw .corrupt(path: path, reason: "not an interval log: it does not begin like one")
        }
        throw .unknownFormat(path: path, format: line)
    }

    /// nil at the end, and where what comes is not whole.
    mutating func next() throws(ResultError) -> Frame? {
        let rest = size - offset
        guard breakage == nil, rest > 0 else { return nil }
        guard rest >= Frame.headBytes else { return stop(.cutOff, at: offset) }
        let begin = offset
        let head = try bytes(Frame.headBytes)
        let length = Int(Frame.number(head[1..<5]))
        guard length <= rest - Frame.headBytes else { return stop(.cutOff, at: begin) }
        let payload = try bytes(length)
        let expected = Frame.head(head[0], length: length, number: number)
        guard head.starts(with: expected),
            Frame.checksum(expected, payload) == Frame.number(head[9..<13])
        else { return stop(.damaged, at: begin) }
        number += 1
        return Frame(kind: head[0], payload: payload)
    }

    private mutating func stop(_ kind: IntervalLogReader.Break.Kind, at offset: Int) -> Frame? {
        breakage = IntervalLogReader.Break(
            kind: kind, offset: offset, remaining: size - offset)
        return nil
    }

    private mutating func bytes(_ count: Int) throws(ResultError) -> [UInt8] {
        defer { offset += count }
        switch source {
        case .file(let descriptor): return try bytes(count, of: descriptor)
        case .memory(let bytes): return Array(bytes[offset..<offset + count])
        }
    }

    private func bytes(_ count: Int, of descriptor: Int32) throws(ResultError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let read = bytes.withUnsafeMutableBytes {
                pread(
                    descriptor, $0.baseAddress.map { $0 + filled }, count - filled,
                    off_t(offset + filled))
            }
            if read > 0 {
                filled += read
            } else if read == 0 || errno != EINTR {
                throw .system(.read, path: path, code: read == 0 ? EIO : errno)
            }
        }
        return bytes
    }
}
