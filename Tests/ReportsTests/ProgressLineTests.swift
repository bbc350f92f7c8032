import Reports
import Testing

@Suite struct ProgressLineTests {
    static let snapshot = ProgressLine.Snapshot(
        elapsedSeconds: 12.9, totalSeconds: 35, phase: "steady", started: 5983,
        inFlight: 41, accepted: 5900, declined: 40, other: 2, p50: 48_200, p99: 352_000)

    @Test func aLineTellsTheWholeRun() {
        #expect(
            ProgressLine(Self.snapshot).text
                == "12/35 s steady  5,983 sent 41 open  5,900 ok 40 declined 2 other  "
                + "p50 48.2 ms p99 352 ms")
    }

    @Test func withoutAnEndOrALatencyItSaysSo() {
        var snapshot = Self.snapshot
        snapshot.totalSeconds = nil
        snapshot.p50 = nil
        snapshot.p99 = nil
        #expect(
            ProgressLine(snapshot).text
                == "12 s steady  5,983 sent 41 open  5,900 ok 40 declined 2 other  p50 – p99 –")
    }

    @Test func aLongPhaseGivesWayAndAHostileOneIsHarmless() {
        var snapshot = Self.snapshot
        snapshot.phase = "\u{1b}[2J" + String(repeating: "long", count: 50)
        let text = ProgressLine(snapshot).text
        #expect(text.count == 100)
        #expect(text.hasPrefix("12/35 s \\u{1b}[2J"))
        #expect(text.hasSuffix("p99 352 ms"))
    }

    @Test func millionsFit() {
        var snapshot = Self.snapshot
        snapshot.elapsedSeconds = 86_399
        snapshot.totalSeconds = 86_400
        snapshot.started = 123_456_789
        snapshot.inFlight = 10_000
        snapshot.accepted = 122_000_000
        snapshot.declined = 1_400_000
        snapshot.other = 99_900
        #expect(
            ProgressLine(snapshot).text
                == "1439/1440 min ste…  123M sent 10.0k open  122M ok 1.40M declined 99.9k other  "
                + "p50 48.2 ms p99 352 ms")
        #expect(ProgressLine(snapshot).text.count <= 100)
    }
}
