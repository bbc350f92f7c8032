import Payments
import Results
import Testing

@Suite struct AccountingTests {
    @Test func theCountsOfAnHonestRunAddUp() {
        #expect(smallRecord().brokenLaw() == nil)
        #expect(Summary(record: smallRecord(), verdict: valid).brokenLaw() == nil)
    }

    @Test func everyArrivalIsStartedOrSkipped() {
        var record = smallRecord()
        record.phases[1].skipped = 0
        let law = record.brokenLaw()
        #expect(law?.law == "planned = started + skipped")
        // 14 planned, 13 + 0 accounted for.
        #expect(law?.left == 14)
        #expect(law?.right == 13)
        #expect(
            law?.description
                == "planned = started + skipped does not hold in totals: 14 and 13")
    }

    @Test func everyStartedPaymentHasOneOutcome() {
        var record = smallRecord()
        record.phases[1].started = 10
        record.phases[1].skipped = 2
        #expect(record.brokenLaw()?.law == "started = Σ outcomes")
    }

    @Test func errorsThatCancelOutOverPhasesAreFound() {
        var record = smallRecord()
        record.phases[0].planned += 1
        record.phases[1].planned -= 1
        #expect(record.brokenLaw()?.place == "phase warm-up")
    }

    @Test func everyOutcomeButAcceptedHasItsCodes() {
        var record = smallRecord()
        record.codes[0].count = 1
        #expect(record.brokenLaw()?.law == "declined = Σ its codes")
        record.codes[0].count = 2
        record.codes[0].outcome = .rejected
        #expect(record.brokenLaw()?.law == "declined = Σ its codes")
    }

    @Test func theTotalsOfAStoredSummaryAreThoseOfItsPhases() {
        var summary = Summary(record: smallRecord(), verdict: valid)
        summary.totals.retries = 1
        #expect(summary.brokenLaw()?.law == "retries = Σ phases")
        summary = Summary(record: smallRecord(), verdict: valid)
        summary.payments[0].outcomes[.accepted] = 9
        #expect(summary.brokenLaw()?.law == "started = Σ payments")
    }

    @Test func numbersOutOfAllBoundsDoNotTrap() {
        var summary = Summary(record: smallRecord(), verdict: valid)
        summary.totals.started = .max
        summary.totals.skipped = .max
        #expect(summary.brokenLaw() != nil)
    }
}
