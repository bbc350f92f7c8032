import Capacity
import Reports
import Testing

@Suite struct CapacityTextTests {
    /// A target that carries 100 a second; above it, one payment in five is too late.
    private static var search: CapacitySearch {
        var settings = CapacitySettings(
            promises: Promises(
                latencies: [.init(quantile: 0.99, limitSeconds: 0.25)], errors: 0.01),
            from: 40, to: 1000)
        settings.expected = 120
        settings.budget = 60
        var search = CapacitySearch(settings)
        for _ in 0..<200 {
            switch search.next() {
            case .probe(let probe): search.took(result(of: probe))
            case .drain: search.drained(seconds: 1, isEmpty: true)
            case .done: return search
            }
        }
        return search
    }

    private static func result(of probe: Probe) -> ProbeResult {
        let due = Int(probe.rate * probe.sliceSeconds)
        let late = probe.rate > 100 ? due / 5 : due / 1000
        var result = ProbeResult(
            slices: (0..<probe.slices).map { _ in
                .init(scheduled: due, exceeding: [late], failed: 0)
            }, seconds: probe.settle + probe.measure, inFlight: [], achievedPerSecond: probe.rate,
            completedPerSecond: probe.rate)
        result.causes.latency = late * probe.slices
        result.times.meanMicroseconds = 20_000
        result.times.p50Microseconds = 18_000
        result.times.p99Microseconds = probe.rate > 100 ? 900_000 : 90_000
        return result
    }

    @Test func theTextHasTheAnswerEveryStepAndAChart() throws {
        let answer = Self.search.answer
        let text = CapacityText(answer, name: "shop", target: "http://h/p", folder: "results/x")
            .text()
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines { #expect(line.count <= 100, "\(line)") }
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains(answer.sentence))
        #expect(words.contains("gave way latency first"))
        #expect(words.contains("short of the 120/s that are expected"))
        let rows = lines.filter { line in
            ["bracket", "bisect", "refine", "recheck", "proof"].contains { line.hasPrefix($0) }
        }
        #expect(rows.count == answer.steps.count)
        let chart = lines.filter { $0.contains("│") }
        #expect(chart.count == 10)
        // The fast half of the rates is at the top: 900 ms, broken; the slow half below: 90 ms, kept.
        #expect(try #require(chart.first).contains("900 ms │"))
        #expect(try #require(chart.first).contains("×"))
        #expect(try #require(chart.last).contains("90.0 ms │●"))
        #expect(text.hasSuffix("results in results/x\n"))
    }

    @Test func thePictureHasADotForEachStepTwice() throws {
        let answer = Self.search.answer
        let svg = try #require(CapacityPicture(answer, name: "a < b").svg)
        // p99 and the share that missed, and the share that failed.
        #expect(svg.split(separator: "<circle").count - 1 == 3 * answer.steps.count)
        #expect(svg.contains("a &lt; b: proven"))
        #expect(!svg.contains("a < b"))
    }

    @Test func aSearchThatKnowsNothingIsOneSentence() {
        let search = CapacitySearch(
            CapacitySettings(promises: Promises(latencies: [], errors: 0.1), from: 1, to: 2))
        let text = CapacityText(
            search.answer, name: "shop", target: "t", folder: nil, stopped: "interrupted"
        ).text()
        #expect(text.contains("Stopped: interrupted"))
        #expect(!text.contains("│"))
    }

    @Test func progressTellsTheBracketAndTheTimeLeft() {
        var search = CapacitySearch(Self.search.settings)
        var lines: [String] = []
        while lines.count < 8 {
            switch search.next() {
            case .probe(let probe):
                lines.append(CapacityTalk.begin(probe, of: search))
                search.took(Self.result(of: probe))
                lines.append(search.answer.steps.last.map(CapacityTalk.end) ?? "")
            case .drain: search.drained(seconds: 1, isEmpty: true)
            case .done: return
            }
        }
        // 40, 56, 78.4, 109.8: the fourth breaks.
        #expect(lines[0].hasPrefix("step 1  40/s for 1 s + 4 s (bracket); about "))
        #expect(lines[0].hasSuffix(" left"))
        #expect(lines[1] == "        kept: 0 % too late or failed, 0 % failed, p99 90.0 ms")
        #expect(lines[6].contains("holds 78.4/s"))
        #expect(lines[7].hasPrefix("        broken: "))
    }
}
