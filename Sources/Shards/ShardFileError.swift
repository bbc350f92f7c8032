import Results

/// Why a shard's result could not be written or read.
package enum ShardFileError: Error, Sendable, Equatable {
    package enum Damage: Sendable, Equatable {
        /// Nothing of it looks like the result of a shard.
        case foreign
        /// A version of the format that this program does not know.
        case unknownFormat(String)
        /// It ends before its checksum.
        case cutOff
        /// Its checksum is another than that of what stands there.
        case wrongChecksum
        /// Its checksum is right, but the head is not what it should be.
        case impossibleHead
        /// Of a text: a line is missing or is not what was written.
        case brokenText(line: Int)
    }

    /// The system refused.
    case failed(ResultError)
    /// There is a result of this shard already; `kept` is where the new one is.
    case exists(path: String, kept: String)
    /// - Parameter name: of a file; `stdin`.
    case damaged(name: String, Damage)
}

extension ShardFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .failed(let error): error.description
        case .exists(let path, let kept):
            "\(path.printable) is there already, and a result is never replaced; this one is in "
                + kept.printable
        case .damaged(let name, let damage): "\(name.printable): \(damage.sentence)"
        }
    }
}

extension ShardFileError.Damage {
    fileprivate var sentence: String {
        switch self {
        case .foreign: "not the result of a shard: it does not begin like one"
        case .unknownFormat(let format):
            "format \(format.printable) is unknown here; this program reads \(ShardFile.format)"
        case .cutOff: "cut off: it ends before its checksum"
        case .wrongChecksum: "damaged: what stands there is not what its checksum is of"
        case .impossibleHead: "its head is not what the head of a shard's result should be"
        case .brokenText(let line):
            "damaged: line \(line) of the shard's text is missing or is not what was written"
        }
    }
}
