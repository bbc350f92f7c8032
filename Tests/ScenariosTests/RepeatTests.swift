import Payments
import Scenarios
import Testing

@Suite struct RepeatTests {
    private func retry(_ text: String) throws -> Scenario.Retry? {
        try reading(ScenarioText(more: "retry: \(text)").text).get().retry
    }

    @Test func retriesAreOffUnlessAskedFor() throws {
        #expect(try reading(ScenarioText().text).get().retry == nil)
        #expect(
            try retry("{ on: [throttled] }")
                == Scenario.Retry(
                    outcomes: [.throttled], most: 1, delay: .retryAfter(otherwise: .seconds(1))))
        #expect(
            try retry("{ on: [in_doubt, not_sent, provider_error], max: 10, after: 200ms }")
                == Scenario.Retry(
                    outcomes: [.inDoubt, .notSent, .providerError], most: 10,
                    delay: .fixed(.milliseconds(200))))
        #expect(
            try retry("{ on: [throttled], after: retry_after }")?.delay
                == .retryAfter(otherwise: .seconds(1)))
    }

    @Test(arguments: [
        ("{}", "key \"on\" is missing; it is required here"),
        (
            "{ on: [] }",
            "an empty list; allowed: at least one of throttled, provider_error, not_sent, in_doubt"
        ),
        (
            "{ on: [declined] }",
            "\"declined\"; allowed: throttled, provider_error, not_sent, in_doubt"
        ),
        ("{ on: throttled }", "the text \"throttled\"; allowed: a list"),
        (
            "{ on: [throttled], max: 0 }",
            "0 is out of range; allowed: a whole number, 1 to 10"
        ),
        (
            "{ on: [throttled], after: retryafter }",
            "\"retryafter\"; allowed: retry_after, a duration such as 500ms; did you mean "
                + "\"retry_after\"?"
        ),
        (
            "{ on: [throttled], after: 5 }",
            "5 has no unit; allowed: a duration such as 500us, 20ms, 1.4s, 5m or 1h; did you mean "
                + "\"5s\"?"
        ),
        (
            "{ on: [throttled], times: 5 }",
            "unknown key \"times\"; allowed here: on, max, after"
        ),
    ])
    func otherRetriesAreRefused(text: String, sentence: String) {
        #expect(sentences(about: ScenarioText(more: "retry: \(text)")) == [sentence])
    }

    @Test(arguments: [
        ("2%", Repeats(share: 0.02, timing: .afterAnswer)),
        ("0.5", Repeats(share: 0.5, timing: .afterAnswer)),
        ("{ share: 100% }", Repeats(share: 1, timing: .afterAnswer)),
        ("{ share: 1%, when: concurrently }", Repeats(share: 0.01, timing: .concurrently)),
        ("{ share: 1%, when: after_timeout }", Repeats(share: 0.01, timing: .afterTimeout)),
    ])
    func anIdCanBeSentTwice(text: String, repeats: Repeats) throws {
        let scenario = ScenarioText(payments: ScenarioText.payment("repeat_of: \(text)"))
        #expect(try reading(scenario.text).get().payments[0].repeats == repeats)
    }

    @Test(arguments: [
        ("2", "2 is out of range; allowed: 0 to 1, or 0% to 100%"),
        ("{ when: concurrently }", "key \"share\" is missing; it is required here"),
        (
            "{ share: 1%, when: later }",
            "\"later\"; allowed: after_answer, concurrently, after_timeout"
        ),
        ("often", "\"often\"; allowed: a ratio such as 0.1% or 0.001"),
    ])
    func otherRepeatsAreRefused(text: String, sentence: String) {
        let scenario = ScenarioText(payments: ScenarioText.payment("repeat_of: \(text)"))
        #expect(sentences(about: scenario) == [sentence])
    }

    private static let session = "username: me, password: '${secret:WORD}'"

    private func target(_ auth: String) throws -> Scenario.Target {
        let text = ScenarioText(
            target: "{ base_url: simulator, auth: { credentials: { \(auth) } } }",
            load: "[{ phase: steady, users: 2, for: 1s }]")
        return try reading(text.text, environment: ["WORD": "hush"]).get().target
    }

    @Test func aSessionCanBeAskedFor() throws {
        let secret = Template([.secret(name: "WORD", value: "hush")])
        let target = try target(Self.session)
        #expect(target.credentials == nil)
        #expect(
            target.signIn
                == SignIn(
                    username: Template("me"), password: secret, path: "/auth/credentials",
                    scope: .worker))
        #expect(
            try self.target(Self.session + ", path: /login, per: user").signIn
                == SignIn(
                    username: Template("me"), password: secret, path: "/login", scope: .user))
    }

    @Test(arguments: [
        ("username: me", "key \"password\" is missing; it is required here"),
        (
            "\(session), path: login",
            "\"login\"; allowed: a path that begins with /, without query "
                + "and fragment"
        ),
        ("\(session), per: thread", "\"thread\"; allowed: worker, user"),
        (
            "username: '', password: a",
            "the credential is empty or has characters that it must not have; allowed: a text "
                + "without control characters"
        ),
    ])
    func otherSessionsAreRefused(auth: String, sentence: String) {
        let text = ScenarioText(
            target: "{ base_url: simulator, auth: { credentials: { \(auth) } } }")
        #expect(sentences(about: text, environment: ["WORD": "hush"]) == [sentence])
    }

    @Test func aSessionsPasswordIsConcealed() throws {
        for (password, written) in [("hush", "\"***\""), ("${secret:WORD}", "\"${secret:WORD}\"")] {
            let text = ScenarioText(
                target: "{ base_url: simulator, auth: { credentials: { username: me, password: "
                    + "'\(password)' } } }")
            let effective = try reading(text.text, environment: ["WORD": "hush"]).get()
                .effectiveText
            #expect(effective.contains("username: me\n      password: \(written)"))
            #expect(!effective.contains("hush"))
        }
    }
}
