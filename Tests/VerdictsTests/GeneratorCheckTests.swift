import Payments
import Results
import Testing

@testable import Verdicts

/// Both sides of every threshold of what the generator itself may do wrong.
@Suite struct GeneratorCheckTests {
    private func stalled(_ seconds: Double, longest milliseconds: Int, response: Int = 10_000)
        -> Record
    {
        run([(.accepted, response, 1000)]) {
            $0.punctuality.stalledNanoseconds = Int((seconds * 1e9).rounded())
            $0.punctuality.longestStall = Punctuality.Stall(
                microseconds: UInt64(milliseconds * 1000), end: 4.5, worker: 2)
        }
    }

    @Test(arguments: [
        // Two workers of 10 s: 0.05 % are 10 ms, 0.5 % are 100 ms.
        (0.01, 10, nil, 0), (0.0101, 10, Verdict.Validity.suspect, 0.0005),
        (0.1, 50, .suspect, 0.0005), (0.101, 50, .invalid, 0.005),
        // Many that are short can be no more than doubtful.
        (0.101, 20, .suspect, 0.005), (0.101, 21, .invalid, 0.005),
    ])
    func aStalledLoopOfUsers(
        seconds: Double, longest: Int, validity: Verdict.Validity?, threshold: Double
    ) {
        var record = stalled(seconds, longest: longest)
        record.phases[0].model = .closed(users: 10)
        let seen = found(.loopStall, in: record)
        #expect(seen?.validity == validity)
        if let seen {
            #expect(seen.threshold == threshold)
            #expect(seen.value == seconds / 20)
        }
    }

    @Test func aStallThatIsSmallAgainstTheResponseTimeIsOnlySuspect() {
        // The p99 response time's bucket ends at 1,000,447 µs: 20 % are 200,089 µs.
        for (milliseconds, validity) in [(200, Verdict.Validity.suspect), (201, .invalid)] {
            var record = stalled(0.4, longest: milliseconds, response: 1_000_000)
            record.phases[0].model = .closed(users: 10)
            #expect(found(.loopStall, in: record)?.validity == validity)
        }
    }

    @Test(arguments: [
        // Of 10,007 µs: 19.8 %, 20.1 %; below half a per cent of the time it is no matter.
        (0.101, 1984, Verdict.Validity.suspect), (0.101, 2016, .invalid), (0.1, 2016, .suspect),
    ])
    func aStallInAnOpenPhaseIsAsGraveAsItsLag(
        seconds: Double, lag: Int, validity: Verdict.Validity
    ) {
        var record = stalled(seconds, longest: 50)
        record.phases[0].times.lag = histogram(lag, 1000)
        #expect(found(.loopStall, in: record)?.validity == validity)
    }

    @Test func oneLongStallOfALongRunIsNamed() {
        func longRun(_ milliseconds: Int) -> Record {
            var record = stalled(Double(milliseconds) / 1000, longest: milliseconds)
            record.phases[0].spans = [PhaseRecord.Span(start: 0, end: 600)]
            return record
        }
        #expect(found(.loopStall, in: longRun(20)) == nil)
        // 21 ms of 1200 s are 0.002 %.
        let seen = found(.loopStall, in: longRun(21))
        #expect(seen?.validity == .suspect)
        #expect(seen?.value == 0.021 && seen?.threshold == 0.02)
    }

    @Test func aStallSaysWhoStoodStillAndWhen() {
        // 300 ms of 20 s.
        #expect(
            found(.loopStall, in: stalled(0.3, longest: 150))?.advice
                == "The workers stood still for 1.5 % of phase steady, worker 2 for 150 ms until "
                + "4.5 s into the run: something stopped them. Give the machine to the run alone.")
    }

    @Test(arguments: [
        (0.25, nil), (0.26, Verdict.Validity.suspect), (1.0, .suspect), (1.01, .invalid),
        (-0.25, nil), (-0.26, .suspect), (-1.01, .invalid),
    ])
    func bunchedSends(excess: Double, validity: Verdict.Validity?) {
        for window in [\Punctuality.sentIn10ms, \.sentIn100ms] {
            let record = run {
                $0.punctuality.sends = 1000
                $0.punctuality[keyPath: window] = Int((excess * 1000).rounded())
            }
            let seen = found(.bunchedArrivals, in: record)
            #expect(seen?.validity == validity)
            #expect(seen.map(\.value) == validity.map { _ in abs(excess) })
        }
    }

    @Test func aHandfulOfSendsIsNotCalledBunched() {
        for (sends, isNamed) in [(99, false), (100, true)] {
            let record = run {
                $0.punctuality.sends = sends
                $0.punctuality.sentIn10ms = 3000
            }
            #expect((found(.bunchedArrivals, in: record) != nil) == isNamed)
        }
    }

    @Test func bunchedSendsSayByHowMuch() {
        let record = run {
            $0.punctuality.sends = 1000
            $0.punctuality.sentIn10ms = 500
            $0.punctuality.sentIn100ms = 1100
        }
        #expect(
            found(.bunchedArrivals, in: record)
                == Found(
                    validity: .invalid, value: 1.1, threshold: 1,
                    advice: "Sends were more bunched than planned in phase steady: the index of "
                        + "dispersion in windows of 100 ms is off by 1.10. Lower the rate, add "
                        + "workers or use another machine."))
    }

    @Test func sendsThatAreMoreEvenThanPlannedSaySo() {
        let record = run {
            $0.punctuality.sends = 1000
            $0.punctuality.sentIn10ms = -600
        }
        #expect(
            found(.bunchedArrivals, in: record)?.advice
                == "Sends were less bunched than planned in phase steady: the index of dispersion in "
                + "windows of 10 ms is off by 0.60. Lower the rate, add workers or use another "
                + "machine.")
    }

    @Test(arguments: [
        // Of 1000 planned: one is 0.1 %, ten are 1 %.
        (1, nil), (2, Verdict.Validity.suspect), (10, .suspect), (11, .invalid),
    ])
    func arrivalsThatTheGeneratorMissed(late: Int, validity: Verdict.Validity?) {
        var record = run([(.accepted, 10_000, 1000 - late), (.notSent, 10_000, late)])
        record.codes = [code(.notSent, "SENT_TOO_LATE", late)]
        #expect(found(.scheduleComplete, in: record)?.validity == validity)
    }

    @Test func missedArrivalsSayWhoMissedThem() {
        var record = run([(.accepted, 10_000, 980), (.notSent, 10_000, 20)])
        record.codes = [code(.notSent, "SENT_TOO_LATE", 20)]
        #expect(
            found(.scheduleComplete, in: record)
                == Found(
                    validity: .invalid, value: 0.98, threshold: 0.99,
                    advice: "2 % of the arrivals (20 of 1,000) were never sent: the generator was "
                        + "later than timeouts.total. Lower the rate, add workers or use another "
                        + "machine."))
    }

    @Test(arguments: [
        (0.05, true, nil), (0.051, true, Verdict.Validity.suspect), (0.2, true, .suspect),
        (0.21, true, .suspect), (0.21, false, .suspect),
    ])
    func aWorkerThatWaitsForACore(share: Double, late: Bool, validity: Verdict.Validity?) {
        var record = run(on: { $0.queuedShare = share })
        record.phases[0].times.lag = histogram(late ? 1000 : 10, 1000)
        #expect(found(.generatorCPU, in: record)?.validity == validity)
    }

    /// 2.8 s of 10 s are 14 % of two cores, and 93 % of 0.3 cores.
    @Test func theLimitOfAContainerIsAllThatThereIs() {
        var record = run()
        record.generator.cpuSeconds = 2.8
        #expect(found(.generatorCPU, in: record) == nil)
        record.environment = EnvironmentRecord(
            kernel: "", hostHash: "", cores: 2, libcurl: "", sameHost: false, effectiveSHA256: "")
        record.environment?.cpuLimit = 0.3
        #expect(
            found(.generatorCPU, in: record)?.advice
                == "The generator used 93.3 % of its CPU. Lower the rate or use a machine with more "
                + "cores.")
    }

    @Test func aWorkerThatWaitsForACoreSaysSo() {
        #expect(
            found(.generatorCPU, in: run(on: { $0.queuedShare = 0.256 }))?.advice
                == "A worker was ready to run and had no core for 25.6 % of the run: other programs "
                + "had the machine's cores. Stop them, or use another machine.")
    }
}
