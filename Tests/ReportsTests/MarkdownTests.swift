import Reports
import Results
import Testing

@Suite struct MarkdownTests {
    /// The cells of a row: GitHub splits at every bar that no backslash precedes, in code too.
    private func cells(_ row: Substring) -> Int {
        var count = -1
        var isEscaped = false
        for character in row {
            if character == "|", !isEscaped { count += 1 }
            isEscaped = character == "\\" && !isEscaped
        }
        return count
    }

    /// Runs of lines that begin with a bar.
    private func tables(_ text: String) -> [[Substring]] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .split { !$0.hasPrefix("|") }.map(Array.init)
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func everyRowOfATableHasItsCells(seed: UInt64) {
        for table in tables(MarkdownReport(Summaries.random(seed: seed)).text) {
            let counts = Set(table.map(cells))
            #expect(counts.count == 1, "\(table.joined(separator: "\n"))")
        }
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func noTagIsInItButOurs(seed: UInt64) {
        let ours = ["!--", "details>", "summary>", "code>", "sub>", "/"]
        for line in MarkdownReport(Summaries.random(seed: seed)).text.utf8.split(separator: 10) {
            var isCode = false
            for (index, byte) in zip(line.indices, line) {
                if byte == UInt8(ascii: "`") { isCode.toggle() }
                // In a code span nothing is a tag.
                guard byte == UInt8(ascii: "<"), !isCode else { continue }
                let rest = line[line.index(after: index)...]
                #expect(ours.contains { rest.starts(with: $0.utf8) }, "\(Substring(line))")
            }
        }
    }

    @Test func theWorstCommentFitsWhereGitHubTakesIt() {
        #expect(MarkdownReport(Summaries.hostile).text.unicodeScalars.count < 65_536)
    }

    @Test func whatWasNotKeptComesFirst() throws {
        let text = MarkdownReport(Summaries.budgeted).text
        let table = try #require(tables(text).first)
        let verdicts = ["fail", "inconclusive", "inconclusive", "pass"]
        #expect(zip(table.dropFirst(2), verdicts).allSatisfy { $0.contains($1) })
        #expect(table.count == 6)
    }

    @Test(arguments: [
        ("budgeted", "### ❌", "1 of 4 budgets failed, 2 inconclusive, measurement suspect"),
        ("kept", "### ✅", "1 budget kept"), ("invalid", "### ❌", "measurement invalid"),
        ("nothing", "### ✅", "no budgets"),
    ])
    func theHeadSaysIt(name: String, mark: String, words: String) throws {
        let lines = MarkdownReport(Summaries.named(name)).text.split(separator: "\n")
        #expect(lines[0] == "<!-- paybench: make_payment -->")
        #expect(lines[1] == "\(mark) paybench `make-payment`: \(words)")
    }
}
