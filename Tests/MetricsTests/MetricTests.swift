import Metrics
import Payments
import Testing

@Suite struct MetricTests {
    @Test(arguments: [
        ("errors.rate", Metric.errors(.rate), Metric.Unit.ratio),
        ("errors.count", .errors(.count), .count),
        ("in_doubt.rate", .outcome(.inDoubt, .rate), .ratio),
        ("in_doubt.count", .outcome(.inDoubt, .count), .count),
        ("outcome.throttled.rate", .outcome(.throttled, .rate), .ratio),
        ("outcome.provider_error.count", .outcome(.providerError, .count), .count),
        ("code.CardDeclined.count", .code("CardDeclined"), .count),
        ("code.HTTP 503.count", .code("HTTP 503"), .count),
        ("code.a.b.count", .code("a.b"), .count),
        ("rate.started", .rate(.started), .perSecond),
        ("rate.completed", .rate(.completed), .perSecond), ("skipped.count", .skipped, .count),
        ("response_time.p99", .time(.responseTime, .percentile(99)), .duration),
        ("service_time.p0", .time(.serviceTime, .percentile(0)), .duration),
        ("send_delay.p100", .time(.sendDelay, .percentile(100)), .duration),
        ("first_byte.p99.99", .time(.firstByte, .percentile(99.99)), .duration),
        ("connect.mean", .time(.connect, .mean), .duration),
        ("tls.max", .time(.tls, .max), .duration), ("tls.min", .time(.tls, .min), .duration),
        ("response_time.stddev", .time(.responseTime, .standardDeviation), .duration),
    ])
    func namesAreReadAndWritten(name: String, metric: Metric, unit: Metric.Unit) throws {
        #expect(try Metric(named: name) == metric)
        #expect(metric.name == name)
        #expect(metric.unit == unit)
    }

    @Test func otherWritingsMeanTheSame() throws {
        #expect(try Metric(named: "response_time.p99_9").name == "response_time.p99.9")
        #expect(try Metric(named: "response_time.p050").name == "response_time.p50")
        #expect(try Metric(named: "outcome.in_doubt.count").name == "in_doubt.count")
    }

    @Test(arguments: [
        ("", ConditionProblem.unknownMetric("")), ("errors", .unknownMetric("errors")),
        ("errors.p99", .unknownMetric("errors.p99")),
        ("Errors.rate", .unknownMetric("Errors.rate")),
        ("code.count", .unknownMetric("code.count")),
        ("code..count", .unknownMetric("code..count")),
        ("code.X.rate", .unknownMetric("code.X.rate")),
        ("outcome.accepted", .unknownMetric("outcome.accepted")),
        ("outcome.acepted.rate", .unknownOutcome("acepted")),
        ("response_time", .unknownMetric("response_time")),
        ("response_time.", .unknownStatistic("", of: .responseTime)),
        ("response_time.p", .unknownStatistic("p", of: .responseTime)),
        ("response_time.p101", .unknownStatistic("p101", of: .responseTime)),
        ("response_time.p100.1", .unknownStatistic("p100.1", of: .responseTime)),
        ("response_time.p99.", .unknownStatistic("p99.", of: .responseTime)),
        ("response_time.p9e1", .unknownStatistic("p9e1", of: .responseTime)),
        ("response_time.p-1", .unknownStatistic("p-1", of: .responseTime)),
        ("response_time.p1.2.3", .unknownStatistic("p1.2.3", of: .responseTime)),
        ("connect.avg", .unknownStatistic("avg", of: .connect)),
    ])
    func otherNamesAreRefused(name: String, problem: ConditionProblem) {
        #expect(throws: problem) { try Metric(named: name) }
    }

    @Test func everyOutcomeHasItsMetrics() throws {
        for outcome in Outcome.allCases {
            for measure in Metric.Measure.allCases {
                let metric = Metric.outcome(outcome, measure)
                #expect(try Metric(named: metric.name) == metric)
            }
        }
    }
}
