import Histograms
import Payments
import Results
import Testing

@testable import Verdicts

/// Both sides of every threshold, the arithmetic beside each row.
@Suite struct JudgeTests {
    @Test func aRunWithoutAFlawIsValid() {
        #expect(judge(run()) == Verdict(validity: .valid, causes: []))
    }

    @Test(arguments: [
        // Response time 10,000 µs at every quantile; the bucket of both numbers ends above them.
        (50, nil), (499, nil),
        // 512/10,007 = 5.1 %, 1984/10,007 = 19.8 %, 2016/10,007 = 20.1 %.
        (512, Verdict.Validity.suspect), (1984, .suspect), (2016, .invalid),
    ])
    func lateSendsWeighAgainstTheResponseTime(lag: Int, validity: Verdict.Validity?) {
        let verdict = judge(run { $0.times.lag = histogram(lag, 1000) })
        #expect(verdict.causes.map(\.check) == (validity == nil ? [] : ["schedule.lag"]))
        #expect(verdict.validity == validity ?? .valid)
    }

    @Test(arguments: [
        // Of 100 µs all of these are above 20 %: up to 50 µs it is nothing, up to 100 µs a core that wakes.
        (50, Verdict.Validity.valid), (51, .suspect), (100, .suspect), (101, .invalid),
    ])
    func aLagThatAnyIdleCoreHasIsNeverInvalid(lag: Int, validity: Verdict.Validity) {
        let verdict = judge(run([(.accepted, 100, 1000)]) { $0.times.lag = histogram(lag, 1000) })
        #expect(verdict.validity == validity)
    }

    @Test func aLagOfAWakingCoreSaysThatItIsOne() {
        let verdict = judge(run([(.accepted, 200, 1000)]) { $0.times.lag = histogram(80, 1000) })
        #expect(
            verdict.causes.map(\.advice) == [
                "The generator sent late: p50 lag 80 µs is 40 % of the p50 response time in phase "
                    + "steady. An idle core needs as long to wake; service times are free of it."
            ])
    }

    @Test func theWorstQuantileIsReported() {
        // p90 and below: 10 µs; the highest 2 %: 5,000 µs of 10,007, at p99 and p99.9.
        var lag = histogram(10, 4900)
        for _ in 0..<100 { lag.record(5000) }
        let verdict = judge(run([(.accepted, 10_000, 5000)]) { $0.times.lag = lag })
        #expect(
            verdict.causes.first?.advice
                == "The generator sent late: p99 lag 5.00 ms is 50 % of the p99 response time in "
                + "phase steady. Lower the rate, add workers or use another machine.")
        #expect(verdict.causes.first?.threshold == 0.2)
        #expect(verdict.causes.first?.value == 5003.0 / 10_007)
    }

    @Test func aQuantileWithFewerThanFiveObservationsAboveItIsNotJudged() {
        // p99 of 499 leaves 4 above it, of 500 it leaves 5; late are the highest 6.
        for (count, validity) in [(499, Verdict.Validity.valid), (500, .invalid)] {
            var lag = histogram(10, count - 6)
            for _ in 0..<6 { lag.record(5000) }
            let verdict = judge(run([(.accepted, 10_000, count)]) { $0.times.lag = lag })
            #expect(verdict.causes.contains { $0.check == "schedule.lag" } == (validity != .valid))
            // Too few to be late for are too few for a percentile.
            #expect(verdict.causes.contains { $0.check == "quantile.resolved" } == (count < 500))
        }
    }

    @Test func aPhaseThatIsNotMeasuredOrHasNoScheduleIsNeverLate() {
        let late = histogram(9000, 1000)
        let unmeasured = judge(
            run {
                $0.times.lag = late
                $0.measured = false
            })
        #expect(unmeasured.validity == .valid)
        let closed = judge(
            run {
                $0.times.lag = late
                $0.times.slotWait = late
                $0.model = .closed(users: 10)
            })
        #expect(closed.validity == .valid)
    }

    @Test(arguments: [
        // Of 1000 planned, 1 is 0.1 % and still well; 2 are not.
        (1, 0, true), (2, 0, false), (0, 1, true), (1, 1, false), (0, 900, false),
    ])
    func arrivalsThatWereNeverSentMakeARunSuspect(skipped: Int, unsent: Int, isValid: Bool) {
        let started = 1000 - skipped
        var record = run([
            (.accepted, 10_000, started - unsent), (.notSent, 10_000, unsent),
        ]) {
            $0.skipped = skipped
            $0.planned = 1000
        }
        record.codes = [code(.notSent, "NO_FREE_SLOT", unsent)].filter { $0.count > 0 }
        let verdict = judge(record)
        #expect(verdict.validity == (isValid ? .valid : .suspect))
        #expect(verdict.causes.first?.check == (isValid ? nil : "schedule.complete"))
        if !isValid {
            #expect(verdict.causes[0].value == 1 - Double(skipped + unsent) / 1000)
            #expect(verdict.causes[0].threshold == 0.999)
        }
    }

    @Test func aFailedConnectionIsNoMissedArrival() {
        var record = run([(.accepted, 10_000, 500), (.notSent, 10_000, 500)])
        record.codes = [code(.notSent, "COULDNT_CONNECT", 500)]
        #expect(judge(record).causes.map(\.check) == ["errors.bias"])
    }

    @Test(arguments: [
        // Median 10 ms: 5 % is 500 µs, so 1 ms counts. 1008 µs is the first value of a bucket above it.
        (10_000, 1000, true), (10_000, 1008, false),
        // Median 100 ms: 5 % is 5 ms; its bucket ends at 5007 µs.
        (100_000, 4990, true), (100_000, 5010, false),
    ])
    func aWaitForASlotCountsFromAMillisecondAndATwentiethOfTheMedian(
        median: Int, wait: Int, isValid: Bool
    ) {
        var waits = histogram(0, 999)
        waits.record(UInt64(wait))
        let verdict = judge(run([(.accepted, median, 1000)]) { $0.times.slotWait = waits })
        #expect(verdict.validity == (isValid ? .valid : .suspect))
        if !isValid {
            #expect(verdict.causes[0].check == "openloop.cap")
            #expect(verdict.causes[0].value == 0.001)
            #expect(verdict.causes[0].threshold == 0)
        }
    }

    @Test(arguments: [
        // Of 20,000 started: 2 are 0.01 %, 20 are 0.1 %.
        (2, nil), (3, 0.0001), (20, 0.0001), (21, 0.001),
    ])
    func paymentsThatWereCutMakeARunSuspect(cut: Int, threshold: Double?) {
        var record = run([(.accepted, 10_000, 20_000 - cut), (.inDoubt, 10_000, cut)])
        record.codes = [code(.inDoubt, "ABANDONED", cut)]
        let verdict = judge(record)
        #expect(verdict.validity == (threshold == nil ? .valid : .suspect))
        #expect(verdict.causes.first?.threshold == threshold)
        #expect(verdict.causes.first?.value == (threshold == nil ? nil : Double(cut) / 20_000))
    }

    @Test(arguments: [
        // CPU of 10 s on 2 cores, share of the busiest worker, late sends.
        (14.0, 0.1, false, nil), (14.01, 0.1, false, Verdict.Validity.suspect),
        (18.0, 0.1, true, .suspect), (18.01, 0.1, true, .invalid), (19.9, 0.1, false, .suspect),
        (1.0, 0.7, false, nil), (1.0, 0.71, false, .suspect), (1.0, 0.91, true, .invalid),
    ])
    func aBusyGeneratorIsInvalidOnlyWhereItSentLate(
        cpu: Double, worker: Double, late: Bool, validity: Verdict.Validity?
    ) {
        // 1000/10,007 = 10 %: late, and by itself suspect.
        var record = run { $0.times.lag = histogram(late ? 1000 : 10, 1000) }
        record.generator.cpuSeconds = cpu
        record.generator.busiestWorker = worker
        let verdict = judge(record)
        let expected = max(validity ?? .valid, late ? .suspect : .valid)
        #expect(verdict.validity == expected)
        #expect(verdict.causes.contains { $0.check == "generator.cpu" } == (validity != nil))
    }

    @Test func whatTheTargetDoesIsNeverInvalid() {
        var record = run([(.inDoubt, 10_000_000, 700), (.notSent, 10_000_000, 300)]) {
            $0.skipped = 5000
            $0.planned = 6000
            $0.times.slotWait = histogram(9_000_000, 1000)
        }
        record.codes = [code(.inDoubt, "ABANDONED", 700), code(.notSent, "NO_FREE_SLOT", 300)]
        let verdict = judge(record)
        #expect(verdict.validity == .suspect)
        #expect(
            verdict.causes.map(\.check) == [
                "schedule.complete", "openloop.cap", "run.complete", "errors.bias",
            ])
    }

    @Test func theGravestCauseComesFirst() {
        let verdict = judge(
            run {
                $0.times.lag = histogram(5000, 1000)
                $0.skipped = 500
                $0.planned = 1500
            })
        #expect(verdict.causes.map(\.check) == ["schedule.lag", "schedule.complete"])
    }

    @Test func countsThatDoNotAddUpAreInvalid() {
        let broken = run { $0.planned = 999 }
        let found = verdict(on: broken)
        #expect(found.validity == .invalid)
        #expect(found.causes.map(\.check) == ["accounting"])
        #expect(found.causes[0].value == -1)
        #expect(
            found.causes[0].advice
                == "The counts do not add up: planned = started + skipped does not hold in totals: "
                + "999 and 1,000. This is a fault of paybench; please report it.")
    }

    /// A release build goes on with the verdict above.
    @Test func countsThatDoNotAddUpStopADebugBuild() async {
        var isDebug = false
        assert({ isDebug = true }() == ())
        guard isDebug else {
            #expect(judge(run { $0.planned = 999 }).validity == .invalid)
            return
        }
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = judge(run { $0.planned = 999 })
        }
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(said.contains("planned = started + skipped does not hold in totals"))
    }

    @Test func aRunWithoutAnyPaymentIsValid() {
        #expect(judge(run([])).validity == .valid)
        var record = run([])
        record.phases = []
        record.wallSeconds = 0
        #expect(judge(record).validity == .valid)
    }
}
