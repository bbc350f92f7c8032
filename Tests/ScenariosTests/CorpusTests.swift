import Documents
import Foundation
import Scenarios
import Testing

/// More than a hundred files that are no scenarios, each with one fault. What is said about each of
/// them is in `Corpus/messages.txt`, below its name.
@Suite struct CorpusTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "Corpus")

    private static let files: [String] =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? [])
        .filter { $0.hasSuffix(".yaml") }.sorted()

    /// By file.
    private static let messages: [String: String] = {
        let text = try? String(contentsOf: folder.appending(path: "messages.txt"), encoding: .utf8)
        return (text ?? "").split(separator: "== ").reduce(into: [:]) { messages, part in
            let lines = part.split(separator: "\n")
            messages[String(lines[0])] = lines.dropFirst().joined(separator: "\n")
        }
    }()

    private func complaints(_ bytes: [UInt8], name: String) -> [Complaint] {
        do throws(DocumentError) {
            _ = try ScenarioReader.read(
                bytes: bytes, name: name, directory: Self.folder.path(),
                environment: ["TOKEN": "t0k"], libcurl: "7.88.1")
            return []
        } catch { return error.complaints }
    }

    private func complaints(file: String) throws -> [Complaint] {
        let data = try Data(contentsOf: Self.folder.appending(path: file))
        return complaints(Array(data), name: file)
    }

    @Test func eachFileHasItsMessage() {
        #expect(Self.files.count == 137)
        #expect(Self.files == Self.messages.keys.sorted())
    }

    @Test(arguments: files)
    func eachFileIsRefusedInGoodWords(file: String) throws {
        let said = try complaints(file: file).map(\.description).joined(separator: "\n")
        #expect(said == Self.messages[file])
    }

    @Test(arguments: files)
    func eachComplaintSaysWhereAndWhatIsRight(file: String) throws {
        let complaints = try complaints(file: file)
        #expect(complaints.count == 1)
        for complaint in complaints {
            let place = try #require(complaint.place)
            #expect(place.line >= 1 && place.column >= 1)
            let sentence = complaint.problem.sentence
            #expect(sentence.contains("; ") || sentence.contains("allowed"), "\(sentence)")
        }
    }

    @Test func tenMegabytesAreRefusedUnread() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        let line = "# ten megabytes of this\n"
        try Data(String(repeating: line, count: 10_000_000 / line.count + 1).utf8).write(to: file)
        #expect(throws: DocumentError.self) {
            do throws(DocumentError) {
                _ = try ScenarioReader.read(path: file.path(), environment: [:])
            } catch {
                #expect(
                    error.description
                        == "\(file.path()):1:1: the file is too large; at most 262144 bytes are "
                        + "allowed")
                throw error
            }
        }
    }

    @Test func aFileOfTooManyLinesIsRefused() {
        let bytes = [UInt8](repeating: 0x0A, count: 20_001)
        #expect(
            complaints(bytes, name: "long.yaml").map(\.description) == [
                "long.yaml:20001:1: too many lines; at most 20000 are allowed"
            ])
    }
}
