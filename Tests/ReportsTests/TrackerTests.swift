import Foundation
import Reports
import Results
import Testing

/// What trackers of figures are given, read by Foundation's decoder.
@Suite struct TrackerTests {
    private struct Entry: Decodable {
        var name: String
        var unit: String
        var value: Double
        var range: String?
    }

    private struct Metric: Decodable, Equatable {
        var value: Double
        var lower: Double?
        var upper: Double?

        enum CodingKeys: String, CodingKey {
            case value
            case lower = "lower_value"
            case upper = "upper_value"
        }
    }

    private func entries(_ summary: Summary, _ better: BenchmarkActionJSON.Better) throws -> [Entry]
    {
        try JSONDecoder().decode(
            [Entry].self, from: Data(try BenchmarkActionJSON(summary, better).json().utf8))
    }

    private func benchmarks(_ summary: Summary) throws -> [String: [String: Metric]] {
        try JSONDecoder().decode(
            [String: [String: Metric]].self, from: Data(try BencherJSON(summary).json().utf8))
    }

    @Test func figuresAreThoseOfTheSummary() throws {
        let summary = Summaries.kept
        let entries = try entries(summary, .smaller)
        let p50 = try #require(summary.latency.responseTime.p50)
        let entry = try #require(entries.first { $0.name.hasSuffix(": response_time.p50") })
        #expect(entry.unit == "ms")
        #expect(entry.value == Double(p50) * 0.001)
        #expect(entries.count == Set(entries.map(\.name)).count)
    }

    @Test func figuresOfBudgetsComeWithTheirIntervals() throws {
        let metrics = try #require(try benchmarks(Summaries.kept)["make-payment"])
        #expect(
            metrics["response_time.p99_us"]
                == Metric(value: 1_470_000, lower: 1_460_000, upper: 1_480_000))
        let entry = try #require(
            try entries(Summaries.kept, .smaller).first { $0.name.hasSuffix("response_time.p99") })
        #expect(entry.range == "1460.000 … 1480.000")
    }

    @Test func aFigureOfOnePaymentIsABenchmarkOfItsOwn() throws {
        let benchmarks = try benchmarks(Summaries.budgeted)
        #expect(
            benchmarks["make-payment{payment=card}"]?["response_time.p95_us"]
                == Metric(value: 59_000, lower: 58_000, upper: 60_000))
    }

    @Test func ratesAreApartSinceMoreIsBetter() throws {
        #expect(
            try entries(Summaries.kept, .bigger).map(\.name) == ["make-payment: rate.completed"])
        #expect(try entries(Summaries.kept, .smaller).allSatisfy { $0.unit != "1/s" })
    }

    @Test func whatCanNotBeComparedIsNotTracked() throws {
        var stopped = Summaries.kept
        stopped.ending = .interrupted(.interrupt)
        for summary in [Summaries.invalid, stopped] {
            #expect(try entries(summary, .smaller).isEmpty)
            #expect(try entries(summary, .bigger).isEmpty)
            #expect(try benchmarks(summary).isEmpty)
            let metrics = GitLabMetrics(summary).text
            #expect(metrics.contains("paybench_measurement_usable 0\n"))
            #expect(!metrics.contains("seconds"))
        }
    }

    @Test(arguments: 1...100 as ClosedRange<UInt64>)
    func anyTextStaysJSONAndOneLineOfMetrics(seed: UInt64) throws {
        let summary = Summaries.random(seed: seed)
        #expect(try !entries(summary, .smaller).isEmpty)
        #expect(try !benchmarks(summary).isEmpty)
        let lines = GitLabMetrics(summary).text.split(separator: "\n")
        #expect(lines.allSatisfy { $0.hasPrefix("# ") || $0.hasPrefix("paybench_") })
        // GitLab takes the rest of a line behind a # for a comment.
        #expect(lines.allSatisfy { $0.hasPrefix("# ") || !$0.contains("#") })
    }
}
