import Arrivals
import Metrics
import Scenarios
import Testing

@Suite struct CapacityTests {
    private func scenario(_ capacity: String, limits: String? = nil) -> ScenarioText {
        ScenarioText(load: nil, limits: limits, more: "capacity: \(capacity)")
    }

    private static let least =
        "search: { from: 50/s, to: 2000/s }, sustain: [response_time.p99 < 250ms]"

    @Test func defaultsFollowThePromises() throws {
        let read = { (capacity: String) in
            try #require(try reading(scenario("{ \(capacity) }").text).get().capacity)
        }
        let plain = try read(Self.least)
        #expect(plain.search.tolerance == 0.02 && plain.search.confidence == 0.95)
        #expect(plain.step == .init(settle: nil, measure: .seconds(10), repeats: 1))
        #expect(plain.arrivals == .poisson && plain.length == .seconds(300))
        #expect(plain.then == .init() && plain.expect == nil)
        #expect(plain.longestPromise == .milliseconds(250))
        // 20 times 2 s.
        let slow = try read(
            "search: { from: 1/s, to: 9/s, confidence: 99% }, sustain: [response_time.p99 < 2s, "
                + "errors.rate < 1%, 'response_time.p50{payment=card} <= 100ms']")
        #expect(slow.step.measure == .seconds(40))
        #expect(slow.sustain.map(\.confidence) == [0.99, 0.99, 0.99])
        let own = try read(
            Self.least + ", step: { measure: 5s, repeats: 3 }, arrivals: uniform, expect: 1200/s, "
                + "then: { step_down: true, soak: 10m, soak_at: 90% }, for: 20m")
        #expect(own.step == .init(settle: nil, measure: .seconds(5), repeats: 3))
        #expect(own.then == .init(stepDown: true, soak: .seconds(600), soakAt: 0.9))
        #expect(own.expect == Rate(perSecond: 1200) && own.length == .seconds(1200))
    }

    private static let mistakes: [(String, String)] = [
        ("{ sustain: [errors.rate < 1%] }", "key \"search\" is missing; it is required here"),
        (
            "{ \(least), for: 5 }",
            "5 has no unit; allowed: a duration such as 500us, 20ms, 1.4s, 5m or 1h; did you mean \"5s\"?"
        ),
        (promises("[]"), "an empty list; allowed: at least one promise"),
        (
            promises("['response_time.p99{phase=a} < 1s']"),
            "there is no phase \"a\"; allowed: none"
        ),
        (
            promises("['errors.rate{payment=crad} < 1%']"),
            "there is no payment \"crad\"; allowed: card; did you mean \"card\"?"
        ),
        (
            promises("[send_delay.p99 < 1ms]"),
            "send_delay.p99 is no promise that a step can be judged by; allowed: percentiles such "
                + "as response_time.p99, errors.rate, in_doubt.rate, outcome.NAME.rate, and counts "
                + "that have to be 0"
        ),
        (
            promises("[{ check: errors.rate < 1% }]"),
            "a mapping; allowed: a budget such as response_time.p99 < 800ms"
        ),
        (
            "{ \(least), then: { soak: 1m, soak_at: 120% } }",
            "120% is out of range; allowed: 0 to 1, or 0% to 100%"
        ),
        (
            "{ \(least), step: { repeats: 0 } }",
            "0 is out of range; allowed: a whole number, 1 to 20"
        ),
    ]

    private static func promises(_ list: String) -> String {
        "{ search: { from: 1/s, to: 9/s }, sustain: \(list) }"
    }

    @Test(arguments: mistakes)
    func searchesAreJudged(capacity: String, sentence: String) {
        #expect(sentences(about: scenario(capacity)) == [sentence])
    }

    @Test func stepsHaveNoPhases() {
        let text = ScenarioText(
            more: "capacity: \(Self.promises("['response_time.p99{phase=steady} < 1s']"))")
        #expect(
            sentences(about: text) == [
                "label phase in sustain, whose steps have none; allowed: payment, outcome"
            ])
    }

    @Test func theTimeIsWithinTheLimits() {
        let capacity = "{ \(Self.least), then: { soak: 5m } }"
        #expect(sentences(about: scenario(capacity, limits: "{ duration: 10m }")).isEmpty)
        #expect(
            sentences(about: scenario(capacity, limits: "{ duration: 9m }"))
                == ["capacity may take 10m; limits.duration allows 9m"])
    }

    @Test func usersHaveNoSessionsInASearch() {
        let target =
            "{ base_url: simulator, auth: { credentials: { username: u, password: p, per: user } } }"
        let text = ScenarioText(target: target, load: nil, more: "capacity: { \(Self.least) }")
        #expect(
            sentences(about: text) == [
                "per: user, but capacity has no users, its arrivals come at a rate; allowed: "
                    + "per: worker"
            ])
    }
}
