import Foundation
import Reports
import Results
import Testing

@Suite struct HistoryTextTests {
    private static let seeds: ClosedRange<UInt64> = 1...25

    /// 12 runs at 50 ms and 12 at 60 ms, 1 % of noise: from 49.5 to 60.6 ms in eight blocks of 1.39 ms
    /// (the first and the last are half as high), so that 50.5 ms is one higher than 50. The mark stands below the thirteenth block.
    @Test func theMarkStandsBelowTheRunWithWhichTheLevelChanged() throws {
        let runs =
            Histories.stepped + [Histories.run(30) { $0.verdict = Runs.invalid }]
        let text = HistoryText(try History(runs)).text()
        #expect(text == Self.golden)
        let lines = text.split(separator: "\n").map(Array.init)
        let blocks = try #require(lines.firstIndex { $0.contains("█") })
        let mark = try #require(lines[blocks + 1].firstIndex(of: "▲"))
        #expect(mark == 2 + 12)
        let top = lines[blocks].dropFirst(mark)
        #expect(top.allSatisfy { "▇█".contains($0) })
    }

    private static let golden = """
        make-payment
        runs       24, from 2026-08-01 12:01:02 UTC to 2026-08-24 12:01:02 UTC
        left out   1 of 25 runs: 1 invalid

        metric             runs   median     last       its interval
        response_time.p95    24  55.0 ms  59.4 ms  58.2 ms … 60.6 ms

        response_time.p95
          ▁▂▁▁▂▁▁▂▁▁▂▁██▇██▇██▇██▇
                      ▲ +20 % at 2026-08-13 12:01:02 UTC, run run-12

        """

    @Test(arguments: seeds)
    func whateverIsInItItKeepsToItsWidthAndToItsLines(seed: UInt64) throws {
        let history = try Self.random(seed: seed)
        let text = HistoryText(history).text()
        for line in text.split(separator: "\n") {
            #expect(line.count <= 100, "seed \(seed): \(line)")
        }
        let acting = text.unicodeScalars.filter {
            $0 != "\n" && $0.properties.generalCategory == .control
        }
        #expect(acting.isEmpty, "seed \(seed): \(acting.map(\.value))")
    }

    @Test(arguments: seeds)
    func theTableHasARowForEachRunAndMetric(seed: UInt64) throws {
        let history = try Self.random(seed: seed)
        #expect(try !history.json().isEmpty)
        let cells = history.scenarios.flatMap(\.trends).flatMap(\.figures).compactMap(\.self)
        let lines = history.csv.utf8.split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 1 + cells.count)
        let commas = lines.map { line in line.count { $0 == UInt8(ascii: ",") } }
        for (line, count) in zip(lines, commas) where !line.contains(UInt8(ascii: "\"")) {
            #expect(count == commas[0], "seed \(seed)")
        }
    }

    @Test func theTableTellsValueRatioAndChange() throws {
        let runs = Histories.runs(Histories.flat(50_000, 12) + Histories.flat(60_000, 11))
        let last = Histories.run(40, [Histories.budget(60_000, ratio: 1.25)])
        let lines = try History(runs + [last]).csv.split(separator: "\n").map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let rows = lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
        #expect(rows.count == 24)
        #expect(rows.filter { $0["change"] != "" }.map { $0["run_id"] } == ["run-12"])
        #expect(rows[23]["ratio"] == "1.25")
        #expect(rows[23]["ratio_upper"] == "1.27")
        #expect(rows[22]["ratio"] == "")
        #expect(rows[0]["value"] == "50000")
        #expect(rows[0]["lower"] == "49000")
        #expect(rows[0]["started_at"] == "2026-08-01T12:01:02.000345Z")
        #expect(rows[0]["environment"] == "0a1b2c3d4e5f")
        #expect(rows[0]["validity"] == "valid")
    }

    @Test func jsonTellsTheSame() throws {
        let json = try History(Histories.stepped, skipped: ["x: not JSON"]).json()
        let document = try JSONDecoder().decode(Document.self, from: Data(json.utf8))
        #expect(document.format == "paybench-history/1")
        #expect(document.skipped == ["x: not JSON"])
        let scenario = try #require(document.scenarios.first)
        #expect(scenario.runs.count == 24)
        #expect(scenario.runs[12].figures["response_time.p95"]?.value == 60_000)
        let metric = try #require(scenario.metrics.first)
        #expect(metric.changes.map(\.run_id) == ["run-12"])
        #expect(metric.searched && metric.basis == "value")
    }

    private struct Document: Decodable {
        struct Figure: Decodable { var value: Double }
        struct Run: Decodable { var figures: [String: Figure] }
        struct Change: Decodable { var run_id: String }
        struct Metric: Decodable {
            var basis: String
            var searched: Bool
            var changes: [Change]
        }
        struct Scenario: Decodable {
            var runs: [Run]
            var metrics: [Metric]
        }

        var format: String
        var skipped: [String]
        var scenarios: [Scenario]
    }

    /// Any texts, and numbers of any size.
    static func random(seed: UInt64) throws -> History {
        var generator = SeededGenerator(seed: seed)
        let names = (0..<2).map { _ in generator.text() }
        let metrics = (0..<3).map { _ in generator.text() }
        let count = Int.random(in: 1...70, using: &generator)
        let runs = (0..<count).map { day in
            let budgets = metrics.map { metric in
                let size = pow(10, Double.random(in: -300...300, using: &generator))
                let isUsual = Bool.random(using: &generator)
                return Histories.budget(
                    isUsual ? Double(day) : size, of: metric,
                    unit: BudgetResult.Unit.allCases.randomElement(using: &generator) ?? .count,
                    ratio: Bool.random(using: &generator) ? 1.1 : size)
            }
            let text = generator.text()
            let name = names[Int.random(in: 0...1, using: &generator)]
            return Histories.run(day, budgets, name: name, environment: text) {
                $0.runID = text + "\(day)"
                if day.isMultiple(of: 7) { $0.startedAt = text }
            }
        }
        return try History(runs)
    }
}
