import Results
import Testing

@testable import Verdicts

@Suite struct AdviceTests {
    @Test func everySentenceTellsWhatWasSeenAndWhatToDo() {
        var record = run([
            (.accepted, 10_000, 9_000), (.notSent, 10_000, 700), (.inDoubt, 10_000, 300),
        ]) {
            $0.skipped = 200
            $0.planned = 10_200
            $0.times.slotWait = histogram(2500, 10_000)
        }
        record.codes = [code(.notSent, "NO_FREE_SLOT", 700), code(.inDoubt, "ABANDONED", 300)]
        record.generator.cpuSeconds = 18.8
        #expect(
            judge(record).causes.map(\.advice) == [
                // 18.8 s of 2 × 10 s.
                "The generator used 94 % of its CPU. Lower the rate or use a machine with more "
                    + "cores.",
                // (200 + 700)/10,200.
                "8.82 % of the arrivals (900 of 10,200) were never sent, for want of a free slot; "
                    + "the percentiles are lower bounds. Lower the rate or raise limits.in_flight.",
                "100 % of the arrivals waited for a free slot, up to 2.50 ms: the limit of "
                    + "requests in flight was reached. Raise limits.in_flight or call the target "
                    + "overloaded.",
                "3 % of the payments (300 of 10,000) were cut off unfinished; the highest "
                    + "percentiles are lower bounds. Let the run end by itself.",
                "10 % of the payments (1,000 of 10,000) were errors: times of the others tell of "
                    + "survivors only. Look at the error codes first.",
            ])
    }

    @Test func aBusyWorkerIsNamedAsOne() {
        var record = run()
        record.generator.busiestWorker = 0.835
        #expect(
            judge(record).causes.map(\.advice) == [
                "The busiest worker used 83.5 % of its core. Lower the rate, add workers or use "
                    + "another machine."
            ])
    }
}
