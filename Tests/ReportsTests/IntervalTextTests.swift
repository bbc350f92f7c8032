import Reports
import Testing

@testable import Results

@Suite struct IntervalTextTests {
    private func summary(_ intervals: [QuantileName: QuantileInterval]) -> Summary {
        var summary = Summary(record: Runs.normal, verdict: Runs.valid)
        summary.latency.responseTime.intervals = intervals
        return summary
    }

    private func interval(
        _ lower: UInt64?, _ upper: UInt64?, events: Double, seconds: Double? = nil
    ) -> QuantileInterval {
        QuantileInterval(
            lower: lower, upper: upper, isResolved: seconds == nil, tailEvents: events,
            secondsNeeded: seconds)
    }

    /// Bounds have the unit of the quantile above them; what is not resolved has none.
    @Test func boundsStandBelowTheirQuantiles() throws {
        let text = TextReport(
            summary([
                .p50: interval(53_900, 55_010, events: 400),
                .p90: interval(1_010_000, nil, events: 9),
                .p99: interval(990_000, 1_600_000, events: 1.7, seconds: 900),
                .p99_9: interval(nil, nil, events: 0.2, seconds: 9000),
            ]), folder: nil
        ).text()
        let lines = text.split(separator: "\n").map(String.init)
        let row = try #require(lines.firstIndex { $0.hasPrefix("response time") })
        #expect(lines[row].contains("54.4 ms") && lines[row].contains("1.05 s"))
        #expect(!lines[row].contains("1.47 s"))
        #expect(
            lines[row + 1].split(separator: " ").joined(separator: " ")
                == "95 % interval [53.9, 55.0] [1.01, ∞)")
        #expect(
            lines.contains(
                "– not resolved: fewer than 5 independent payments lie beyond; p99 takes about 15 min"
            ))
        #expect(lines.allSatisfy { $0.count <= 100 })
    }

    @Test func aRunThatIsTooShortForIntervalsHasNoRowForThem() {
        let text = TextReport(summary([:]), folder: nil).text()
        #expect(!text.contains("interval"))
    }
}
