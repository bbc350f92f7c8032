import Glibc
import Results
import Shards

/// The results of shards as a command line names them: files, folders, captured output.
struct MergeInput {
    private(set) var found: [ShardSet.Found] = []
    /// What was named and has no result of a shard.
    private(set) var without: [String] = []

    private static let stdin = "-"

    init(_ paths: [String]) throws(ShardFileError) {
        for path in paths { try add(path) }
    }

    private mutating func add(_ path: String) throws(ShardFileError) {
        let folder = ResultFolder(path: path)
        let before = found.count
        if path == Self.stdin {
            try addText(try Self.bytes("/dev/stdin"), name: "stdin")
        } else if folder.isFolder {
            for name in folder.files.sorted() where ShardFile.isName(name) {
                let file = "\(path)/\(name)"
                found.append(ShardSet.Found(name: file, file: try ShardFile.read(file)))
            }
        } else {
            try addFile(path)
        }
        if found.count == before { without.append(path == Self.stdin ? "stdin" : path) }
    }

    /// By its name, or as it begins, it is one shard's; else it is what was printed.
    private mutating func addFile(_ path: String) throws(ShardFileError) {
        let bytes = try Self.bytes(path)
        let name = path.split(separator: "/").last.map(String.init) ?? path
        if ShardFile.isName(name) || ShardFile.isBeginning(of: bytes) {
            found.append(
                ShardSet.Found(name: path, file: try ShardFile(bytes, name: path)))
        } else {
            try addText(bytes, name: path)
        }
    }

    private mutating func addText(_ bytes: [UInt8], name: String) throws(ShardFileError) {
        for file in try ShardText.files(in: bytes, name: name) {
            let header = file.header
            found.append(
                ShardSet.Found(
                    name: "\(name), shard \(header.index)/\(header.count)", file: file))
        }
    }

    private static func bytes(_ path: String) throws(ShardFileError) -> [UInt8] {
        do throws(ResultError) { return try readAll(path) } catch { throw .failed(error) }
    }
}
