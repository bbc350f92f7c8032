import Scenarios
import Testing

@Suite struct LoadComplaintTests {
    private static let loads: [(String, String)] = [
        ("[]", "an empty list; allowed: at least one phase"),
        ("{}", "a mapping; allowed: a list of phases"),
        (
            "[{ phase: a, for: 1s }]",
            "neither rate, users nor arrivals from a file; rate: 500/s (open model), users: 50 "
                + "(closed model) or arrivals: { file: arrivals.csv } is allowed"
        ),
        (
            "[{ phase: a, rate: 1/s, users: 2, for: 1s }]",
            "rate and users in one phase; rate (open model), users (closed model) or arrivals "
                + "from a file is allowed"
        ),
        (
            "[{ phase: a, rate: 1/s }]",
            "a phase without end; for: 30s, payments: 5000 or both are allowed"
        ),
        (
            "[{ phase: a, users: 1 }]",
            "a phase without end; for: 30s, payments: 5000 or both are allowed"
        ),
        (
            "[{ phase: a, rate: { base: 1/s, peak: 2/s, at: 1s, lasting: 1s } }]",
            "a phase without end; for: 30s, payments: 5000 or both are allowed"
        ),
        (
            "[{ phase: a, rate: { from: 1/s, to: 2/s }, payments: 5 }]",
            "rate: { from, to } without for; for: 30s says how long the change takes"
        ),
        (
            "[{ phase: a, users: { from: 1, to: 2 }, payments_per_user: 5 }]",
            "users: { from, to } without for; for: 30s says how long the change takes"
        ),
        (
            "[{ phase: a, rate: 1/s, for: 1s, think_time: 1s }]",
            "think_time without users; think_time is allowed in phases with users"
        ),
        (
            "[{ phase: a, rate: 1/s, for: 1s, every: 1s }]",
            "every without users; every is allowed in phases with users"
        ),
        (
            "[{ phase: a, rate: 1/s, for: 1s, payments_per_user: 2 }]",
            "payments_per_user without users; payments_per_user is allowed in phases with users"
        ),
        (
            "[{ phase: a, users: 1, for: 1s, arrivals: uniform }]",
            "arrivals without rate; arrivals is allowed in phases with rate"
        ),
        ("[{ rate: 1/s, for: 1s }]", "key \"phase\" is missing; it is required here"),
        (
            "[{ phase: a, rate: 1/s, for: 1s }, { puse: 10s }]",
            "unknown key \"puse\"; allowed here: phase, rate, users, arrivals, think_time, every, "
                + "for, payments, payments_per_user, measure, mix, repeat, until, pause, load; "
                + "did you mean \"pause\"?"
        ),
        (
            "[{ phase: a, rate: 200001/s, for: 1s }]",
            "200001/s is out of range; allowed: 1/min to 200000/s"
        ),
        ("[{ phase: a, rate: 59/h, for: 1s }]", "59/h is out of range; allowed: 1/min to 200000/s"),
        (
            "[{ phase: a, rate: 1/s, for: 1s }, { phase: a, rate: 2/s, for: 1s }]",
            "name \"a\" again, first at 5:17; once is allowed"
        ),
        (
            "[{ phase: a, rate: 1/s, for: 1s }, { repeat: 2, load: [{ phase: a, users: 1, "
                + "for: 1s }] }]",
            "name \"a\" again, first at 5:17; once is allowed"
        ),
        (
            "[{ phase: a, users: 0, for: 1s }]",
            "0 is out of range; allowed: a whole number, 1 to 100000"
        ),
        (
            "[{ phase: a, users: fifty, for: 1s }]",
            "the text \"fifty\"; allowed: a whole number, 1 to 100000"
        ),
        (
            "[{ phase: a, users: { from: 0, to: 0 }, for: 1s }]",
            "from 0 to 0; one of the two has to be above 0"
        ),
        (
            "[{ phase: a, users: { from: 1 }, for: 1s }]",
            "key \"to\" is missing; it is required here"
        ),
        (
            "[{ phase: a, rate: 1/s, for: 1s, measure: no }]",
            "\"no\"; allowed: true, false; did you mean \"false\"?"
        ),
        (
            "[{ phase: a, rate: 1/s, for: 1s, repeat: 0 }]",
            "0 is out of range; allowed: a whole number, 1 to 1000"
        ),
        ("[{ pause: 1s }]", "nothing but pauses; at least one phase has to make payments"),
    ]

    @Test(arguments: loads)
    func loadsAreJudged(load: String, sentence: String) {
        #expect(sentences(about: ScenarioText(load: load)) == [sentence])
    }

    private static let rates: [(String, String)] = [
        ("{}", "key \"from\" is missing; it is required here"),
        ("{ from: 1/s }", "key \"to\" is missing; it is required here"),
        ("{ from: 0/s, to: 0/s }", "from 0 to 0; one of the two has to be above 0"),
        (
            "{ from: 1, to: 5/s }",
            "1 has no unit; allowed: a rate such as 500/s, 12000/min or 36000/h; did you mean "
                + "\"1/s\"?"
        ),
        ("{ from: 1/s, to: 5/s, step: 1/s }", "key \"every\" is missing; it is required here"),
        ("{ from: 1/s, to: 5/s, every: 1s }", "key \"step\" is missing; it is required here"),
        (
            "{ from: 1/s, to: 20002/s, step: 1/s, every: 1s }",
            "these are 20002 stairs; at most 10000 are allowed, or a ramp, { from, to }"
        ),
        (
            "{ from: 0/s, to: 5/s, step: 1/s, every: 1s }",
            "0/s is out of range; allowed: 1/min to 200000/s"
        ),
        ("{ base: 1/s, peak: 2/s, at: 1s }", "key \"lasting\" is missing; it is required here"),
        (
            "{ base: 1/s, peak: 2/s, at: 1s, lasting: 1s, to: 5/s }",
            "to beside base, peak; allowed beside base, peak: base, peak, at, lasting"
        ),
        (
            "{ base: 1/s, peak: 2/s, at: 9s, lasting: 1001ms }",
            "the spike ends after 10001ms and the phase after 10s; at and lasting within the "
                + "phase are allowed"
        ),
        (
            "{ from: 1/s, too: 2/s }",
            "unknown key \"too\"; allowed here: from, to, step, every, base, peak, at, lasting; "
                + "did you mean \"to\"?"
        ),
    ]

    @Test(arguments: rates)
    func ratesOverTimeAreJudged(rate: String, sentence: String) {
        let said = sentences(
            about: ScenarioText(load: "[{ phase: a, rate: \(rate), for: 10s }]"))
        #expect(said.contains(sentence), "\(said)")
        #expect(said.count == (rate == "{}" || rate.contains("too") ? 2 : 1))
    }

    private static let thinkTimes: [(String, String)] = [
        (
            "100",
            "100 has no unit; allowed: a duration such as 500us, 20ms, 1.4s, 5m or 1h; did you "
                + "mean \"100s\"?"
        ),
        ("{}", "no key; exactly one is allowed: uniform, exponential"),
        (
            "{ normal: 1s }",
            "unknown key \"normal\"; allowed here: uniform, exponential"
        ),
        (
            "{ uniform: { from: 1s, to: 2s }, exponential: 1s }",
            "uniform, exponential; exactly one is allowed: uniform, exponential"
        ),
        ("{ uniform: 1s }", "the text \"1s\"; allowed: a mapping with the keys from, to"),
        ("{ uniform: { from: 2s, to: 1s } }", "from 2s to 1s; allowed: to above from"),
        ("{ exponential: 2h }", "2h is out of range; allowed: 0s to 1h"),
    ]

    @Test(arguments: thinkTimes)
    func thinkTimesAreJudged(time: String, sentence: String) {
        let load = "[{ phase: a, users: 1, think_time: \(time), for: 10s }]"
        #expect(sentences(about: ScenarioText(load: load)) == [sentence])
    }

    private static let groups: [(String, String)] = [
        ("{ load: [PHASE] }", "key \"repeat\" is missing; it is required here"),
        ("{ repeat: 2, load: [] }", "an empty list; allowed: at least one phase"),
        (
            "{ repeat: 2, phase: g, load: [PHASE] }",
            "phase beside load; allowed beside load: repeat"
        ),
        (
            "{ repeat: 2, for: 1s, load: [PHASE] }",
            "for beside load; allowed beside load: repeat"
        ),
        (
            "{ repeat: 1001, load: [PHASE] }",
            "1001 is out of range; allowed: a whole number, 1 to 1000"
        ),
        (
            "{ repeat: 10, load: [{ repeat: 10, load: [PHASE, { repeat: 10, load: [{ pause: 1s }] "
                + "}] }] }",
            "phases run 1100 times in all, counting every repeat; at most 1000 is allowed"
        ),
        ("PHASE, { pause: 1s, rate: 1/s }", "rate beside pause; allowed beside pause: phase"),
        ("PHASE, { pause: 1s, repeat: 2 }", "repeat beside pause; allowed beside pause: phase"),
        (
            "PHASE, { pause: 1 }",
            "1 has no unit; allowed: a duration such as 500us, 20ms, 1.4s, 5m or 1h; did you mean "
                + "\"1s\"?"
        ),
    ]

    @Test(arguments: groups)
    func groupsAndPausesAreJudged(step: String, sentence: String) {
        let phase = "{ phase: a, users: 1, for: 1s }"
        var parts = step.split(separator: "PHASE", omittingEmptySubsequences: false)
        let first = parts.removeFirst()
        let load = "[" + parts.reduce(String(first)) { $0 + phase + $1 } + "]"
        #expect(sentences(about: ScenarioText(load: load)) == [sentence])
    }

    /// A thousand to the sixtieth power, without counting to it.
    @Test func deeplyRepeatedGroupsAreCountedQuickly() {
        var load = "[{ phase: a, users: 1, for: 1s }]"
        for _ in 0..<25 { load = "[{ repeat: 1000, load: \(load) }]" }
        let said = sentences(about: ScenarioText(load: load))
        #expect(
            said == [
                "phases run 1000000000000 times in all, counting every repeat; at most 1000 is "
                    + "allowed"
            ])
    }

    private static let flows: [(String?, String?, String)] = [
        (
            nil, nil,
            "neither load nor flows; load: [phases] or flows: { NAME: [phases] } is required here"
        ),
        (
            "[{ phase: a, users: 1, for: 1s }]", "{ web: [{ phase: a, users: 1, for: 1s }] }",
            "load and flows; one of the two is allowed"
        ),
        (nil, "{}", "an empty mapping; allowed: a mapping of names to lists of phases"),
        (nil, "[]", "a list; allowed: a mapping of names to lists of phases"),
        (nil, "{ web: [] }", "an empty list; allowed: at least one phase"),
        (nil, "{ web: { phase: a } }", "a mapping; allowed: a list of phases"),
        (
            nil, "{ 'a b': [{ phase: a, users: 1, for: 1s }] }",
            "\"a b\"; allowed: 1 to 64 letters, digits and . _ -, beginning with a letter or digit"
        ),
        (
            nil, "{ web: [{ phase: a, users: 1, for: 1s }], app: [{ pause: 1s }] }",
            "nothing but pauses; at least one phase has to make payments"
        ),
    ]

    @Test(arguments: flows)
    func loadAndFlowsAreJudged(load: String?, flows: String?, sentence: String) {
        let more = flows.map { "flows: \($0)" } ?? ""
        #expect(sentences(about: ScenarioText(load: load, more: more)) == [sentence])
    }

    private static let mixes: [(String, String)] = [
        (
            "{ card: 1, walet: 1 }",
            "there is no payment \"walet\"; allowed: card, wallet; did you mean \"wallet\"?"
        ),
        (
            "{ card: 0 }", "0 is out of range; allowed: a whole number, 1 to 100000"
        ),
        (
            "{}",
            "an empty mapping; allowed: a mapping of payments to weights such as { card: 3, wallet: 1 }"
        ),
        (
            "[card]",
            "a list; allowed: a mapping of payments to weights such as { card: 3, wallet: 1 }"
        ),
        (
            "{ card: 100000, wallet: 1 }",
            "the weights of the mix add up to 100001; at most 100000 is allowed"
        ),
        ("{ nobody: 1 }", "there is no payment \"nobody\"; allowed: card, wallet"),
    ]

    @Test(arguments: mixes)
    func mixesAreJudged(mix: String, sentence: String) {
        let payments =
            "[{ name: card, client_type: 1, payment_method: {} }, "
            + "{ name: wallet, client_type: 1, payment_method: {} }]"
        let load = "[{ phase: a, users: 1, for: 1s, mix: \(mix) }]"
        #expect(
            sentences(about: ScenarioText(payments: payments, load: load)) == [sentence])
    }
}
