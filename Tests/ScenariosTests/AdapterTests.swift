import Arrivals
import Metrics
import Payments
import Scenarios
import Testing

@Suite struct AdapterTests {
    private static let compare = "compare: { rate: 10/s, for: 60s }"

    private func scenario(_ adapters: String, _ compare: String = compare) -> ScenarioText {
        ScenarioText(
            target: """
                { base_url: 'http://127.0.0.1:81', headers: { X-A: "1", X-B: "2" },
                  auth: { bearer: t }, timeouts: { connect: 1s, total: 3s },
                  tls: { verify: false } }
                """,
            load: nil, more: "adapters: \(adapters)\n\(compare)")
    }

    @Test func anAdapterIsAWholeTarget() throws {
        let text = scenario(
            """
            { old: {},
              new: { base_url: 'http://127.0.0.1:82/b', path: /v2, headers: { x-b: "3", X-C: "4" },
                     auth: { api_key: k }, payment_method: { type: wallet },
                     timeouts: { total: 5s }, tls: { versions: [1.3] }, rate: 20/s } }
            """)
        let scenario = try reading(text.text).get()
        let (old, new) = (scenario.adapters[0], scenario.adapters[1])
        #expect(scenario.adapters.map(\.name) == ["old", "new"])
        #expect(old.target == scenario.target)
        #expect(scenario.reference == old)
        #expect(new.target.base.text == "http://127.0.0.1:82/b" && new.target.path == "/v2")
        #expect(new.target.headers.map(\.name) == ["X-A", "x-b", "X-C"])
        #expect(new.target.credentials != old.target.credentials)
        #expect(new.target.timeouts.connect == .seconds(1))
        #expect(new.target.timeouts.total == .seconds(5))
        #expect(!new.target.tls.verify && new.target.tls.versions == [.one3])
        #expect(new.rateCeiling == Rate(perSecond: 20))
        let method = JSONTemplate.object([.init(name: "type", value: .string(.init("wallet")))])
        #expect(scenario.payments(to: new).map(\.paymentMethod) == [method])
        #expect(scenario.payments(to: old) == scenario.payments)
        #expect(scenario.flows.isEmpty && scenario.phases.isEmpty)
    }

    private static let mistakes: [(String, String)] = [
        ("[a, b]", "a list; allowed: a mapping of names to what differs from target"),
        ("{}", "0 adapters; 2 to 8 are allowed"),
        (
            "{ a: {}, b: {}, c: {}, d: {}, e: {}, f: {}, g: {}, h: {}, i: {} }",
            "9 adapters; 2 to 8 are allowed"
        ),
        (
            "{ 'a b': {}, c: {} }",
            "\"a b\"; allowed: 1 to 64 letters, digits and . _ -, beginning with a letter or digit"
        ),
        (
            "{ a: {}, b: { http: {} } }",
            "unknown key \"http\"; allowed here: base_url, path, headers, auth, payment_method, "
                + "timeouts, tls, rate, reference"
        ),
        (
            "{ a: {}, b: { headers: { Authorization: x } } }",
            "header \"Authorization\" is set by target.auth; one of the two is allowed"
        ),
        (
            "{ a: {}, b: { rate: 9/s } }",
            "rate 10/s, but adapter \"b\" is never sent more than 9/s; allowed: up to that"
        ),
        (
            "{ a: {}, b: { payment_method: { number: '4539578763621486' } } }",
            "453957******1486 looks like the number of a real card; allowed: tokens, and test "
                + "numbers that are published, such as 4242424242424242"
        ),
        (
            "{ a: {}, b: { payment_method: { token: '${data.cards.token}' } } }",
            "${data.cards.token}: no data set \"cards\"; allowed: none, as there is no data"
        ),
        (
            "{ a: {}, b: { base_url: 'https://www.paypal.com' } }",
            "host \"www.paypal.com\" belongs to a payment provider (paypal.com), which is never "
                + "put under load; allowed: the simulator, or a service of your own"
        ),
        (
            "{ a: {}, b: { auth: { credentials: { username: u, password: p, per: user } } } }",
            "per: user, but compare has no users, its arrivals come at a rate; allowed: per: worker"
        ),
    ]

    @Test(arguments: mistakes)
    func adaptersAreJudged(adapters: String, sentence: String) {
        #expect(sentences(about: scenario(adapters)).contains(sentence), "\(adapters)")
    }

    /// What holds for the target's host holds for each adapter's.
    @Test func everyHostIsGuarded() {
        let adapters =
            "{ a: {}, b: { base_url: 'https://b.test' }, c: { base_url: 'https://c.test' } }"
        let said = sentences(about: scenario(adapters))
        #expect(
            said == [
                "host \"b.test\" is not this machine and target.environment is missing; allowed: "
                    + "sandbox, staging, production",
                "host \"b.test\" is not this machine and not in target.allow_hosts; allowed: none",
                "host \"b.test\" is not this machine and limits has no payments, duration; "
                    + "allowed: limits: { payments: 100000, duration: 10m }",
                "host \"c.test\" is not this machine and not in target.allow_hosts; allowed: none",
            ])
    }

    @Test func budgetsMayNameAdapters() throws {
        let text = scenario("{ a: {}, b: {} }").text
        let budget = "\nbudgets: ['response_time.p99{adapter=b} < 1s']"
        #expect(try reading(text + budget).get().budgets.map(\.selection.adapter) == ["b"])
    }

    private static let comparisons: [(String, String)] = [
        (
            "{ rate: 1/s, users: 1, for: 60s }", "rate, users; exactly one is allowed: rate, users"
        ),
        ("{ rate: 1/s }", "key \"for\" is missing; it is required here"),
        (
            "{ rate: 1/s, for: 60s, until: desided }",
            "\"desided\"; allowed: decided; did you mean \"decided\"?"
        ),
        ("{ rate: 1/s, for: 60s, metrics: [] }", "an empty list; allowed: at least one metric"),
        (
            "{ rate: 1/s, for: 60s, metrics: [errors.rate, errors.rate] }",
            "name \"errors.rate\" again, first at 8:43; once is allowed"
        ),
        (
            "{ rate: 1/s, for: 60s, metrics: [eror.rate] }",
            "\"eror.rate\" is not compared; allowed: response_time.p99, response_time.mean, "
                + "service_time.p99, service_time.mean, errors.rate, in_doubt.rate, "
                + "outcome.NAME.rate, rate.completed; did you mean \"errors.rate\"?"
        ),
        (
            "{ rate: 1/s, for: 60s, metrics: [response_time.men] }",
            "response_time has no \"men\"; allowed: p0 to p100 such as p99.9, mean, max, min, "
                + "stddev; did you mean \"mean\"?"
        ),
        (
            "{ rate: 1/s, for: 60s, equivalent_within: 60% }",
            "60% is out of range; allowed: 0.01% to 50%"
        ),
        (
            "{ rate: 1/s, for: 60s, design: dute }",
            "\"dute\"; allowed: duet, blocks, sequential; did you mean \"duet\"?"
        ),
    ]

    @Test(arguments: comparisons)
    func comparisonsAreJudged(compare: String, sentence: String) {
        #expect(sentences(about: scenario("{ a: {}, b: {} }", "compare: \(compare)")) == [sentence])
    }

    @Test func defaultsAreThoseOfTheDesign() throws {
        let read = { (compare: String) in
            let text = scenario("{ a: {}, b: {} }", "compare: \(compare)").text
            return try #require(try reading(text).get().compare)
        }
        let duet = try read("{ rate: 10/s, for: 60s }")
        #expect(duet.design == .duet && duet.load == .rate(Rate(perSecond: 10)))
        #expect(duet.block == .seconds(2) && duet.settle == .milliseconds(200))
        #expect(
            duet.metrics.map(\.name) == ["response_time.p50", "response_time.p99", "errors.rate"])
        #expect(duet.equivalentWithin == 0.05 && duet.confidence == 0.95)
        #expect(!duet.endsWhenDecided && duet.length == .seconds(60))
        let users = try read("{ users: 7, for: 60s, until: decided }")
        #expect(users.design == .blocks && users.load == .users(7) && users.endsWhenDecided)
    }

    /// In a duet both are sent to at once, in blocks one at a time.
    @Test func limitsCheckTheSumOfAllAdapters() {
        let scenario = { (design: String, limit: Int) in
            ScenarioText(
                load: nil, limits: "{ payments: \(limit) }",
                more: "adapters: { a: {}, b: {} }\n"
                    + "compare: { rate: 100/s, for: 100s, design: \(design) }")
        }
        // 20,000 and five times their root; 10,000 and five times theirs.
        for (design, most) in [("duet", 20_707), ("blocks", 10_500), ("sequential", 10_500)] {
            #expect(sentences(about: scenario(design, most + 1)).isEmpty, "\(design)")
            #expect(sentences(about: scenario(design, most - 1)).count == 1, "\(design)")
        }
    }

    @Test func aBaselineOfItsOwnIsNoReference() {
        let text = scenario("{ a: {}, b: {} }", Self.compare + "\nbaseline: { target: {} }")
        #expect(
            sentences(about: text) == [
                "a baseline with a target of its own beside compare, which measures adapters "
                    + "against their reference; baseline: { result: PATH } is allowed here"
            ])
    }
}
