import Arrivals
import Documents
import Scenarios
import Testing

@Suite struct RecordingTests {
    /// 0, 1, 2, 4 and 8 seconds.
    private static let file = "at,what\n10.0,a\n11.0,b\n12.0,c\n14.0,d\n18.0,e\n"

    private func folder() throws -> DataFolder {
        try DataFolder(["arrivals.csv": Self.file, "one.csv": "0\n1500\n", "bad.csv": "0\n2\n1\n"])
    }

    private func phase(_ arrivals: String, _ more: String = "") throws -> Scenario.Phase {
        let load = "[{ phase: replay, arrivals: { \(arrivals) }\(more) }]"
        return try folder().read(ScenarioText(load: load).text).get().phases[0]
    }

    @Test func recordedArrivalsAreCountedWhenTheyAreRead() throws {
        let phase = try phase("file: arrivals.csv, column: at")
        guard case .open(.recorded(let recording)) = phase.model else {
            Issue.record("not recorded")
            return
        }
        #expect(recording.arrivals.count == 5)
        #expect(recording.arrivals.unit == .seconds)
        #expect(recording.column == .named("at"))
        #expect(phase.schedule == .recorded(recording.arrivals))
        #expect(phase.plannedPayments == 5)
        #expect(phase.plannedDuration == .seconds(8))
    }

    @Test(arguments: [
        ("speed: 2x", "", 5, 4_000), ("speed: 0.5x", "", 5, 16_000),
        // 1, 2 and 4 seconds, of a window from 1 s to 8 s.
        ("window: { from: 1s, to: 8s }", "", 3, 7_000),
        ("window: { from: 3s }", "", 2, 5_000),
        ("speed: 1x", ", for: 2.5s", 3, 2_500), ("speed: 1x", ", payments: 2", 2, 2_000),
        ("speed: 1x", ", for: 20s", 5, 20_000), ("unit: seconds", "", 5, 8_000),
        ("unit: milliseconds", "", 5, 8),
    ])
    func aPhaseTakesAPartOfThem(
        option: String, more: String, payments: Double, milliseconds: Int
    ) throws {
        let phase = try phase("file: arrivals.csv, column: 1, \(option)", more)
        #expect(phase.plannedPayments == payments)
        #expect(phase.plannedDuration == .milliseconds(milliseconds))
    }

    @Test func theyCountAgainstTheLimits() throws {
        let load = "[{ phase: replay, arrivals: { file: arrivals.csv, column: at }, repeat: 3 }]"
        let said = try folder().complaints(ScenarioText(load: load, limits: "{ payments: 14 }"))
        #expect(said == ["file:5:7: the phases plan 15 payments; limits.payments allows 14"])
    }

    @Test func theEffectiveTextReadsBack() throws {
        let folder = try folder()
        let load =
            "[{ phase: a, arrivals: { file: arrivals.csv, column: at, speed: 2.5x, "
            + "window: { from: 1s, to: 5s } }, for: 3s, measure: false }, "
            + "{ phase: b, arrivals: { file: '${env:NONE:-one}.csv', unit: milliseconds } }, "
            + "{ phase: c, arrivals: { file: arrivals.csv, column: 1 }, payments: 2 }]"
        let scenario = try folder.read(ScenarioText(load: load).text).get()
        var again = try folder.read(scenario.effectiveText).get()
        again.sha256 = scenario.sha256
        #expect(again == scenario)
    }

    @Test(arguments: [
        (
            "{}", "file:5:35: key \"file\" is missing; it is required here"
        ),
        (
            "{ file: none.csv }",
            "file:5:43: file \"none.csv\" cannot be read: No such file or directory; a readable "
                + "file is allowed, relative to the scenario's folder"
        ),
        (
            "{ file: arrivals.csv }",
            "arrivals.csv:1:1: there are 2 columns, 'at', 'what'; say which holds the timestamps"
        ),
        (
            "{ file: arrivals.csv, column: att }",
            "arrivals.csv:1:1: there is no column 'att'; expected one of 'at', 'what', or 1 to 2"
        ),
        (
            "{ file: arrivals.csv, column: 3 }",
            "arrivals.csv:1:1: the row ends before column 3; expected a timestamp there"
        ),
        (
            "{ file: arrivals.csv, column: 0 }",
            "file:5:65: 0 is out of range; allowed: a whole number, 1 to 10000"
        ),
        (
            "{ file: arrivals.csv, column: at, unit: minutes }",
            "file:5:75: \"minutes\"; allowed: seconds, milliseconds, rfc3339"
        ),
        (
            "{ file: bad.csv }",
            "bad.csv:3:1: '1' is 1.0 s before the row above it; expected rows in the order of time "
                + "(equal times are fine)"
        ),
        (
            "{ file: one.csv, speed: 2 }",
            "file:5:59: \"2\"; allowed: a speed such as 2x or 0.5x"
        ),
        (
            "{ file: one.csv, speed: 5000x }",
            "file:5:59: 5000x is out of range; allowed: 0.001x to 1000x"
        ),
        (
            "{ file: one.csv, window: { from: 2s, to: 1s } }",
            "file:5:76: from 2s to 1s; allowed: to above from"
        ),
        (
            "{ file: one.csv, window: { from: 5 } }",
            "file:5:68: 5 has no unit; allowed: a duration such as 500us, 20ms, 1.4s, 5m or 1h; "
                + "did you mean \"5s\"?"
        ),
        (
            "{ file: one.csv, unit: milliseconds, window: { from: 2s } }",
            "file:5:43: file \"one.csv\": no arrival lies in the window; the file records 1.5 s"
        ),
        (
            "{ fiel: one.csv }",
            "file:5:37: unknown key \"fiel\"; allowed here: file, column, unit, speed, window; "
                + "did you mean \"file\"?"
        ),
    ])
    func otherRecordingsAreRefused(arrivals: String, sentence: String) throws {
        let load = "[{ phase: replay, arrivals: \(arrivals) }]"
        let said = try folder().complaints(ScenarioText(load: load))
        #expect(said.contains(sentence), "\(said)")
        #expect(said.count == (arrivals.contains("fiel") ? 2 : 1))
    }

    @Test func arrivalsFromAFileStandAlone() throws {
        for other in ["rate: 1/s", "users: 5"] {
            let load = "[{ phase: a, arrivals: { file: one.csv }, \(other), for: 1s }]"
            let key = other.prefix { $0 != ":" }
            #expect(
                try folder().complaints(ScenarioText(load: load)).map { $0.dropFirst(11) } == [
                    "\(key) and arrivals in one phase; rate (open model), users (closed model) or "
                        + "arrivals from a file is allowed"
                ])
        }
    }
}
