import Metrics
import Payments
import Testing

@Suite struct BudgetTests {
    private typealias Limit = Budget.Limit

    @Test(arguments: [
        ("response_time.p99 < 800ms", Budget.Limit.absolute(.duration(.milliseconds(800)))),
        ("errors.rate<0.1%", .absolute(.ratio(0.001))),
        ("in_doubt.count == 0", .absolute(.count(0))),
        ("code.HTTP 503.count != 2", .absolute(.count(2))),
        ("rate.completed >= 450/s", .absolute(.perSecond(450))),
        ("generator.cpu_us_per_request < 250us", .absolute(.duration(.microseconds(250)))),
        ("response_time.p95 <= baseline", .baseline(.share(0))),
        ("response_time.p95 <= baseline + 10%", .baseline(.share(0.1))),
        ("response_time.p95 <= baseline+10%", .baseline(.share(0.1))),
        ("rate.completed > baseline - 5%", .baseline(.share(-0.05))),
        ("response_time.p95 < baseline + 20ms", .baseline(.value(.duration(.milliseconds(20))))),
        ("tls.max < baseline - 1us", .baseline(.value(.duration(.microseconds(-1))))),
        ("errors.rate <= baseline + 0.001", .baseline(.value(.ratio(0.001)))),
        ("errors.rate < baseline - 0.5", .baseline(.value(.ratio(-0.5)))),
        ("skipped.count <= baseline + 3", .baseline(.value(.count(3)))),
        ("rate.started >= baseline - 60/min", .baseline(.value(.perSecond(-1)))),
    ])
    func limitsAreRead(text: String, limit: Budget.Limit) throws {
        let budget = try Budget(text)
        #expect(budget.limit == limit)
        #expect(budget.text == text)
        #expect(budget.isRelative == text.contains("baseline"))
    }

    /// A gate that is relative warns when nobody can tell; a promise does not pass then.
    @Test func policyFollowsTheLimit() throws {
        #expect(try Budget("errors.rate < 1%").onInconclusive == .fail)
        #expect(try Budget("errors.rate < baseline").onInconclusive == .warn)
        #expect(try Budget("errors.rate < 1%").confidence == 0.95)
        #expect(try Budget("errors.rate < 1%").window == nil)
    }

    @Test func thePhaseBesideTheCheckIsPartOfTheSelection() throws {
        var budget = try Budget("response_time.p99{payment=card, adapter=a} < 1s")
        #expect(budget.subject == "response_time.p99{payment=card, adapter=a}")
        budget.phase = "steady"
        #expect(budget.selection == Selection(phase: "steady", payment: "card", adapter: "a"))
        #expect(budget.subject == "response_time.p99{phase=steady, payment=card, adapter=a}")
    }

    @Test(arguments: [
        ("response_time.p99 < ", BudgetProblem.clause(.malformed("response_time.p99 < "))),
        ("response_time.p99 < 800", .clause(.wrongUnit("800", .duration))),
        ("response_time.p99 < 1s over 5s", .clause(.wrongUnit("1s over 5s", .duration))),
        ("errors.rate < 150%", .clause(.ratioOutOfRange("150%"))),
        (
            "generator.cpu_us_per_request{adapter=a} < 1ms",
            .clause(.labelNotHere(.adapter, .generatorCPU))
        ),
        ("response_time.p95 < basline", .unknownLimit("basline", .duration)),
        ("response_time.p95 == 1s", .equalToMeasured(.equal, p95)),
        ("errors.rate != 1%", .equalToMeasured(.notEqual, .errors(.rate))),
        ("errors.count == baseline", .equalToBaseline(.equal)),
        ("response_time.p95 < baseline * 2", .malformedAllowance("baseline * 2", p95)),
        ("response_time.p95 < baseline + ", .malformedAllowance("baseline +", p95)),
        ("response_time.p95 < baseline + 5", .malformedAllowance("baseline + 5", p95)),
        ("response_time.p95 < baseline 5%", .malformedAllowance("baseline 5%", p95)),
        ("response_time.p95 < baselines", .malformedAllowance("baselines", p95)),
        ("response_time.p95 < baseline + +5%", .malformedAllowance("baseline + +5%", p95)),
        ("response_time.p95 < baseline - 100%", .malformedAllowance("baseline - 100%", p95)),
        (
            "errors.rate < baseline + 1%",
            .malformedAllowance("baseline + 1%", .errors(.rate))
        ),
        ("errors.count >= 0", .foregone("errors.count >= 0", holds: true)),
        ("errors.count < 0", .foregone("errors.count < 0", holds: false)),
        ("errors.rate <= 1", .foregone("errors.rate <= 1", holds: true)),
        ("errors.rate > 100%", .foregone("errors.rate > 100%", holds: false)),
        ("response_time.p95 < 0s", .foregone("response_time.p95 < 0s", holds: false)),
        ("rate.started >= 0/s", .foregone("rate.started >= 0/s", holds: true)),
    ])
    func otherChecksAreRefused(text: String, problem: BudgetProblem) {
        #expect(throws: problem) { try Budget(text) }
    }

    private static let p95 = Metric.time(.responseTime, .percentile(95))

    /// Whatever is read is read from its parts again, blanks or not.
    @Test func budgetsReadBackFromTheirParts() throws {
        let metrics = [
            "response_time.p99.9", "service_time.mean", "errors.rate", "skipped.count",
            "outcome.throttled.rate", "code.Refused.count", "rate.completed", "tls.stddev",
        ]
        let limits = ["1ms", "50%", "7", "3/s", "baseline", "baseline + 7%", "baseline - 0.25"]
        for (metric, comparison, limit) in metrics.flatMap({ metric in
            Comparison.allCases.flatMap { comparison in limits.map { (metric, comparison, $0) } }
        }) {
            guard let budget = try? Budget("\(metric) \(comparison.rawValue) \(limit)") else {
                continue
            }
            let again = try Budget("\(budget.subject)\(budget.comparison.rawValue)\(limit) ")
            #expect(again.limit == budget.limit && again.metric == budget.metric)
            #expect(again.comparison == comparison)
        }
    }
}
