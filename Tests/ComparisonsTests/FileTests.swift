import Foundation
import Metrics
import Payments
import Reports
import Results
import Testing

@testable import Comparisons

/// What a comparison is told in.
@Suite struct FileTests {
    private static func comparison() throws -> Comparisons.Comparison {
        var duel = SyntheticDuel(
            seed: 3, .blocks, seconds: 240,
            [Conduct(declined: 0.02), Conduct(median: 26_000), Conduct(failing: 0.9)])
        let settings = ComparisonSettings(
            metrics: [.time(.responseTime, .percentile(50)), .errors(.rate), .rate(.completed)])
        let book = try duel.book(settings)
        let judge = try #require(ComparisonJudge(book.material, book.settings))
        var origin = Comparisons.Comparison.Origin(try summary(duel.start))
        origin.take(duel.start, spans: [PhaseRecord.Span(start: 0.2, end: 240)])
        return Comparisons.Comparison(judge, origin)
    }

    private static func summary(_ start: RunStart) throws -> Summary {
        let end = RunEnd(
            ending: .completed, wallSeconds: 240,
            generator: GeneratorRecord(
                workers: 1, cores: 1, cpuSeconds: 1, busiestWorker: 0.1, peakRSSBytes: 1,
                connectionsOpened: 1))
        let verdict = Verdict(validity: .valid, causes: [])
        return Summary(record: RecordBuilder(start).record(end), verdict: verdict)
    }

    @Test func theFileReadsBack() throws {
        let comparison = try Self.comparison()
        let json = try comparison.json()
        #expect(json.contains("\"format\" : \"paybench-comparison/1\""))
        let read = try JSONDecoder().decode(Comparisons.Comparison.self, from: Data(json.utf8))
        #expect(read == comparison)
        #expect(read.judgedBy?.metrics.map(\.name) == comparison.settings.metrics)
    }

    /// 240 s of rounds of three blocks of 2 s, each a permutation.
    @Test func theOrderIsInTheResult() throws {
        let order = try #require(try Self.comparison().settings.order)
        #expect(order.count == 40)
        #expect(order.allSatisfy { $0.sorted() == ["arm0", "arm1", "arm2"] })
        #expect(Set(order).count > 1)
    }

    @Test func theTableHasARowForEachVerdict() throws {
        let comparison = try Self.comparison()
        let lines = comparison.csv.split(separator: "\n")
        #expect(lines.count == 1 + 2 * 3)
        let columns = lines[0].split(separator: ",").count
        #expect(columns == 23)
        #expect(lines[1].hasPrefix("arm1,arm0,response_time.p50,us,"))
    }

    @Test func theTextFitsAndSaysIt() throws {
        let comparison = try Self.comparison()
        let text = ComparisonReport(comparison, folder: "results/x").text()
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(text)")
        #expect(text.contains("arm1 is worse than arm0 in response_time.p50: at least "))
        #expect(text.contains("in blocks, 40 slices of 6 s, against arm0"))
        #expect(text.contains("of the payments to arm2 failed: these"))
        let markdown = ComparisonMarkdown(comparison).text
        #expect(markdown.contains("| `arm1` | 26"))
    }
}
