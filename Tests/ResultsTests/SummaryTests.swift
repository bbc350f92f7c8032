import Histograms
import Payments
import Results
import Testing

@Suite struct SummaryTests {
    let summary = Summary(record: smallRecord(), verdict: valid)

    @Test func theKeysAreThoseOfTheContract() throws {
        let json = try JSON(try summary.json())
        let contract: Set = [
            "format", "run_id", "tool", "scenario", "started_at", "wall_s", "verdict", "totals",
            "rate", "bytes", "latency", "latency_by_outcome", "phases", "payments", "errors",
            "generator",
        ]
        #expect(json.keys == contract.union(["target", "ending"]))
        #expect(json["format"] == .string("paybench-summary/1"))
        #expect(json["tool"]?.keys == ["version", "libcurl", "swift"])
        #expect(json["scenario"]?.keys == ["name", "sha256", "seed"])
        #expect(json["verdict"]?.keys == ["validity", "causes", "accepted"])
        #expect(
            json["totals"]?.keys == ["planned", "started", "skipped", "retries", "outcomes"])
        #expect(json["totals"]?["outcomes"]?.keys == Set(Outcome.allCases.map(\.name)))
        #expect(
            json["rate"]?.keys == ["planned_per_s", "started_per_s", "completed_per_s"])
        #expect(json["bytes"]?.keys == ["sent", "received"])
        #expect(
            json["errors"]?[0]?.keys == [
                "outcome", "code", "http_status", "field", "count", "share",
            ])
        #expect(
            json["generator"]?.keys == [
                "workers", "cores", "cpu_s", "cpu_us_per_request", "busiest_worker",
                "peak_rss_bytes", "connections_opened",
            ])
    }

    @Test func latencyHasTheSameKeysEverywhere() throws {
        let json = try JSON(try summary.json())
        let times: Set = [
            "response_time", "service_time", "send_delay", "first_byte", "connect", "tls",
        ]
        let statistics: Set = [
            "count", "min_us", "mean_us", "stddev_us", "p50_us", "p75_us", "p90_us", "p95_us",
            "p99_us", "p99_9_us", "p99_99_us", "max_us", "intervals",
        ]
        for latency in [json["latency"], json["phases"]?[0]?["latency"]] {
            #expect(latency?.keys == times)
            for time in times { #expect(latency?[time]?.keys == statistics) }
        }
        #expect(json["latency_by_outcome"]?.keys == ["accepted", "declined", "in_doubt"])
        let inDoubt = json["latency_by_outcome"]?["in_doubt"]
        #expect(inDoubt?.keys == ["response_time", "service_time"])
        #expect(inDoubt?["response_time"]?.keys == statistics)
    }

    @Test func whatIsNotKnownIsNullAndNeverZero() throws {
        let json = try JSON(try summary.json())
        // 11 values: rank of p50 = 6, of p90 = 10, of p95 = 11 of 11, so nothing is above p95.
        let response = json["latency"]?["response_time"]
        #expect(response?["count"] == .number(11))
        #expect(response?["p50_us"] == .number(6003))
        #expect(response?["p95_us"] == .null)
        #expect(response?["p99_us"] == .null)
        #expect(response?["max_us"] == .number(10_000_000))
        let tls = json["latency"]?["tls"]
        #expect(tls?["count"] == .number(0))
        for key in tls?.keys.subtracting(["count", "intervals"]) ?? [] {
            #expect(tls?[key] == .null)
        }
        #expect(tls?["intervals"]?.keys == [])
        // Where no quantile is, no interval is.
        #expect(response?["intervals"]?.keys == ["p50", "p75", "p90"])
        #expect(json["errors"]?[1]?["http_status"] == .null)
    }

    @Test func totalsAreOfAllPhasesAndLatencyOfTheMeasuredOnes() {
        #expect(summary.totals.planned == 2 + 12)
        #expect(summary.totals.started == 2 + 11)
        #expect(summary.totals.skipped == 1)
        #expect(summary.totals.count(of: .accepted) == 2 + 8)
        #expect(summary.bytes.sent == 200 + 1100)
        #expect(summary.bytes.received == 5000)
        #expect(summary.latency.responseTime.count == 11)
        #expect(summary.payments.map(\.started) == [2 + 8, 3])
        #expect(summary.payments[0].latency.responseTime.count == 8)
        #expect(summary.phases[0].latency.responseTime.count == 2)
    }

    @Test func ratesAreOfTheMeasuredPhasesAndCompletionsOfTheTimeTheyLast() {
        // Steady is seconds 1 and 2: 12/2 planned, 11/2 started, (5 + 4)/2 completed.
        #expect(summary.rate.plannedPerSecond == 6)
        #expect(summary.rate.startedPerSecond == 5.5)
        #expect(summary.rate.completedPerSecond == 4.5)
        #expect(summary.phases[0].rate.completedPerSecond == 2)
    }

    @Test func aPhaseWithoutAWholeSecondHasNoRateOfCompletions() {
        var record = smallRecord()
        record.phases[0].spans = [PhaseRecord.Span(start: 0, end: 0.6)]
        record.phases[1].spans = [PhaseRecord.Span(start: 0.6, end: 1.4)]
        let rate = Summary(record: record, verdict: valid).rate
        // 0.6 s to 1.4 s holds no whole second.
        #expect(rate.completedPerSecond == nil)
        #expect(rate.startedPerSecond == 13.75)
    }

    @Test func aRunThatSentNothingHasNoRates() {
        var record = smallRecord()
        record.phases = []
        record.codes = []
        record.timeline = []
        let summary = Summary(record: record, verdict: valid)
        #expect(summary.rate.startedPerSecond == nil)
        #expect(summary.generator.cpuMicrosecondsPerRequest == nil)
        #expect(summary.payments.map(\.started) == [0, 0])
    }

    @Test func aQuantileNeverLiesAboveTheMaximum() {
        // Both are counted in the bucket 10000…10007.
        let distribution = Distribution(histogram([10_000, 10_000]))
        #expect(distribution.p50 == 10_000)
        #expect(distribution.maximum == 10_000)
    }

    @Test func costIsCountedPerRequestAndARetryIsOne() {
        // 1300 µs of CPU for 13 payments, then for 13 payments and 13 retries.
        #expect(summary.generator.cpuMicrosecondsPerRequest == 100)
        var record = smallRecord()
        record.phases[1].retries = 13
        let withRetries = Summary(record: record, verdict: valid)
        #expect(withRetries.generator.cpuMicrosecondsPerRequest == 50)
    }

    @Test func shareIsOfAllStartedPayments() {
        #expect(summary.errors.map(\.share) == [2.0 / 13, 1.0 / 13])
    }

    @Test(arguments: [
        Ending.completed, .interrupted(.interrupt), .interrupted(.terminate),
        .guardRail("limits.payments"),
    ])
    func whatIsWrittenReadsBackTheSame(ending: Ending) throws {
        var record = smallRecord()
        record.ending = ending
        // Above 2^53, where a reader that keeps numbers as doubles would lose the last digit.
        record.identity.seed = 9_007_199_254_740_993
        record.codes[0].code = "\u{1b}]0;\"é\"\n"
        let summary = Summary(record: record, verdict: valid)
        try withTemporaryFolder { path in
            try ResultFolder(path: path).write(record, summary, scenario: "")
            #expect(try Summary.read(path) == summary)
            #expect(try Summary.read("\(path)/summary.json") == summary)
        }
    }
}
