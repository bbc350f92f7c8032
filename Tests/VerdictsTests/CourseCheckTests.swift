import Payments
import Results
import Testing

@testable import Verdicts

/// What the course of a run shows: hand-made seconds of a phase of 100/s, each noisy by a few per cent in
/// a fixed pattern that has no trend of its own.
@Suite struct CourseCheckTests {
    private static let noise = [0, 2, -1, 1, -2, 2, 0, -2, 1, -1]

    /// - Parameters:
    ///   - median: of second k, in µs.
    ///   - completed: in second k.
    private func record(
        seconds: Int, median: (Int) -> Int = { _ in 10_000 },
        completed: (Int) -> Int = { _ in 100 }
    ) -> Record {
        var record = run([(.accepted, 10_000, 1000)])
        record.phases[0].spans = [PhaseRecord.Span(start: 0, end: Double(seconds))]
        var waiting = 0
        record.timeline = (0..<seconds).map { second in
            var row = TimelineRow()
            row.planned = 100
            row.outcomes[0] = min(100 + waiting, completed(second) + Self.noise[second % 10])
            waiting += row.planned - row.completed
            row.inFlight = waiting
            let level = median(second)
            row.p50 = UInt64(level + level * Self.noise[second % 10] / 1000)
            row.p99 = row.p50
            return row
        }
        record.wallSeconds = Double(seconds)
        return record
    }

    @Test(arguments: [10, 20, 60, 300])
    func aSteadyRunIsStationary(seconds: Int) {
        let causes = verdict(on: record(seconds: seconds)).causes
        #expect(causes.isEmpty, "\(causes)")
    }

    @Test(arguments: [
        // Completed a second, of 100: 1 % in a minute is no more than may be, 2 % is.
        (60, 99, false), (60, 98, true), (300, 98, true),
        // In a shorter window it has to be 10 %.
        (59, 98, false), (30, 89, true), (10, 80, true), (9, 50, false),
    ])
    func aBacklogThatGrows(seconds: Int, completed: Int, isNamed: Bool) {
        let seen = found(.backlog, in: record(seconds: seconds, completed: { _ in completed }))
        #expect((seen != nil) == isNamed, "\(String(describing: seen))")
        guard let seen else { return }
        #expect(seen.validity == .suspect)
        #expect(seen.threshold == (seconds < 60 ? 0.1 : 0.01))
        // The rest of the rate stays behind.
        #expect(abs(seen.value - Double(100 - completed) / 100) < 0.003)
    }

    @Test func aBacklogSaysHowFastItGrows() {
        // Two pattern periods a third: the noise falls out.
        let seen = found(.backlog, in: record(seconds: 60, completed: { _ in 59 }))
        #expect(
            seen?.advice
                == "The backlog grew by 41/s, 41 % of the rate, in phase steady: the target can't "
                + "sustain it, and response times depend on how long the run lasts. Lower the rate."
        )
    }

    @Test func whatWaitsForASlotIsBacklogToo() {
        var record = record(seconds: 60, completed: { _ in 59 })
        for second in record.timeline.indices { record.timeline[second].inFlight = 10 }
        #expect(found(.backlog, in: record) != nil)
    }

    /// Answers take 5 s: until then 100 more are under way each second, and then no more.
    @Test func aQueueThatFillsAtFirstDoesNotGrow() {
        let slow = record(
            seconds: 20, median: { _ in 5_000_000 }, completed: { $0 < 5 ? 0 : 100 })
        #expect(found(.backlog, in: slow) == nil)
    }

    @Test(arguments: [
        // Of the median, from the first to the last second.
        (20, 0.04, nil), (20, 0.08, 0.05), (20, -0.08, -0.05), (10, 0.2, 0.05), (9, 0.5, nil),
        (300, 0.08, 0.05),
    ])
    func aMedianThatDrifts(seconds: Int, drift: Double, threshold: Double?) {
        let drifting = record(
            seconds: seconds,
            median: { 100_000 + Int(100_000 * drift * Double($0) / Double(seconds - 1)) })
        let seen = found(.stationarity, in: drifting)
        #expect(seen?.threshold == threshold, "\(String(describing: seen))")
        #expect(seen?.validity == threshold.map { _ in .suspect })
        #expect(found(.warmUp, in: drifting) == nil)
    }

    @Test func aMedianThatDriftsIsNamed() {
        // Straight up by a fifth of itself in 19 steps, on 20 slices of one second; of that the noise
        // takes a tenth of a per cent.
        let drifting = record(seconds: 20, median: { 100_000 + 20_000 * $0 / 19 })
        #expect(
            found(.stationarity, in: drifting)?.advice
                == "The median response time rose by 19.9 % in the course of phase steady: the target "
                + "changes, or has not warmed up. Measure when it has settled.")
        // ln 1.2 over the whole, by the median of all slopes.
        let value = found(.stationarity, in: drifting)?.value ?? 0
        #expect(abs(value - 0.2) < 0.01)
    }

    @Test func aSlowBeginningIsAWarmUp() {
        let warming = record(seconds: 20, median: { $0 < 2 ? 130_000 : 100_000 })
        let seen = found(.warmUp, in: warming)
        #expect(seen?.validity == .suspect)
        #expect(seen?.threshold == 0.05)
        #expect(abs((seen?.value ?? 0) - 0.3) < 0.01)
        #expect(
            seen?.advice
                == "The median response time was 30 % higher at the beginning of phase steady than in "
                + "its second half: the target was still warming up. Let a phase with measure: false "
                + "go before it.")
        #expect(found(.stationarity, in: warming) == nil)
        // 4 % are no more than may be.
        let steady = record(seconds: 20, median: { $0 < 2 ? 104_000 : 100_000 })
        #expect(found(.warmUp, in: steady) == nil)
    }

    @Test func onlyASteadyPhaseOfItsOwnIsJudgedByItsCourse() {
        var changing = record(seconds: 60, median: { 10_000 + 1000 * $0 }, completed: { _ in 50 })
        #expect(verdict(on: changing).causes.count == 2)
        let steady = changing.phases[0].model
        changing.phases[0].model = .open(
            ratePerSecond: 100, process: "poisson", shape: "50/s to 150/s")
        #expect(verdict(on: changing).validity == .valid)
        changing.phases[0].model = steady
        var beside = changing.phases[0]
        beside.name = "beside"
        beside.measured = false
        changing.phases.append(beside)
        #expect(verdict(on: changing).validity == .valid)
    }
}
