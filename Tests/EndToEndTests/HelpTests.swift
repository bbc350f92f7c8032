import Foundation
import Testing

extension Keeping {
    /// `paybench help TOPIC`.
    @Suite struct HelpTests {
        private static let topics = ["scenario", "budgets", "outcomes", "exit-statuses"]

        private func help(_ words: String...) throws -> Command.Ended {
            try paybench(["help"] + words, in: try Folder())
        }

        /// The first cells of the rows of the table that has these columns, in `docs/TERMS.md`.
        private func terms(_ head: String) throws -> Set<String> {
            let file = Binary.package.appendingPathComponent("docs/TERMS.md")
            let text = try String(contentsOf: file, encoding: .utf8)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let table = lines.drop { $0 != head }.dropFirst(2).prefix { $0.hasPrefix("|") }
            return Set(
                table.flatMap { row in
                    row.split(separator: "|")[0].split(separator: ",").map {
                        $0.trimmingCharacters(in: CharacterSet(charactersIn: " `"))
                    }
                })
        }

        /// The first words of the lines that are two columns in.
        private func firstWords(_ text: String) -> [String] {
            text.split(separator: "\n").filter { $0.prefix { $0 == " " }.count == 2 }.compactMap {
                $0.split(separator: " ").first.map(String.init)
            }
        }

        @Test func everyTopicFitsATerminal() throws {
            for topic in Self.topics + ["topics"] {
                let ended = try help(topic)
                #expect(ended.status == 0 && ended.talk.isEmpty)
                #expect(ended.output.hasSuffix("\n") && !ended.output.hasSuffix("\n\n"))
                for line in ended.output.split(separator: "\n") {
                    #expect(line.count <= 80 && line.last != " ", "\(topic): \(line)")
                }
            }
        }

        @Test func theListNamesEveryTopicAndSoDoesTheHelpOfAll() throws {
            #expect(firstWords(try help("topics").output) == Self.topics)
            let all = try help()
            #expect(all.status == 0)
            for topic in Self.topics { #expect(all.output.contains(topic)) }
        }

        @Test func exitStatusesAreThoseOfTheTerms() throws {
            let ended = try help("exit-statuses")
            let terms = try terms("| status | meaning |")
            #expect(terms.count > 5)
            #expect(Set(firstWords(ended.output)) == terms)
            #expect(try help("exit", "statuses").output == ended.output)
        }

        @Test func outcomesAreThoseOfTheTerms() throws {
            let terms = try terms("| outcome | when |")
            #expect(terms.count == 8)
            #expect(Set(firstWords(try help("outcomes").output)) == terms)
        }

        /// The example of a text is what is two columns in, up to an empty line.
        private func example(_ text: String, from start: String) -> String {
            text.split(separator: "\n", omittingEmptySubsequences: false)
                .drop { !$0.hasPrefix("  " + start) }.prefix { $0.hasPrefix("  ") }
                .map { $0.dropFirst(2) + "\n" }.joined()
        }

        @Test func theExamplesAreValid() throws {
            let folder = try Folder()
            let whole = example(try help("scenario").output, from: "version:")
            let budgets = example(try help("budgets").output, from: "budgets:")
            #expect(budgets.split(separator: "\n").count == 6)
            let lines = whole.split(separator: "\n").filter { !$0.hasPrefix("budgets:") }
            let replaced =
                lines.joined(separator: "\n") + "\n"
                + budgets.split(separator: "\n").filter { !$0.contains("baseline") }
                .joined(separator: "\n") + "\n"
            for text in [whole, replaced] {
                let file = try folder.write(text, as: "example.yaml")
                let ended = try paybench(["validate", file], in: folder)
                #expect(ended.status == 0, "\(ended.talk)\n\(text)")
            }
        }

        @Test func commandsAreStillTold() throws {
            let ended = try help("run")
            #expect(ended.status == 0 && ended.output.contains("USAGE: paybench run"))
        }

        @Test func whatIsNoTopicIsRefused() throws {
            let ended = try help("scenarios")
            #expect(ended.status == 64 && ended.output.isEmpty)
            #expect(ended.talk.contains("did you mean \"scenario\"?"))
        }
    }
}
