import Histograms
import Zlib

/// The result of a shard as lines of text, for where only standard output comes back (`--out -`): the
/// bytes of its file, compressed (RFC 1950), in base64 (RFC 4648).
///
/// Each line bears the mark, the run and the shard, so that lines of others may stand before, behind and
/// between them, and something before them on the same line (`kubectl logs --prefix`, `parallel --tag`):
///
///     #paybench-shard/1 begin RUN 2/4 LINES BYTES
///     #paybench-shard/1 RUN 2/4 NUMBER BASE64
///     #paybench-shard/1 end RUN 2/4
///
/// LINES counts the lines between, BYTES those of the file; NUMBER counts from 0.
package enum ShardText {
    static let mark = "#" + ShardFile.format
    /// Of base64 on a line.
    private static let width = 8000

    /// The lines, each ended by a line feed. Costs about 20 ms a mebibyte.
    package static func text(of file: ShardFile) throws(ShardFileError) -> String {
        let bytes = try file.bytes()
        var code: [UInt8] = []
        Base64.append(Deflate.compressed(bytes), to: &code)
        let lines = stride(from: 0, to: code.count, by: width).map {
            String(decoding: code[$0..<min($0 + width, code.count)], as: UTF8.self)
        }
        let header = file.header
        let name = "\(header.runID) \(header.index)/\(header.count)"
        return "\(mark) begin \(name) \(lines.count) \(bytes.count)\n"
            + lines.enumerated().map { "\(mark) \(name) \($0.offset) \($0.element)\n" }.joined()
            + "\(mark) end \(name)\n"
    }

    /// All shards in a text, in the order in which they begin.
    ///
    /// - Parameter name: of the text, for complaints.
    package static func files(
        in text: [UInt8], name: String
    ) throws(ShardFileError) -> [ShardFile] {
        var found: [Part] = []
        let mark = Array(mark.utf8)
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard let range = line.firstRange(of: mark) else { continue }
            let words = line[range.upperBound...].split { $0 == UInt8(ascii: " ") || $0 == 13 }
                .map { String(decoding: $0, as: UTF8.self) }
            try take(words, into: &found, name: name)
        }
        var files: [ShardFile] = []
        for part in found { files.append(try part.file(name: name)) }
        return files
    }

    private static func take(
        _ words: [String], into found: inout [Part], name: String
    ) throws(ShardFileError) {
        if let part = Part(beginning: words) { return found.append(part) }
        let isEnd = words.first == "end"
        let owner = Array(isEnd ? words.dropFirst() : words.prefix(2))
        guard let place = found.lastIndex(where: { !$0.isOver && $0.owner == owner }) else {
            // Somebody else's, who writes of us; else the beginning is lost.
            let isShard = owner.count == 2 && owner[1].contains("/")
            if isShard, isEnd || words.count == 4 {
                throw .damaged(name: name, .brokenText(line: 0))
            }
            return
        }
        if isEnd { return found[place].isOver = true }
        try found[place].add(words, name: name)
    }
}

/// The lines of one shard, as far as they came.
private struct Part {
    /// Run, and shard.
    var owner: [String]
    var isOver = false
    private var lines: Int
    private var bytes: Int
    private var next = 0
    private var code: [UInt8] = []

    init?(beginning words: [String]) {
        guard words.count == 5, words[0] == "begin", let lines = Int(words[3]),
            let bytes = Int(words[4]), lines > 0, bytes > 0
        else { return nil }
        owner = Array(words[1...2])
        self.lines = lines
        self.bytes = bytes
    }

    mutating func add(_ words: [String], name: String) throws(ShardFileError) {
        guard words.count == 4, Int(words[2]) == next, next < lines else {
            throw .damaged(name: name, .brokenText(line: next))
        }
        code += words[3].utf8
        next += 1
    }

    func file(name: String) throws(ShardFileError) -> ShardFile {
        let name = "\(name), shard \(owner[1])"
        guard isOver || next == lines else { throw .damaged(name: name, .cutOff) }
        guard next == lines, let packed = try? Base64.bytes(of: code[...]),
            let whole = Deflate.expanded(packed, to: bytes)
        else { throw .damaged(name: name, .brokenText(line: next)) }
        let file = try ShardFile(whole, name: name)
        guard owner == [file.header.runID, "\(file.header.index)/\(file.header.count)"] else {
            throw .damaged(name: name, .impossibleHead)
        }
        return file
    }
}

/// zlib streams (RFC 1950) in one piece.
enum Deflate {
    /// No stream makes more of a byte.
    private static let mostRatio = 1040

    static func compressed(_ plain: [UInt8]) -> [UInt8] {
        var length = compressBound(uLong(plain.count))
        return [UInt8](unsafeUninitializedCapacity: Int(length)) { target, count in
            let code = compress2(
                target.baseAddress, &length, plain, uLong(plain.count), Z_BEST_COMPRESSION)
            precondition(code == Z_OK, "compressBound is enough, and zlib has memory for its state")
            count = Int(length)
        }
    }

    /// nil where the stream is not whole, or holds another number of bytes.
    static func expanded(_ packed: [UInt8], to size: Int) -> [UInt8]? {
        guard size > 0, size / mostRatio <= packed.count else { return nil }
        var length = uLong(size)
        var code = Z_OK
        let plain = [UInt8](unsafeUninitializedCapacity: size) { target, count in
            code = uncompress(target.baseAddress, &length, packed, uLong(packed.count))
            count = code == Z_OK ? Int(length) : 0
        }
        return code == Z_OK && plain.count == size ? plain : nil
    }
}
