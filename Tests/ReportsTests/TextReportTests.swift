import Payments
import Reports
import Results
import Testing

@Suite struct TextReportTests {
    @Test func aNormalRun() {
        let summary = Summary(record: Runs.normal, verdict: Runs.valid)
        print(TextReport(summary, folder: "results/make-payment-20260801T120102Z").text())
    }
}
