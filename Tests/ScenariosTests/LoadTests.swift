import Arrivals
import Metrics
import Scenarios
import Testing

@Suite struct LoadTests {
    private func phase(_ text: String) throws -> Scenario.Phase {
        try reading(ScenarioText(load: "[{ phase: x, \(text) }]").text).get().phases[0]
    }

    private static let shapes: [(String, Scenario.RateShape)] = [
        ("rate: 500/s, for: 30s", .constant(Rate(perSecond: 500))),
        ("rate: 1/min, payments: 3", .constant(Rate(perSecond: 1 / 60))),
        ("rate: { from: 0/s, to: 2000/s }, for: 60s", .ramp(from: 0, to: 2000)),
        ("rate: { from: 120/min, to: 0/s }, for: 60s", .ramp(from: 2, to: 0)),
        (
            "rate: { from: 500/s, to: 2000/s, step: 250/s, every: 10s }",
            .stairs(
                from: Rate(perSecond: 500), to: Rate(perSecond: 2000),
                step: Rate(perSecond: 250), every: .seconds(10))
        ),
        (
            "rate: { base: 100/s, peak: 1000/s, at: 10s, lasting: 5s }, for: 30s",
            .spike(
                base: 100, peak: Rate(perSecond: 1000), at: .seconds(10), lasting: .seconds(5))
        ),
        (
            "rate: { base: 0/s, peak: 10/s, at: 0s, lasting: 5s }, for: 5s",
            .spike(base: 0, peak: Rate(perSecond: 10), at: .zero, lasting: .seconds(5))
        ),
    ]

    @Test(arguments: shapes)
    func ratesOverTime(text: String, shape: Scenario.RateShape) throws {
        #expect(try phase(text).model == .open(.rate(shape, .poisson)))
        #expect(
            try phase(text + ", arrivals: uniform").model == .open(.rate(shape, .uniform)))
    }

    @Test func aProfileIsMadeOfTheShape() throws {
        let ramp = try phase("rate: { from: 0/s, to: 2000/s }, for: 60s, arrivals: uniform")
        #expect(
            ramp.schedule
                == .profile(.ramp(from: 0, to: 2000, over: 60_000_000_000), .uniform))
        let users = try phase("users: 1, for: 1s")
        #expect(users.schedule == nil)
    }

    @Test func usersThinkAndComeAndGo() throws {
        typealias Users = Scenario.Users
        let table: [(String, Users)] = [
            ("users: 50, for: 1s", Users(from: 50, to: 50, thinkTime: .constant(.zero))),
            (
                "users: 50, think_time: 100ms, for: 1s",
                Users(from: 50, to: 50, thinkTime: .constant(.milliseconds(100)))
            ),
            (
                "users: { from: 0, to: 100 }, every: 1s, for: 30s, "
                    + "think_time: { uniform: { from: 50ms, to: 150ms } }",
                Users(
                    from: 0, to: 100,
                    thinkTime: .uniform(from: .milliseconds(50), to: .milliseconds(150)),
                    pace: .seconds(1))
            ),
            (
                "users: 5, think_time: { exponential: 100ms }, payments_per_user: 20",
                Users(
                    from: 5, to: 5, thinkTime: .exponential(mean: .milliseconds(100)),
                    paymentsEach: 20)
            ),
        ]
        for (text, users) in table { #expect(try phase(text).model == .closed(users), "\(text)") }
    }

    private func flow(_ load: String) throws -> Scenario.Flow {
        try reading(ScenarioText(load: load).text).get().flows[0]
    }

    @Test func aRepeatedPhaseIsOnePhaseOfManyPasses() throws {
        let flow = try flow("[{ phase: a, users: 1, for: 1s, repeat: 3 }]")
        #expect(flow.phases.map(\.name) == ["a"])
        #expect(flow.passes == [0, 0, 0])
    }

    @Test func groupsRepeatInOrder() throws {
        let flow = try flow(
            """

              - { phase: first, users: 1, for: 1s }
              - repeat: 2
                load:
                  - { phase: a, users: 1, for: 1s }
                  - { pause: 1s }
                  - { repeat: 2, load: [{ phase: b, users: 1, for: 1s, repeat: 2 }] }
              - { pause: 5s }
            """)
        #expect(flow.phases.map(\.name) == ["first", "a", "pause", "b", "pause-2"])
        #expect(flow.passes == [0, 1, 2, 3, 3, 3, 3, 1, 2, 3, 3, 3, 3, 4])
    }

    @Test func aPauseIsAPhaseThatPaysNothing() throws {
        let flow = try flow(
            "[{ phase: pause, users: 1, for: 1s }, { pause: 3s }, { phase: rest, pause: 1ms }]")
        #expect(flow.phases.map(\.name) == ["pause", "pause-2", "rest"])
        #expect(flow.phases.map(\.isPause) == [false, true, true])
        let pause = flow.phases[1]
        #expect(pause.model == .open(.pause))
        #expect(pause.end.length == .seconds(3))
        #expect(!pause.measure)
        #expect(pause.plannedPayments == 0)
        #expect(pause.plannedDuration == .seconds(3))
    }

    @Test func flowsStandBesideEachOther() throws {
        let text = ScenarioText(
            load: nil,
            more: "flows: { web: [{ phase: a, users: 1, for: 1s }], "
                + "app: [{ phase: a, users: 2, for: 1s }, { phase: b, rate: 1/s, for: 1s }] }")
        let scenario = try reading(text.text).get()
        #expect(scenario.flows.map(\.name) == ["web", "app"])
        #expect(scenario.flows.map(\.passes) == [[0], [0, 1]])
        #expect(scenario.phases.map(\.name) == ["a", "a", "b"])
        #expect(try reading(ScenarioText().text).get().flows.map(\.name) == [nil])
    }

    @Test func aPhaseMayHaveItsOwnMix() throws {
        let payments =
            "["
            + ["card", "wallet", "bank"].map {
                "{ name: \($0), weight: 5, client_type: 1, payment_method: {} }"
            }.joined(separator: ", ") + "]"
        let load =
            "[{ phase: a, users: 1, for: 1s, mix: { bank: 1, card: 3 } }, "
            + "{ phase: b, users: 1, for: 1s }]"
        let phases = try reading(ScenarioText(payments: payments, load: load).text).get().phases
        #expect(phases.map(\.weights) == [[3, 0, 1], nil])
    }

    @Test func conditionsEndPhasesAndRuns() throws {
        let load =
            "[{ phase: a, users: 1, for: 1s, until: in_doubt.count > 10 }, "
            + "{ phase: b, users: 1, for: 1s, until: ['errors.count{payment=card} > 1', "
            + "'response_time.p99{outcome=accepted} > 1s over 2s'] }]"
        let limits = "{ on_full: skip, stop_if: ['errors.rate > 50% over 5s'] }"
        let scenario = try reading(ScenarioText(load: load, limits: limits).text).get()
        #expect(scenario.phases[0].until == [try Condition("in_doubt.count > 10")])
        #expect(
            scenario.phases[1].until == [
                try Condition("errors.count{payment=card} > 1"),
                try Condition("response_time.p99{outcome=accepted} > 1s over 2s"),
            ])
        #expect(scenario.limits.stopIf == [try Condition("errors.rate > 50% over 5s")])
        #expect(scenario.limits.onFull == .skip)
        #expect(try reading(ScenarioText().text).get().limits.onFull == .wait)
    }
}
