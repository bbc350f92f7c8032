/// One YAML file, or the same tree as JSON, as nodes that know their places.
///
/// Aliases are allowed for whole values and are expanded; tags, merge keys, collections as keys and
/// several documents are refused. Bounded in time and memory, whatever the bytes are: the parser
/// hashes each key with all that is in it, hence limits far above any real file and no higher.
package struct Document: Sendable {
    /// Larger files are refused unread.
    package static let largestSize = 256 << 10
    package static let mostLines = 20_000
    /// With every alias expanded.
    package static let mostNodes = 100_000
    package static let deepestLevel = 64

    /// The file's name, as complaints begin.
    package let name: String
    package let root: Node

    /// Reads a document, or throws every complaint about its syntax and its keys' uniqueness.
    package static func read(bytes: [UInt8], name: String) throws(DocumentError) -> Document {
        let complaints = Complaints(file: name)
        let document = read(bytes: bytes, complaints: complaints)
        try complaints.check()
        guard let document else {
            throw DocumentError(file: name, place: .start, FileProblem.empty)
        }
        return document
    }

    /// As much of a document as can be read, the rest as complaints; nil when there is no tree.
    /// For readers that go on, so that one attempt shows every mistake.
    package static func read(bytes: [UInt8], complaints: Complaints) -> Document? {
        guard let text = SourceText(bytes: bytes, complaints: complaints),
            let root = compose(text, complaints: complaints)
        else { return nil }
        return Document(name: complaints.file, root: root)
    }
}
