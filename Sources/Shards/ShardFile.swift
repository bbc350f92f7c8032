import FoundationEssentials
import Glibc
import Results
import Zlib

/// `shard-I-of-N.paybench`: what one shard of a run leaves behind, checked by one checksum.
///
/// The line `paybench-shard/1`; the head, JSON on one line; the run's `interval.log` as it is, which has
/// every count, every histogram and every payment whose booking is uncertain; the line `crc32 ` and the
/// CRC-32 of all before it in eight hexadecimal digits. Memory: the whole file.
package struct ShardFile: Sendable, Equatable {
    package static let format = family + "1"
    static let family = "paybench-shard/"
    private static let tail = "crc32 "
    private static let tailBytes = tail.utf8.count + 9

    package var header: ShardHeader
    /// The bytes of `interval.log`.
    package var log: [UInt8]

    package init(header: ShardHeader, log: [UInt8]) {
        self.header = header
        self.log = log
    }

    /// `shard-2-of-4.paybench`
    package static func name(index: Int, of count: Int) -> String {
        "\(namePrefix)\(index)-of-\(count)\(nameSuffix)"
    }

    private static let namePrefix = "shard-"
    private static let nameSuffix = ".paybench"

    /// Whether a file is to be taken for the result of a shard.
    package static func isName(_ name: String) -> Bool {
        name.hasPrefix(namePrefix) && name.hasSuffix(nameSuffix)
    }

    package static func isBeginning(of bytes: [UInt8]) -> Bool {
        bytes.starts(with: family.utf8)
    }

    /// As it stands in the file.
    package func bytes() throws(ShardFileError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let head = try? encoder.encode(header) else {
            throw .damaged(
                name: Self.name(index: header.index, of: header.count), .impossibleHead)
        }
        let whole = Array((Self.format + "\n").utf8) + Array(head) + [UInt8(ascii: "\n")] + log
        return whole + Array((Self.tail + Self.checksum(whole[...]) + "\n").utf8)
    }

    /// - Parameter name: of the file, for complaints.
    package init(_ bytes: [UInt8], name: String) throws(ShardFileError) {
        let whole = try Self.checked(bytes, name: name)
        let lines = whole.split(
            separator: UInt8(ascii: "\n"), maxSplits: 2, omittingEmptySubsequences: false)
        guard lines.count == 3,
            let header = try? JSONDecoder().decode(ShardHeader.self, from: Data(lines[1])),
            header.isPossible
        else { throw .damaged(name: name, .impossibleHead) }
        self.init(header: header, log: Array(lines[2]))
    }

    /// What stands before the checksum.
    private static func checked(
        _ bytes: [UInt8], name: String
    ) throws(ShardFileError) -> ArraySlice<UInt8> {
        let first = Array((format + "\n").utf8)
        guard bytes.starts(with: first) else {
            throw .damaged(name: name, damage(ofBeginning: bytes, first: first))
        }
        let whole = bytes.dropLast(tailBytes)
        let stated = bytes.suffix(tailBytes)
        guard whole.count >= first.count, stated.starts(with: tail.utf8),
            stated.last == UInt8(ascii: "\n")
        else { throw .damaged(name: name, .cutOff) }
        guard stated.elementsEqual((tail + checksum(whole) + "\n").utf8) else {
            throw .damaged(name: name, .wrongChecksum)
        }
        return whole
    }

    private static func damage(
        ofBeginning bytes: [UInt8], first: [UInt8]
    ) -> ShardFileError.Damage {
        if first.starts(with: bytes) { return .cutOff }
        let line = bytes.prefix(40).prefix { $0 != UInt8(ascii: "\n") }
        return line.starts(with: family.utf8)
            ? .unknownFormat(String(decoding: line, as: UTF8.self)) : .foreign
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> String {
        let sum = bytes.withUnsafeBufferPointer { buffer in
            crc32_z(crc32(0, nil, 0), buffer.baseAddress, z_size_t(buffer.count))
        }
        let digits = String(sum, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

extension ShardFile {
    /// Reads a file.
    package static func read(_ path: String) throws(ShardFileError) -> ShardFile {
        let bytes: [UInt8]
        do throws(ResultError) { bytes = try readAll(path) } catch { throw .failed(error) }
        return try ShardFile(bytes, name: path)
    }

    /// Writes it under a name of its own, syncs it and gives it its name, unless something has that: then
    /// it is kept as it is, and `exists` says where.
    ///
    /// - Parameter folder: is there.
    /// - Returns: its path.
    @discardableResult
    package func write(in folder: String) throws(ShardFileError) -> String {
        let name = Self.name(index: header.index, of: header.count)
        let path = "\(folder)/\(name)"
        let staged = "\(folder)/.\(name).\(getpid()).\(UInt32.random(in: 0 ... .max)).part"
        let bytes = try bytes()
        do throws(ResultError) {
            try Self.write(bytes, to: staged)
        } catch {
            unlink(staged)
            throw .failed(error)
        }
        guard link(staged, path) == 0 else {
            let code = errno
            throw code == EEXIST
                ? .exists(path: path, kept: staged)
                : .failed(.system(.create, path: path, code: code))
        }
        unlink(staged)
        do throws(ResultError) { try syncFolder(folder) } catch { throw .failed(error) }
        return path
    }

    /// Makes a file that was not there before, and syncs it.
    private static func write(_ bytes: [UInt8], to path: String) throws(ResultError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system(.create, path: path, code: errno) }
        defer { close(descriptor) }
        try writeAll(bytes, to: descriptor, path: path)
        guard fsync(descriptor) == 0 else { throw .system(.write, path: path, code: errno) }
    }
}
