import Exposition
import Payments
import Results
import Testing

@Suite struct RunMetricsTests {
    private func exposed(_ run: ListedRun, until: Int? = nil) -> Exposed {
        var metrics = RunMetrics(run.start)
        for interval in run.intervals.prefix(until ?? run.intervals.count) { metrics.add(interval) }
        return Exposed(metrics.text(as: .prometheus))
    }

    @Test(arguments: 1...20)
    func everyPaymentIsCountedOnceWhereItBelongs(seed: UInt64) {
        let adapters = seed.isMultiple(of: 2) ? ["north", "south"] : []
        let run = ListedRun(seed: seed, adapters: adapters)
        let exposed = exposed(run)
        #expect(exposed.repeated.isEmpty)
        for outcome in Outcome.allCases {
            for isMeasured in [true, false] {
                let own = run.payments.filter {
                    $0.outcome == outcome && $0.isMeasured == isMeasured
                }
                let labels = ["outcome": outcome.name, "measured": "\(isMeasured)"]
                #expect(exposed.sum("paybench_payments_total", labels) == Double(own.count))
                let codes = outcome == .accepted ? 0 : own.count
                #expect(exposed.sum("paybench_codes_total", labels) == Double(codes))
            }
        }
        for adapter in adapters {
            let own = run.payments.count { $0.adapter == adapter }
            #expect(exposed.sum("paybench_completed_total", ["adapter": adapter]) == Double(own))
        }
        for name in ["planned", "started", "completed"] {
            #expect(exposed.sum("paybench_\(name)_total") == Double(run.payments.count), "\(name)")
        }
        #expect(exposed.sum("paybench_in_flight") == 0)
    }

    /// Against the list of all durations: a bound counts what is within it, and at most what is within
    /// a 1024th more.
    @Test(arguments: 1...20)
    func bucketsCountWhatIsWithinTheirBounds(seed: UInt64) throws {
        let run = ListedRun(seed: seed)
        let exposed = exposed(run)
        let buckets = exposed.values.filter { $0.key.name.hasSuffix("_time_seconds_bucket") }
        #expect(!buckets.isEmpty)
        for (series, count) in buckets {
            let isResponse = series.name == "paybench_response_time_seconds_bucket"
            let times = run.payments.filter {
                $0.outcome.name == series.labels["outcome"]
                    && "\($0.isMeasured)" == series.labels["measured"]
            }.map { isResponse ? $0.response : $0.service }
            let bound = try #require(Double(series.labels["le"] ?? "")) * 1e6
            let least = times.count { Double($0) <= bound + 1e-6 }
            let most = times.count { Double($0) <= bound * (1 + 1.0 / 1024) + 1e-6 }
            #expect(Double(least)...Double(most) ~= count, "\(series)")
        }
        let sum = run.payments.reduce(0) { $0 + Double($1.response) } / 1e6
        #expect(abs(exposed.sum("paybench_response_time_seconds_sum") - sum) < 1e-9 * (1 + sum))
    }

    @Test(arguments: 1...5)
    func countersOnlyGrow(seed: UInt64) {
        let run = ListedRun(seed: seed, intervals: 8, codes: 500)
        var before = exposed(run, until: 0)
        for count in 1...run.intervals.count {
            let now = exposed(run, until: count)
            let counters = before.values.filter { series, _ in
                series.name.hasSuffix("_total") || series.name.hasSuffix("_bucket")
                    || series.name.hasSuffix("_count")
            }
            for (series, value) in counters {
                #expect(now.values[series].map { $0 >= value } == true, "\(series)")
            }
            before = now
        }
    }

    @Test func noServiceCanMakeMoreSeriesThanFiftyCodes() {
        let run = ListedRun(seed: 11, intervals: 60, codes: 100_000)
        let exposed = exposed(run)
        let codes = exposed.values.keys.filter { $0.name == "paybench_codes_total" }
        let named = Set(codes.map { [$0.labels["outcome"], $0.labels["code"]] })
            .filter { $0[1] != "other" }
        #expect(named.count == 50)
        #expect(codes.count <= 2 * (50 + Outcome.allCases.count))
        let unaccepted = run.payments.count { $0.outcome != .accepted }
        #expect(exposed.sum("paybench_codes_total") == Double(unaccepted))
        #expect(exposed.sum("paybench_codes_total", ["code": "other"]) > 0)
    }

    @Test func whatAServiceSaysStaysALabel() throws {
        let words = "a\"} 1\nb \\ \u{1b}[2J é\r\n" + String(repeating: "x", count: 5000)
        var metrics = RunMetrics(ListedRun(seed: 1, intervals: 0).start)
        var interval = Interval(of: ListedRun(seed: 1, intervals: 0).start)
        interval.phases[1].codes[
            Interval.Code(outcome: .rejected, code: words, httpStatus: 400, field: nil)] = 3
        metrics.add(interval)
        for format in ExpositionFormat.allCases {
            let exposed = Exposed(metrics.text(as: format))
            let codes = exposed.values.filter { $0.key.name == "paybench_codes_total" }
            let code = try #require(
                codes.first { $0.key.labels["measured"] == "true" }?.key.labels["code"])
            #expect(exposed.sum("paybench_codes_total") == 3)
            #expect(code == words.printable.prefix(100))
        }
    }

    @Test func anotherRunOfTheProcessGoesOnCounting() {
        let (first, second) = (ListedRun(seed: 3), ListedRun(seed: 4))
        var metrics = RunMetrics(first.start)
        for interval in first.intervals { metrics.add(interval) }
        metrics.begin(second.start)
        for interval in second.intervals { metrics.add(interval) }
        let exposed = Exposed(metrics.text(as: .prometheus))
        let payments = first.payments.count + second.payments.count
        #expect(exposed.sum("paybench_payments_total") == Double(payments))
        // A quarter of a second an interval.
        #expect(exposed.sum("paybench_generator_cpu_seconds_total") == 2.5)
    }

    @Test func whereTheRunStandsIsTold() {
        let run = ListedRun(seed: 5, intervals: 3)
        var metrics = RunMetrics(run.start)
        for interval in run.intervals.prefix(1) { metrics.add(interval) }
        func phase(_ name: String) -> Double {
            Exposed(metrics.text(as: .prometheus)).sum("paybench_phase_active", ["phase": name])
        }
        #expect((phase("warm-up"), phase("steady")) == (1, 0))
        for interval in run.intervals.dropFirst() { metrics.add(interval) }
        #expect((phase("warm-up"), phase("steady")) == (0, 1))
        metrics.stage = .over
        metrics.verdict = Verdict(
            validity: .suspect,
            causes: [.init(check: "schedule.lag", value: 0.1, threshold: 0.05, advice: "Wait.")])
        let exposed = Exposed(metrics.text(as: .prometheus))
        #expect(exposed.sum("paybench_run_active") == 0)
        #expect(exposed.sum("paybench_phase_active") == 0)
        #expect(exposed.sum("paybench_run_validity", ["validity": "suspect"]) == 1)
        #expect(exposed.sum("paybench_run_validity") == 1)
        #expect(exposed.sum("paybench_run_doubt", ["check": "schedule.lag"]) == 1)
    }
}

@Suite struct NegotiationTests {
    @Test(arguments: [
        (nil, false),
        ("", false),
        ("*/*", false),
        ("text/html,application/xhtml+xml,*/*;q=0.8", false),
        ("text/plain;version=0.0.4;q=0.5,*/*;q=0.1", false),
        ("application/openmetrics-text", true),
        (
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;"
                + "q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true
        ),
        ("APPLICATION/OpenMetrics-Text ; Version=1.0.0 ; Q=0.8", true),
        ("application/openmetrics-text;version=0.0.1", false),
        ("application/openmetrics-text;q=0", false),
        ("application/openmetrics-text;q=0.3,text/plain;q=0.9", false),
        ("application/openmetrics-text;q=nonsense", false),
        (";;;,,,=", false),
    ])
    func theFormatIsWhatTheReaderWouldRatherHave(accept: String?, isOpenMetrics: Bool) {
        let format = ExpositionFormat(accepting: accept)
        #expect((format == .openMetrics) == isOpenMetrics)
    }
}
