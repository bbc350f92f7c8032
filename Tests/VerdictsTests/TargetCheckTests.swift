import Payments
import Results
import Testing

@testable import Verdicts

/// Both sides of every threshold of what the target, and the way to it, may do.
@Suite struct TargetCheckTests {
    @Test(arguments: [(10, nil), (11, 0.01)])
    func errorsAboveOneOfAHundred(failed: Int, threshold: Double?) {
        // Declines are answers.
        let record = run([
            (.accepted, 10_000, 900 - failed), (.declined, 10_000, 100),
            (.throttled, 10_000, failed),
        ])
        let seen = found(.errors, in: record)
        #expect(seen?.threshold == threshold)
        #expect(seen?.validity == threshold.map { _ in .suspect })
    }

    @Test func whatAPaymentExpectsIsNoError() {
        var record = run([(.rejected, 10_000, 1000)])
        record.codes = [code(.rejected, "HTTP 400", 1000)]
        record.expectations = [[.rejected]]
        #expect(judge(record).validity == .valid)
        record.expectations = [[.accepted]]
        #expect(
            found(.errors, in: record)?.advice
                == "100 % of the payments (1,000 of 1,000) were errors: times of the others tell of "
                + "survivors only. Look at the error codes first.")
    }

    @Test func aPercentileNeedsFivePaymentsAboveIt() {
        // 1 % of 500 is 5.
        #expect(found(.resolution, in: run([(.accepted, 10_000, 500)])) == nil)
        // 200 in 10 s: 500 take 25 s.
        #expect(
            found(.resolution, in: run([(.accepted, 10_000, 200)]))
                == Found(
                    validity: .suspect, value: 2, threshold: 5,
                    advice:
                        "p99 is not resolved: the payments beyond it are worth 2.00 independent "
                        + "ones, and it takes 5. Measure for 25 s or longer."))
    }

    @Test(arguments: [
        // 1000 payments, 5 connections needed: 15 opened are 1 % more.
        (15, 1000, nil), (16, 1000, 0.011),
        // Only what was opened in measured phases is in their times.
        (500, 10, nil), (500, 11, 0.011),
    ])
    func connectionsThatAreOpenedAgain(opened: Int, measured: Int, share: Double?) {
        var record = run(on: { $0.connections.needed = 5 })
        record.generator.connectionsOpened = opened
        record.phases[0].times.connect = histogram(100, measured)
        let seen = found(.churn, in: record)
        #expect(seen?.value == share)
        #expect(seen?.validity == share.map { _ in .suspect })
        record.host?.connections.areRenewed = true
        #expect(found(.churn, in: record) == nil)
    }

    @Test func connectionsOfSignInsAreNotOpenedAgain() {
        var record = run(on: { $0.connections.needed = 50 })
        record.generator.connectionsOpened = 100
        record.phases[0].times.connect = histogram(100, 50)
        #expect(found(.churn, in: record) != nil)
        record.signIns = SignInRecord(failed: 0, time: histogram(100, 50))
        #expect(found(.churn, in: record) == nil)
    }

    @Test func connectionsThatAreOpenedAgainAreNamed() {
        var record = run(on: { _ in })
        record.generator.connectionsOpened = 121
        record.phases[0].times.connect = histogram(100, 121)
        #expect(
            found(.churn, in: record)?.advice
                == "12 % of the payments opened a connection though one had been open before: the "
                + "target closes them. Their set-up is in the response times.")
    }

    @Test(arguments: [
        // 1000 payments: 10 above p99, 1 above p99.9, which is too few to be judged by.
        (4, nil), (5, 0.5), (20, 2.0),
    ])
    func lostSegmentsWeighAgainstTheTail(again: Int, share: Double?) {
        let record = run(on: { $0.segments?.retransmitted = again })
        #expect(found(.retransmits, in: record)?.value == share)
    }

    @Test func aTenthOfTheTailMayBeLost() {
        for (again, isNamed) in [(10, false), (11, true)] {
            var record = run(on: { $0.segments?.retransmitted = again })
            // 100 above p99.9.
            record.phases[0] = run([(.accepted, 10_000, 100_000)]).phases[0]
            #expect((found(.retransmits, in: record) != nil) == isNamed)
        }
    }

    @Test func lostSegmentsSayWhatTheyMayExplain() {
        #expect(
            found(.retransmits, in: run(on: { $0.segments?.retransmitted = 6 }))?.advice
                == "6 TCP segments were sent again on this machine: loss may explain up to 60 % of "
                + "the 10 payments above p99. Look for loss on the way to the target.")
    }
}
