import Documents
import Metrics
import Scenarios
import Testing

@Suite struct BudgetRuleTests {
    private func budgets(_ text: String, more: String = "") throws -> [Budget] {
        try reading(ScenarioText(more: "budgets: \(text)\n\(more)").text).get().budgets
    }

    @Test func theLongFormSaysHowItIsJudged() throws {
        let long =
            "[{ check: errors.rate < 0.1%, phase: steady, window: 10s, after: 1m, for: 30s, "
            + "abort: true, confidence: 99%, on_inconclusive: warn }, in_doubt.count == 0]"
        let budgets = try budgets(long)
        var first = try Budget("errors.rate < 0.1%")
        first.phase = "steady"
        first.window = .seconds(10)
        first.after = .seconds(60)
        first.lasting = .seconds(30)
        first.abort = true
        first.confidence = 0.99
        first.onInconclusive = .warn
        #expect(budgets == [first, try Budget("in_doubt.count == 0")])
    }

    private static let mistakes: [(String, String)] = [
        (
            "[5]",
            "the number 5; allowed: a text, in quotes if it looks like a number or a truth value"
        ),
        ("[]", "an empty list; allowed: at least one budget"),
        ("errors.rate < 1%", "the text \"errors.rate < 1%\"; allowed: a list"),
        ("[{ phase: steady }]", "key \"check\" is missing; it is required here"),
        (
            "[{ check: errors.rate < 1%, wndow: 5s }]",
            "unknown key \"wndow\"; allowed here: check, phase, window, after, for, abort, "
                + "confidence, on_inconclusive; did you mean \"window\"?"
        ),
        (
            "[{ check: 'errors.rate{phase=steady} < 1%', phase: steady }]",
            "a phase beside the check and one in its braces; one of the two is allowed"
        ),
        (
            "[{ check: generator.cpu_us_per_request < 1ms, phase: steady }]",
            "label phase with generator.cpu_us_per_request; allowed with it: none"
        ),
        (
            "['errors.rate{adapter=a} < 1%']",
            "there is no adapter \"a\"; allowed: none"
        ),
        (
            "[{ check: errors.rate < 1%, for: 5s }]",
            "for without window; window: 10s says how long one is, which for is about"
        ),
        (
            "[{ check: errors.rate < 1%, on_inconclusive: wran }]",
            "\"wran\"; allowed: warn, fail; did you mean \"warn\"?"
        ),
        (
            "[{ check: errors.rate < 1%, confidence: 20% }]",
            "20% is out of range; allowed: 50% to 99.99%"
        ),
        (
            "[errors.count != baseline]",
            "\"!=\" with the baseline, which no run hits twice; allowed with it: <, <=, >, >="
        ),
        (
            "[errors.count < 0]",
            "\"errors.count < 0\" fails whatever the run does; a limit that leaves something to "
                + "find out is allowed"
        ),
        (
            "[rate.started < baseline + 5]",
            "\"baseline + 5\"; allowed: baseline, baseline + 10%, baseline - 5%, baseline - 50/s"
        ),
    ]

    @Test(arguments: mistakes)
    func budgetsAreJudged(budgets: String, sentence: String) {
        #expect(sentences(about: ScenarioText(more: "budgets: \(budgets)")) == [sentence])
    }

    @Test func aRelativeBudgetNeedsABaseline() throws {
        let budget = "[response_time.p95 <= baseline + 10%]"
        let text = ScenarioText(more: "budgets: \(budget)").text
        guard case .failure(let error) = reading(text) else {
            Issue.record("it was read")
            return
        }
        #expect(error.complaints.map(\.description).first?.contains("and no baseline;") == true)
        // Whoever brings one may leave it out of the file.
        let scenario = try ScenarioReader.read(
            bytes: Array(text.utf8), name: "file", directory: ".", environment: [:],
            baseline: .given)
        #expect(scenario.budgets.map(\.isRelative) == [true])
        #expect(try budgets(budget, more: "baseline: { target: {} }").count == 1)
    }

    /// Counts include phases that are not measured, times and rates do not.
    @Test func timesOfPhasesThatAreNotMeasuredAreNoBudget() throws {
        let load =
            "[{ phase: a, rate: 1/s, for: 1s, measure: false }, { phase: b, users: 1, for: 1s }]"
        let scenario = { (budget: String) in
            ScenarioText(load: load, more: "budgets: ['\(budget)']")
        }
        let sentence =
            "phase \"a\" has measure: false, so that it has no times and rates; allowed: b"
        #expect(sentences(about: scenario("response_time.p99{phase=a} < 1s")) == [sentence])
        #expect(sentences(about: scenario("rate.started{phase=a} > 1/s")) == [sentence])
        #expect(sentences(about: scenario("response_time.p99{phase=b} < 1s")).isEmpty)
        #expect(sentences(about: scenario("in_doubt.count{phase=a} == 0")).isEmpty)
    }

    private static let baselines: [(String, String)] = [
        ("{}", "no key; exactly one is allowed: target, result"),
        (
            "{ result: ., design: blocks }",
            "design without target; design is allowed in phases with target"
        ),
        (
            "{ target: {}, design: sequential }", "\"sequential\"; allowed: duet, blocks"
        ),
        (
            "{ target: { reference: true } }",
            "unknown key \"reference\"; allowed here: base_url, path, headers, auth, "
                + "payment_method, timeouts, tls"
        ),
        (
            "{ target: { base_url: https://api.adyen.com } }",
            "host \"api.adyen.com\" belongs to a payment provider (adyen.com), which is never put "
                + "under load; allowed: the simulator, or a service of your own"
        ),
    ]

    @Test(arguments: baselines)
    func baselinesAreJudged(baseline: String, sentence: String) {
        let said = sentences(about: ScenarioText(more: "baseline: \(baseline)"))
        #expect(said.first == sentence)
    }

    @Test func aBaselineBesideTheTargetIsAWholeTarget() throws {
        let target =
            "{ base_url: 'http://127.0.0.1:81', path: /pay, timeouts: { connect: 1s, total: 3s } }"
        let baseline = "baseline: { target: { base_url: simulator, timeouts: { total: 4s } } }"
        let scenario = try reading(ScenarioText(target: target, more: baseline).text).get()
        guard case .beside(let other, let design) = scenario.baseline else {
            Issue.record("\(String(describing: scenario.baseline))")
            return
        }
        #expect(design == .duet && other.name == "baseline")
        #expect(other.target.base == .simulator && other.target.path == "/pay")
        #expect(other.target.timeouts.connect == .seconds(1))
        #expect(other.target.timeouts.total == .seconds(4))
        // Somebody has to serve it.
        #expect(scenario.simulator != nil)
    }

    @Test func usersWaitForOneTargetAtATime() throws {
        let users = "[{ phase: shop, users: 5, for: 5s }]"
        let scenario = { (design: String) in
            ScenarioText(load: users, more: "baseline: { target: {}\(design) }")
        }
        guard case .beside(_, .blocks) = try reading(scenario("").text).get().baseline else {
            Issue.record("blocks are the default with users")
            return
        }
        #expect(
            sentences(about: scenario(", design: duet")) == [
                "design: duet, but phase \"shop\" has users, who wait for one target at a time; "
                    + "allowed: blocks"
            ])
    }

    @Test func limitsCheckTheSumOfBothTargets() {
        let scenario = { (limit: Int) in
            ScenarioText(
                load: "[{ phase: a, rate: 100/s, for: 10s, arrivals: uniform }]",
                limits: "{ payments: \(limit) }", more: "baseline: { target: {} }")
        }
        #expect(sentences(about: scenario(2000)).isEmpty)
        #expect(
            sentences(about: scenario(1999)) == [
                "2 targets may be sent 2000 payments together, with every retry and repeat; "
                    + "limits.payments allows 1999"
            ])
    }
}

@Suite struct BudgetFileTests {
    private static let names = Names(
        payments: ["card"], phases: [(flow: nil, names: ["steady"])], adapters: ["a"])

    private func read(_ text: String, baseline: BaselineSupply = .given) -> [String] {
        do throws(DocumentError) {
            let bytes = Array(text.utf8)
            let budgets = try BudgetFile.read(
                bytes: bytes, name: "b.yaml", names: Self.names, baseline: baseline)
            return budgets.map(\.subject)
        } catch { return error.complaints.map(\.description) }
    }

    @Test func aListOrAMappingOfOneIsRead() {
        let list = "- errors.rate < 1%\n- { check: response_time.p99 < 1s, phase: steady }"
        let subjects = ["errors.rate", "response_time.p99{phase=steady}"]
        #expect(read(list) == subjects)
        let indented = list.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        #expect(read("budgets:\n" + indented) == subjects)
    }

    @Test func namesAreThoseOfTheResult() {
        #expect(read("- 'errors.rate{payment=card, adapter=a} < 1%'").count == 1)
        #expect(
            read("- 'errors.rate{payment=crad} < 1%'")
                == [
                    "b.yaml:1:3: there is no payment \"crad\"; allowed: card; did you mean \"card\"?"
                ])
    }

    @Test func relativeBudgetsNeedABaseline() {
        let relative = "budgets: [{ check: response_time.p95 <= baseline + 10% }]"
        #expect(read(relative) == ["response_time.p95"])
        let said = read(relative, baseline: .none)
        #expect(said.count == 1 && said[0].hasPrefix("b.yaml:1:20: \"response_time.p95"))
    }

    @Test func everythingElseIsRefused() {
        #expect(read("budget: []").first?.contains("unknown key \"budget\"") == true)
        #expect(
            read("errors.rate < 1%") == [
                "b.yaml:1:1: the text \"errors.rate < 1%\"; allowed: a list"
            ])
    }
}
