import Scenarios
import Testing

@Suite struct ConditionComplaintTests {
    private static let conditions: [(String, String)] = [
        (
            "errors.rate 50%",
            "\"errors.rate 50%\"; allowed: metric op value, then over a duration if need be, such "
                + "as errors.rate > 50% over 5s"
        ),
        (
            "eror.rate > 50%",
            "unknown metric \"eror.rate\"; allowed: \(metrics); did you mean \"errors.rate\"?"
        ),
        (
            "respnse_time.p99.9 > 1s",
            "unknown metric \"respnse_time.p99.9\"; allowed: \(metrics); did you mean "
                + "\"response_time.p99.9\"?"
        ),
        (
            "response_time.men > 1s",
            "response_time has no \"men\"; allowed: p0 to p100 such as p99.9, mean, max, min, "
                + "stddev; did you mean \"mean\"?"
        ),
        (
            "outcome.throtled.rate > 1%",
            "unknown outcome \"throtled\"; allowed: accepted, declined, rejected, throttled, "
                + "provider_error, malformed, not_sent, in_doubt; did you mean \"throttled\"?"
        ),
        (
            "errors.rate{paymnt=card} > 1%",
            "unknown label \"paymnt\"; allowed: phase, payment, outcome, flow; did you mean "
                + "\"payment\"?"
        ),
        (
            "errors.rate{payment=crad} > 1%",
            "there is no payment \"crad\"; allowed: card; did you mean \"card\"?"
        ),
        ("errors.rate => 1%", "\"=>\" compares nothing; allowed: <, <=, >, >=, ==, !="),
        ("errors.rate > 5s", "\"5s\"; allowed: a ratio such as 0.1% or 0.001"),
        ("errors.rate > 50", "50 is out of range; allowed: 0 to 1, or 0% to 100%"),
        ("in_doubt.count > 1%", "\"1%\"; allowed: a whole number such as 10"),
        ("rate.started < 5", "\"5\"; allowed: a rate such as 500/s, 12000/min or 36000/h"),
        (
            "tls.max > 5",
            "\"5\"; allowed: a duration such as 500us, 20ms, 1.4s, 5m or 1h"
        ),
        (
            "errors.rate > 5% over 5",
            "\"5\" behind over; allowed: 250ms to 1h, with its unit"
        ),
        (
            "errors.rate{outcome=accepted} > 5%",
            "label outcome with errors.rate; allowed with it: phase, payment, flow"
        ),
        ("errors.rate{phase=steady,phase=inner} > 5%", "label phase again; once is allowed"),
        (
            "errors.rate{phase} > 5%",
            "\"phase\"; allowed between the braces: label=value, separated by commas"
        ),
    ]

    private static let metrics =
        "errors.rate, errors.count, in_doubt.rate, in_doubt.count, outcome.NAME.rate, "
        + "outcome.NAME.count, code.NAME.count, rate.started, rate.completed, skipped.count, "
        + "response_time.p99, service_time.p99, send_delay.p99, first_byte.p99, connect.p99, tls.p99"

    @Test(arguments: conditions)
    func conditionsAreJudgedWhereTheyStand(condition: String, sentence: String) {
        let load =
            "[{ phase: steady, users: 1, for: 1s }, { repeat: 2, load: [{ phase: inner, users: 1, "
            + "for: 1s, until: '\(condition)' }] }]"
        #expect(sentences(about: ScenarioText(load: load)) == [sentence])
        let fine = "[{ phase: steady, users: 1, for: 1s }, { phase: inner, users: 1, for: 1s }]"
        let limits = "{ stop_if: [errors.rate > 99%, '\(condition)'] }"
        #expect(sentences(about: ScenarioText(load: fine, limits: limits)) == [sentence])
    }

    @Test(arguments: [
        (
            "errors.rate{phase=stedy} > 1%",
            "there is no phase \"stedy\"; allowed: steady, rest; did you mean \"steady\"?"
        ),
        (
            "errors.rate{flow=wbe} > 1%",
            "there is no flow \"wbe\"; allowed: web, app; did you mean \"web\"?"
        ),
        (
            "errors.rate{flow=web,phase=rest} > 1%",
            "there is no phase \"rest\"; allowed: steady"
        ),
        ("errors.rate{flow=app,phase=rest} > 1%", nil), ("errors.rate{phase=rest} > 1%", nil),
        ("errors.rate{phase=app/rest} > 1%", nil),
        (
            "errors.rate{phase=web/rest} > 1%",
            "there is no phase \"web/rest\"; allowed: steady, rest"
        ),
    ])
    func labelsNamePhasesAndFlows(condition: String, sentence: String?) {
        let flows =
            "flows: { web: [{ phase: steady, users: 1, for: 1s }], app: [{ phase: steady, "
            + "users: 1, for: 1s }, { phase: rest, users: 1, for: 1s }] }"
        let scenario = ScenarioText(
            load: nil, limits: "{ stop_if: '\(condition)' }", more: flows)
        #expect(sentences(about: scenario) == [sentence].compactMap(\.self))
    }

    @Test func untilIsAboutItsOwnPhase() {
        for label in ["phase", "flow"] {
            let load =
                "[{ phase: a, users: 1, for: 1s, until: 'errors.rate{\(label)=a} > 1%' }]"
            #expect(
                sentences(about: ScenarioText(load: load)) == [
                    "label \(label) in until, which is about its own phase; allowed: payment, "
                        + "outcome"
                ])
        }
    }

    /// Only budgets know of adapters, and of what the generator took.
    @Test func conditionsAreAboutAllAdapters() {
        let labels = "allowed: phase, payment, outcome, flow"
        let stop = { (condition: String) in
            ScenarioText(limits: "{ stop_if: '\(condition)' }")
        }
        #expect(
            sentences(about: stop("errors.rate{adapter=a} > 1%"))
                == ["unknown label \"adapter\"; \(labels)"])
        #expect(
            sentences(about: stop("generator.cpu_us_per_request > 1ms"))
                == ["unknown metric \"generator.cpu_us_per_request\"; allowed: \(Self.metrics)"])
    }

    @Test func conditionsAreTexts() {
        #expect(
            sentences(about: ScenarioText(limits: "{ stop_if: 5 }"))
                == [
                    "the number 5; allowed: a text, in quotes if it looks like a number or a truth "
                        + "value"
                ])
        #expect(
            sentences(about: ScenarioText(limits: "{ stop_if: { a: b } }"))
                == ["a mapping; allowed: a condition such as in_doubt.count > 10"])
        #expect(
            sentences(about: ScenarioText(limits: "{ on_full: drop }"))
                == ["\"drop\"; allowed: wait, skip"])
    }
}
