import Payments
import Results
import Testing

@Suite struct TableTests {
    let summary = Summary(record: smallRecord(), verdict: valid)

    @Test func errorsAreOneRowACode() {
        // 2 and 1 of 13 payments.
        #expect(
            summary.errorsCSV == """
                outcome,code,http_status,field,count,share
                declined,CardDeclined,402,token,2,0.153846154
                in_doubt,OPERATION_TIMEDOUT,,,1,0.076923077

                """)
    }

    @Test(arguments: [
        ("=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""),
        ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"),
        ("a,b", "\"a,b\""), ("a\r\nb", "a\\u{d}\\u{a}b"), ("\t=1", "\\u{9}=1"),
        ("\u{1b}[31mred", "\\u{1b}[31mred"), ("HTTP 503", "HTTP 503"), ("", ""),
    ])
    func aCodeFromAServerIsOneHarmlessField(code: String, field: String) {
        var hostile = summary
        hostile.errors = [hostile.errors[0]]
        hostile.errors[0].code = code
        let row = hostile.errorsCSV.split(separator: "\n").last
        #expect(row == "declined,\(field),402,token,2,0.153846154")
    }

    @Test func theTimelineIsOneRowASecond() {
        #expect(
            smallRecord().timeline.csv == """
                t_s,planned,started,completed,accepted,declined,rejected,throttled,provider_error,\
                malformed,not_sent,in_doubt,in_flight,p50_us,p99_us,send_delay_p99_us
                0,2,0,2,2,0,0,0,0,0,0,0,0,,,
                1,6,0,5,5,0,0,0,0,0,0,0,1,1000,,
                2,6,0,4,4,0,0,0,0,0,0,0,2,1000,,
                3,0,0,2,2,0,0,0,0,0,0,0,0,,,

                """)
    }

    @Test func theSummaryTableHasEveryCombinationThatCame() {
        let rows = summary.csv.split(separator: "\n")
        #expect(
            rows[0] == """
                phase,payment,outcome,time,count,mean_us,p50_us,p75_us,p90_us,p95_us,p99_us,\
                p99_9_us,p99_99_us,max_us,p50_lower_us,p50_upper_us,p50_resolved,p75_lower_us,\
                p75_upper_us,p75_resolved,p90_lower_us,p90_upper_us,p90_resolved,p95_lower_us,\
                p95_upper_us,p95_resolved,p99_lower_us,p99_upper_us,p99_resolved,p99_9_lower_us,\
                p99_9_upper_us,p99_9_resolved,p99_99_lower_us,p99_99_upper_us,p99_99_resolved,\
                adapter
                """)
        // 8 values 1…8 ms: mean 4500, rank of p50 = 4, of p75 = 6, of p90 = 8 of 8.
        #expect(
            rows.contains(
                "steady,card,accepted,response_time,8,4500,4001,6003,,,,,,8000,,,0,,,0"
                    + nothing(16)))
        #expect(rows.contains("*,*,*,send_delay,3,20,20,,,,,,,30,,,0" + nothing(19)))
        #expect(rows.contains("*,*,*,tls,0" + nothing(31)))
        #expect(rows.contains("warm-up,wallet,*,response_time,0" + nothing(31)))
        #expect(!rows.contains { $0.hasPrefix("warm-up,wallet,accepted") })
        let columns = rows.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }
        #expect(Set(columns) == [36])
    }

    private func nothing(_ columns: Int) -> String { String(repeating: ",", count: columns) }

    @Test func aPhaseNameWithACommaIsQuoted() {
        var record = smallRecord()
        record.phases[1].name = "steady, \"high\""
        let csv = Summary(record: record, verdict: valid).csv
        #expect(csv.contains("\n\"steady, \"\"high\"\"\",*,*,response_time,11,"))
    }
}
