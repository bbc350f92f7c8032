import FoundationEssentials
import Glibc

extension Summary {
    /// `summary.json`, keys sorted, ended by a line feed.
    ///
    /// Fails as `corrupt` where a number is not finite.
    package func json() throws(ResultError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        } catch {
            throw .corrupt(path: "summary.json", reason: "a number in it is not finite")
        }
    }

    /// Reads a stored summary back.
    ///
    /// - Parameter path: A result folder, or the summary in it.
    package static func read(_ path: String) throws(ResultError) -> Summary {
        let file = isFolder(path) ? "\(path)/summary.json" : path
        let data = Data(try readAll(file))
        let head: Head = try decode(data, from: file)
        guard head.format == currentFormat else {
            throw .unknownFormat(path: file, format: head.format)
        }
        let summary: Summary = try decode(data, from: file)
        let isKnownBroken = summary.verdict.causes.contains { $0.check == "accounting" }
        if !isKnownBroken, let law = summary.brokenLaw() {
            throw .corrupt(path: file, reason: law.description)
        }
        return summary
    }

    /// What every version has.
    private struct Head: Decodable {
        var format: String
    }

    private static func decode<Value: Decodable>(_ data: Data, from path: String)
        throws(ResultError) -> Value
    {
        do {
            return try JSONDecoder().decode(Value.self, from: data)
        } catch let error as DecodingError {
            throw .corrupt(path: path, reason: error.reason)
        } catch {
            throw .corrupt(path: path, reason: "not a summary of a run")
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }
}

extension DecodingError {
    /// What is wrong in the file, without the decoder's own words.
    fileprivate var reason: String {
        switch self {
        case .keyNotFound(let key, let context):
            "\(Self.place(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            Self.misfit(context)
        case .dataCorrupted(let context):
            context.codingPath.isEmpty ? "not JSON" : Self.misfit(context)
        @unknown default:
            "not a summary of a run"
        }
    }

    private static func misfit(_ context: Context) -> String {
        let place = place(context.codingPath)
        return place.isEmpty ? "not a summary of a run" : "\(place) is not what it should be"
    }

    private static func place(_ path: [any CodingKey]) -> String {
        path.reduce(into: "") { text, key in
            if let index = key.intValue {
                text += "[\(index)]"
            } else {
                text += text.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
    }
}
