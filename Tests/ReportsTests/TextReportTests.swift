import Payments
import Reports
import Results
import Testing

/// Whole reports, as they are printed.
@Suite struct TextReportTests {
    @Test func aNormalRun() {
        #expect(
            report(Runs.normal, Runs.valid) == #"""
                make-payment → http://127.0.0.1:40123/mobile/payments/makePayment
                run 5f1c9a · seed 42 · 2026-08-01 12:01:02 UTC · 35.2 s

                phase    load                  for  started   rate  completed
                warm-up  open, 50/s poisson    5 s      250   50/s       50/s  not measured
                steady   open, 500/s poisson  30 s   14,983  499/s      499/s

                planned    15,233 = 15,233 started + 0 skipped
                started    15,233 = 14,791 accepted (97.1 %) + 301 declined (1.98 %) + 100 provider_error (0.66 %)
                           + 41 in_doubt (0.27 %)

                                count      p50      p90      p99   p99.9      max
                response time  14,983  54.4 ms   1.05 s   1.47 s  10.0 s   10.0 s
                  card         10,342  49.8 ms  58.0 ms  59.9 ms  10.0 s   10.0 s
                  wallet        4,641   790 ms   1.36 s   1.49 s       –   1.50 s
                  accepted     14,641  54.7 ms   1.05 s   1.46 s  1.50 s   1.50 s
                  declined        301  25.0 ms  29.0 ms        –       –  30.0 ms
                  in_doubt         41   10.0 s        –        –       –   10.0 s
                service time   14,983  54.4 ms   1.05 s   1.47 s  10.0 s   10.0 s
                send delay     14,983    31 µs    47 µs    51 µs   51 µs    52 µs
                – not resolved: fewer than 5 independent payments lie beyond

                code                outcome         HTTP  count   share
                CardDeclined        declined        402     301  1.98 %
                HTTP 503            provider_error  503     100  0.66 %
                OPERATION_TIMEDOUT  in_doubt        –        41  0.27 %

                generator  2 workers on 2 cores, 37.6 µs CPU a request, 21.4 MiB peak memory, 64 connections opened
                verdict    valid
                results    results/x

                """#)
    }

    @Test func aRunWithoutAPayment() {
        #expect(
            report(Runs.nothing, Runs.valid) == #"""
                make-payment → http://127.0.0.1:40123/mobile/payments/makePayment
                run 5f1c9a · seed 42 · 2026-08-01 12:01:02 UTC · 1 s

                phase   load                 for  started  rate  completed
                steady  open, 0.5/s uniform  1 s        0   0/s        0/s

                planned    0 = 0 started + 0 skipped
                started    0 = 0

                No latency: no payment was started.

                generator  2 workers on 2 cores, 21.4 MiB peak memory, 0 connections opened
                verdict    valid
                results    results/x

                """#)
    }

    @Test func anInterruptedRun() {
        #expect(
            report(Runs.interrupted, Runs.suspect) == #"""
                make-payment → http://127.0.0.1:40123/mobile/payments/makePayment
                run 5f1c9a · seed 42 · 2026-08-01 12:01:02 UTC · 17.3 s
                Interrupted by SIGINT; this is what was measured until then.

                phase     load                 for  started   rate  completed
                shoppers  closed, 50 users  12.3 s    6,003  488/s      488/s
                later     closed, 1 user       0 s        0      –          –

                planned    6,003 = 6,003 started + 0 skipped
                started    6,003 = 6,000 accepted (99.95 %) + 3 in_doubt (0.05 %)

                               count     p50     p90     p99   p99.9     max
                response time  6,003  100 ms  108 ms  110 ms  110 ms  5.00 s
                  accepted     6,000  100 ms  108 ms  110 ms  110 ms  110 ms
                  in_doubt         3       –       –       –       –  5.00 s
                service time   6,003  100 ms  108 ms  110 ms  110 ms  5.00 s
                send delay     6,003   31 µs   47 µs   51 µs   51 µs   52 µs
                – not resolved: fewer than 5 independent payments lie beyond

                code       outcome   HTTP  count   share
                ABANDONED  in_doubt  –         3  0.05 %

                generator  2 workers on 2 cores, 95.4 µs CPU a request, 21.4 MiB peak memory, 64 connections opened
                verdict    suspect
                           run.complete: 0.05 % of the payments (3 of 6,003) were cut off unfinished; the highest
                           percentiles are lower bounds. Let the run end by itself.
                results    results/x

                """#)
    }

    @Test func anInvalidRun() {
        #expect(
            report(Runs.late, Runs.invalid) == #"""
                make-payment → http://127.0.0.1:40123/mobile/payments/makePayment
                run 5f1c9a · seed 42 · 2026-08-01 12:01:02 UTC · 10 s

                phase   load                  for  started  rate  completed
                steady  open, 100/s uniform  10 s      990  99/s       99/s

                planned    1,000 = 990 started + 10 skipped
                started    990 = 990 accepted (100 %)

                               count      p50      p90      p99  p99.9      max
                response time    990  13.8 ms  16.8 ms  17.4 ms      –  17.5 ms
                service time     990  13.7 ms  16.8 ms  17.4 ms      –  17.5 ms
                send delay       990    30 µs    47 µs    51 µs      –    52 µs
                – not resolved: fewer than 5 independent payments lie beyond

                generator  2 workers on 2 cores, 578 µs CPU a request, 21.4 MiB peak memory, 64 connections opened
                verdict    invalid
                           schedule.lag: The generator sent late: p99 lag 9.80 ms is 56 % of the p99 response time
                           in phase steady. Lower the rate, add workers or use another machine.
                           generator.cpu: The generator used 94 % of its CPU. Lower the rate or use a machine with
                           more cores.
                results    results/x

                """#)
    }

    @Test func longAndHostileNames() {
        #expect(
            report(Runs.hostile, Runs.valid) == #"""
                name-very-long-very-long-very-long-very… → https://very-long-very-long-very-long-very-long-very-lo…
                run very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-long-very-…
                Stopped by a guard rail: limits.\u{7}very-long-very-long-very-long-very-long-very-long-very-long-ve…

                phase                     load                     for  started   rate  completed
                1-very-long-very-long-v…  open, 12,345/s poisson  10 s       35  3.5/s        3/s
                2-very-long-very-long-v…  open, 12,345/s poisson  10 s       35  3.5/s        3/s
                3-very-long-very-long-v…  open, 12,345/s poisson  10 s       35  3.5/s        3/s
                4-very-long-very-long-v…  open, 12,345/s poisson  10 s       35  3.5/s        3/s
                5-very-long-very-long-v…  open, 12,345/s poisson  10 s       35  3.5/s        3/s
                and 3 more phases

                planned    280 = 280 started + 0 skipped
                started    280 = 280 rejected (100 %)

                                                  count      p50      p90  p99  p99.9      max
                response time                       280  1.50 ms  2.00 ms    –      –  2.00 ms
                  1-very-long-very-long-very-lo…     40  1.50 ms        –    –      –  2.00 ms
                  2-very-long-very-long-very-lo…     40  1.50 ms        –    –      –  2.00 ms
                  3-very-long-very-long-very-lo…     40  1.50 ms        –    –      –  2.00 ms
                  4-very-long-very-long-very-lo…     40  1.50 ms        –    –      –  2.00 ms
                  and 3 more payments
                service time                        280  1.49 ms  1.99 ms    –      –  1.99 ms
                send delay                          280    31 µs    48 µs    –      –    52 µs
                – not resolved: fewer than 5 independent payments lie beyond

                code                                  outcome   HTTP  field                 count   share
                \u{1b}[31m1\u{d}\u{a}very-long-very…  rejected  400   \u{202e}very-long-v…     20  7.14 %
                \u{1b}[31m2\u{d}\u{a}very-long-very…  rejected  400   \u{202e}very-long-v…     20  7.14 %
                \u{1b}[31m3\u{d}\u{a}very-long-very…  rejected  400   \u{202e}very-long-v…     20  7.14 %
                \u{1b}[31m4\u{d}\u{a}very-long-very…  rejected  400   \u{202e}very-long-v…     20  7.14 %
                \u{1b}[31m5\u{d}\u{a}very-long-very…  rejected  400   \u{202e}very-long-v…     20  7.14 %
                \u{1b}[31m6\u{d}\u{a}very-long-very…  rejected  400   \u{202e}very-long-v…     20  7.14 %
                \u{1b}[31m7\u{d}\u{a}very-long-very…  rejected  400   \u{202e}very-long-v…     20  7.14 %
                \u{1b}[31m8\u{d}\u{a}very-long-very…  rejected  400   \u{202e}very-long-v…     20  7.14 %
                \u{1b}[31m9\u{d}\u{a}very-long-very…  rejected  400   \u{202e}very-long-v…     20  7.14 %
                \u{1b}[31m10\u{d}\u{a}very-long-ver…  rejected  400   \u{202e}very-long-v…     20  7.14 %
                and 4 more codes

                generator  1 worker on 2 cores, 2045 µs CPU a request, 21.4 MiB peak memory, 1 connection opened
                verdict    valid
                results    results/x

                """#)
    }

    @Test func noLineIsWiderThanATerminalAndNoneActsOnIt() {
        for record in [Runs.normal, Runs.nothing, Runs.interrupted, Runs.late, Runs.hostile] {
            let text = report(record, Runs.invalid)
            for line in text.split(separator: "\n") {
                // A line of 100 columns has at most 100 characters.
                #expect(line.count <= 100, "\(line)")
                #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202e })
            }
        }
    }

    @Test func coloursComeOnlyWhenAskedForAndChangeNoWord() {
        let summary = Summary(record: Runs.late, verdict: Runs.invalid)
        let plain = TextReport(summary, folder: "results/x").text()
        let coloured = TextReport(summary, folder: "results/x").text(style: .coloured)
        #expect(!plain.contains("\u{1b}"))
        #expect(coloured.contains("\u{1b}[1mmake-payment\u{1b}[0m → "))
        #expect(coloured.contains("verdict    \u{1b}[1;31minvalid\u{1b}[0m\n"))
        let stripped = ["[1;31m", "[1m", "[0m"].reduce(coloured) { text, code in
            text.split(separator: "\u{1b}\(code)", omittingEmptySubsequences: false).joined()
        }
        #expect(stripped == plain)
    }

    @Test(arguments: [
        (Verdict.Validity.valid, "32"), (.suspect, "33"), (.invalid, "1;31"),
    ])
    func theVerdictHasTheColourOfATrafficLight(validity: Verdict.Validity, code: String) {
        let summary = Summary(
            record: Runs.nothing, verdict: Verdict(validity: validity, causes: []))
        let text = TextReport(summary, folder: nil).text(style: .coloured)
        #expect(text.hasSuffix("verdict    \u{1b}[\(code)m\(validity.rawValue)\u{1b}[0m\n"))
    }

    private func report(_ record: Record, _ verdict: Verdict) -> String {
        TextReport(Summary(record: record, verdict: verdict), folder: "results/x").text()
    }
}
