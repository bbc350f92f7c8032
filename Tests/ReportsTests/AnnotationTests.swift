import Reports
import Results
import Testing

@Suite struct AnnotationTests {
    /// A command as GitHub's runner takes it apart, unescaped.
    private struct Command: Equatable {
        var level: String
        var title: String
        var message: String

        init?(_ line: Substring) {
            let parts = line.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, parts[0].isEmpty else { return nil }
            let head = parts[1].split(separator: " title=", maxSplits: 1)
            guard head.count == 2 else { return nil }
            level = String(head[0])
            title = Self.unescaped(
                head[1], ["%3A": ":", "%2C": ",", "%0D": "\r", "%0A": "\n", "%25": "%"])
            message = Self.unescaped(parts[2], ["%0D": "\r", "%0A": "\n", "%25": "%"])
        }

        private static func unescaped(_ text: Substring, _ codes: [String: String]) -> String {
            var rest = text
            var unescaped = ""
            while let next = rest.first {
                let code = String(rest.prefix(3))
                unescaped += codes[code] ?? String(next)
                rest = rest.dropFirst(codes[code] == nil ? 1 : 3)
            }
            return unescaped
        }
    }

    private func commands(_ summary: Summary) -> [Command?] {
        GitHubAnnotations(summary).text.split(separator: "\n").map(Command.init)
    }

    @Test func aFailureIsAnErrorAndADoubtWhatTheBudgetSays() throws {
        let commands = commands(Summaries.budgeted).compactMap(\.self)
        #expect(commands.map(\.level) == ["error", "error", "warning", "warning", "notice"])
        #expect(commands[0].title == "Budget failed: \(try budget(1).budget)")
        #expect(commands[0].message == (try budget(1).reason))
        #expect(commands[1].title == "Budget inconclusive: \(try budget(3).budget)")
        #expect(commands[3].title == "Budget inconclusive: \(try budget(2).budget)")
    }

    private func budget(_ index: Int) throws -> BudgetResult {
        try #require(Summaries.budgeted.budgets)[index]
    }

    @Test func moreThanGitHubShowsAreCounted() {
        let commands = commands(Summaries.hostile).compactMap(\.self)
        // 40 budgets: 13 fail and 13 are inconclusive, all of them errors.
        let errors = commands.filter { $0.level == "error" }
        let failing = (Summaries.hostile.budgets ?? []).count { $0.verdict != .pass }
        #expect(errors.count == 10)
        #expect(errors.last?.title == "paybench: \(failing - 9) more")
        #expect(commands.count { $0.level == "warning" } <= 10)
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func noTextBecomesACommandOfItsOwn(seed: UInt64) throws {
        let summary = Summaries.random(seed: seed)
        let commands = commands(summary)
        #expect(commands.count == 5)
        let budgets = try #require(summary.budgets)
        let failed = try #require(commands[0])
        #expect(failed.title == "Budget failed: \(budgets[1].budget)".printable)
        let reason = budgets[1].reason.printable
        #expect(failed.message == reason)
    }
}
