import Foundation
import Testing

extension Sending {
    /// Some of the files that the scenario reader's tests refuse in-process, by the program itself.
    @Suite struct CorpusTests {
        private static let corpus = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "ScenariosTests/Corpus")

        /// What is said about each file, below its name.
        private func messages() throws -> [String: String] {
            let text = try String(
                contentsOf: Self.corpus.appending(path: "messages.txt"), encoding: .utf8)
            return text.split(separator: "== ").reduce(into: [:]) { messages, part in
                let name = part.prefix { $0 != "\n" }
                messages[String(name)] = String(part.dropFirst(name.count + 1))
            }
        }

        /// The corpus in a folder of its own, sent to this address where it says where to.
        private func copy(of corpus: URL, to folder: Folder, address: String) throws {
            for name in try FileManager.default.contentsOfDirectory(atPath: corpus.path()) {
                var data = try Data(contentsOf: corpus.appending(path: name))
                if let simulator = data.range(of: Data("base_url: simulator".utf8)) {
                    data.replaceSubrange(simulator, with: Data("base_url: \(address)".utf8))
                }
                try data.write(to: folder.url.appending(path: name))
            }
        }

        @Test func theProgramSaysTheSameAndSendsNothing() throws {
            let target = try Target()
            let folder = try Folder()
            try copy(of: Self.corpus, to: folder, address: target.address)
            let messages = try messages()
            let files = [
                "alias-bomb", "arrivals-backwards", "data-row-too-short", "duplicate-key",
                "latin-1", "nul", "rate-and-users", "tab-indentation", "utf-16-little-endian",
                "window-without-unit",
            ].map { $0 + ".yaml" }
            for file in files {
                let ended = try paybench(["run", file], in: folder)
                #expect(ended.status == 64, "\(file)")
                #expect(ended.output.isEmpty, "\(file)")
                #expect(ended.talk == messages[file], "\(file)")
            }
            #expect(folder.resultFolders.isEmpty)
            #expect(try target.ledger.requests == 0)
        }
    }
}
