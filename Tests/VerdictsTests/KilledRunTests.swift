import Results
import Testing

@testable import Verdicts

@Suite struct KilledRunTests {
    @Test func aKilledRunSaysWhatItIsMissing() {
        var record = run { $0.unanswered = 7 }
        record.ending = .killed
        #expect(
            found(.wholeness, in: record)
                == Found(
                    validity: .suspect, value: 7, threshold: 0,
                    advice: "The run was killed: its last moments are missing, and of 1,000 "
                        + "payments 7 have no answer here; the generator's CPU is at most as told, its "
                        + "memory and connections at least. Run it again, and look up the payments "
                        + "that paybench report lists."))
        // What of its CPU it only waited with is not known.
        record.generator.cpuSeconds = 19
        #expect(found(.generatorCPU, in: record) == nil)
    }

    @Test func aRunThatWasKilledAtOnceIsInvalid() {
        var record = run([])
        record.ending = .killed
        #expect(
            found(.wholeness, in: record)
                == Found(
                    validity: .invalid, value: 0, threshold: 0,
                    advice: "The run was killed before anything was measured. Run it again."))
    }
}
