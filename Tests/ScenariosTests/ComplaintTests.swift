import Documents
import Scenarios
import Testing

@Suite struct ComplaintTests {
    @Test func tenMistakesAreTenComplaintsInOrder() throws {
        let text = """
            version: 2
            name: make payment
            target:
              base_url: simulater
              parameters: boddy
              timeouts: { connect: 2, total: 1 day }
            payments:
              - { name: card, client_typ: iOS, payment_method: { number: 012 } }
            load:
              - { phase: steady, rate: 500, users: 5, for: 30s }
            lmits: {}
            """
        guard case .failure(let error) = reading(text) else {
            Issue.record("it was read")
            return
        }
        #expect(
            error.description == """
                file:1:10: "2"; allowed: 1
                file:2:7: "make payment"; allowed: 1 to 64 letters, digits and . _ -, \
                beginning with a letter or digit
                file:4:13: "simulater" is no http or https URL; allowed: simulator, or \
                http(s)://host[:port][/prefix]; did you mean "simulator"?
                file:5:15: "boddy"; allowed: body, query; did you mean "body"?
                file:6:24: 2 has no unit; allowed: a duration such as 500us, 20ms, 1.4s, 5m or 1h; \
                did you mean "2s"?
                file:6:34: "1 day"; allowed: a duration such as 500us, 20ms, 1.4s, 5m or 1h
                file:8:5: key "client_type" is missing; it is required here
                file:8:19: unknown key "client_typ"; allowed here: name, weight, payment_id, \
                client_type, payment_method, store_payment_method, return_url, version, expect, \
                repeat_of; did you mean "client_type"?
                file:8:62: 012 is a number to some readers only; allowed: a plain decimal number, \
                or "012" for the text
                file:10:28: 500 has no unit; allowed: a rate such as 500/s, 12000/min or 36000/h; \
                did you mean "500/s"?
                file:10:40: rate and users in one phase; rate (open model), users (closed \
                model) or arrivals from a file is allowed
                file:11:1: unknown key "lmits"; allowed here: version, name, seed, target, \
                simulator, limits, retry, data, payments, load, flows, budgets, baseline, \
                adapters, compare, capacity; did you mean "limits"?
                """)
    }

    @Test func anEmptyScenarioMissesEverything() {
        guard case .failure(let error) = reading("{}") else { return }
        #expect(
            error.complaints.map(\.problem.sentence)
                == ["version", "name", "target", "payments"].map {
                    "key \"\($0)\" is missing; it is required here"
                } + [
                    "neither load nor flows; load: [phases] or flows: { NAME: [phases] } is "
                        + "required here"
                ])
    }

    private static let targets: [(String, String)] = [
        (
            "{ base_url: 'http://localhost:0' }",
            "port \"0\" is not 1 to 65535; allowed: simulator, or http(s)://host[:port][/prefix]"
        ),
        (
            "{ base_url: 'http://localhost:65536' }",
            "port \"65536\" is not 1 to 65535; allowed: simulator, or "
                + "http(s)://host[:port][/prefix]"
        ),
        (
            "{ base_url: 'ftp://localhost' }",
            "\"ftp://localhost\" is no http or https URL; allowed: simulator, or "
                + "http(s)://host[:port][/prefix]"
        ),
        (
            "{ base_url: 'http://u:p@localhost' }",
            "a user or a password in the URL; allowed: simulator, or http(s)://host[:port][/prefix]"
        ),
        (
            "{ base_url: 'http://localhost/?a=b' }",
            "a query or a fragment; allowed: simulator, or http(s)://host[:port][/prefix]"
        ),
        (
            "{ base_url: simulator, path: payments }",
            "\"payments\"; allowed: a path that begins with /, without query and fragment"
        ),
        (
            "{ base_url: simulator, tls: { ca_file: nowhere.pem } }",
            "file \"nowhere.pem\" cannot be read: No such file or directory; a readable file is "
                + "allowed, relative to the scenario's folder"
        ),
        (
            "{ base_url: simulator, tls: { ca_file: / } }",
            "file \"/\" cannot be read: Is a directory; a readable file is allowed, relative to "
                + "the scenario's folder"
        ),
        (
            "{ base_url: simulator, headers: { 'X Y': a } }",
            "\"X Y\" is no header name; letters, digits and !#$%&'*+-.^_`|~ are allowed"
        ),
        (
            "{ base_url: simulator, headers: { X: \"a\\r\\nY: b\" } }",
            "the value of header \"X\" is empty or has characters that a header must not have; "
                + "visible ASCII is allowed, with blanks inside"
        ),
        (
            "{ base_url: simulator, headers: { content-Length: '5' } }",
            "header \"content-Length\" is set by paybench itself; any other header is allowed"
        ),
        (
            "{ base_url: simulator, headers: { X: a, x: b } }",
            "key \"x\" again, first at 3:43; once is allowed"
        ),
        (
            "{ base_url: simulator, auth: { bearer: a }, headers: { Authorization: b } }",
            "header \"Authorization\" is set by target.auth; one of the two is allowed"
        ),
        (
            "{ base_url: simulator, auth: { bearer: a, api_key: b } }",
            "bearer, api_key; exactly one is allowed: bearer, basic, api_key, credentials"
        ),
        (
            "{ base_url: simulator, auth: {} }",
            "no key; exactly one is allowed: bearer, basic, api_key, credentials"
        ),
        (
            "{ base_url: simulator, auth: { bearer: \"a b\" } }",
            "the credential is empty or has characters that it must not have; allowed: a text "
                + "without control characters and without \" \""
        ),
        (
            "{ base_url: simulator, auth: { credentials: a } }",
            "the text \"a\"; allowed: a mapping with the keys username, password, path, per"
        ),
        ("{ base_url: simulator, format: xml }", "\"xml\"; allowed: accept, suffix, query"),
        (
            "{ base_url: simulator, format: { jsonp: 'a.b' } }",
            "\"a.b\"; allowed: letters, digits and _, beginning with no digit"
        ),
        (
            "{ base_url: 'http://localhost' }\nsimulator: {}",
            "simulator without target.base_url: simulator; one of the two has to change"
        ),
    ]

    @Test(arguments: targets)
    func targetsAreJudged(target: String, sentence: String) {
        #expect(sentences(about: ScenarioText(target: target)) == [sentence])
    }

    private static let mixes: [(String, String)] = [
        ("[]", "an empty list; allowed: at least one payment"),
        ("{}", "a mapping; allowed: a list"),
        (
            ScenarioText.payment("weight: 0"),
            "0 is out of range; allowed: a whole number, 1 to 100000"
        ),
        (
            ScenarioText.payment("weight: 100001"),
            "100001 is out of range; allowed: a whole number, 1 to 100000"
        ),
        (
            ScenarioText.payment("expect: []"),
            "an empty list; allowed: at least one of accepted, declined, rejected, throttled, "
                + "provider_error, malformed, not_sent, in_doubt"
        ),
        (
            ScenarioText.payment("expect: [acepted]"),
            "\"acepted\"; allowed: accepted, declined, rejected, throttled, provider_error, "
                + "malformed, not_sent, in_doubt; did you mean \"accepted\"?"
        ),
        (
            ScenarioText.payment("return_url: /return"),
            "\"/return\"; allowed: an absolute URL such as https://shop.example.test/return"
        ),
        (ScenarioText.payment("payment_id: ''"), "\"\"; allowed: a text that is not empty"),
        (
            "[{ name: 42, client_type: 1, payment_method: {} }]",
            "the number 42; allowed: a text, in quotes if it looks like a number or a truth value"
        ),
        (
            "[{ name: a, client_type: Nokia, payment_method: {} }]",
            "\"Nokia\"; allowed: IOS, Android, Web, 1, 2, 3"
        ),
        (
            "[{ name: a, client_type: 1, payment_method: tok }]",
            "the text \"tok\"; allowed: a mapping, as it is sent in JSON"
        ),
        (
            "[{ name: a, client_type: 1, payment_method: {} }, { name: a, client_type: 2, "
                + "payment_method: {} }]",
            "name \"a\" again, first at 4:20; once is allowed"
        ),
        (
            "[{ name: a, weight: 99999, client_type: 1, payment_method: {} }, { name: b, weight: "
                + "2, client_type: 2, payment_method: {} }]",
            "the weights of the mix add up to 100001; at most 100000 is allowed"
        ),
    ]

    @Test(arguments: mixes)
    func paymentsAreJudged(payments: String, sentence: String) {
        #expect(sentences(about: ScenarioText(payments: payments)) == [sentence])
    }

    private static let others: [(String, String)] = [
        (
            "budgets: []",
            "an empty list; allowed: at least one budget"
        ),
        ("seed: -1", "-1 is out of range; allowed: a whole number, 0 to 18446744073709551615"),
        (
            "simulator: nowhere.yaml",
            "file \"nowhere.yaml\" cannot be read: No such file or directory; a readable file is "
                + "allowed, relative to the scenario's folder"
        ),
        ("simulator: [a]", "a list; allowed: a mapping, or the path of a provider file"),
        (
            "simulator: { latency: { constant: 5 } }",
            "5 has no unit; allowed: a duration such as 500us, 20ms, 1.4s, 5m or 1h; did you mean "
                + "\"5s\"?"
        ),
    ]

    @Test(arguments: others)
    func theRestIsJudged(more: String, sentence: String) {
        #expect(sentences(about: ScenarioText(more: more)) == [sentence])
    }

    /// JSON scalars and words that YAML 1.1 takes for others.
    @Test func textsInPaymentMethodsAreStrict() throws {
        let scenario = ScenarioText(
            payments: ScenarioText.method(
                "a: no, b: 1:30, c: 5.50, d: true, e: ~, f: '012', g: [1, { h: x }]"))
        let method = try reading(scenario.text).get().payments[0].paymentMethod
        #expect(
            method
                == .object([
                    .init(name: "a", value: .string(.init("no"))),
                    .init(name: "b", value: .string(.init("1:30"))),
                    .init(name: "c", value: .number("5.50")),
                    .init(name: "d", value: .boolean(true)), .init(name: "e", value: .null),
                    .init(name: "f", value: .string(.init("012"))),
                    .init(
                        name: "g",
                        value: .array([
                            .number("1"), .object([.init(name: "h", value: .string(.init("x")))]),
                        ])),
                ]))
        for text in ["012", ".5", "0x1F", "1_000", "+1"] {
            let said = sentences(about: ScenarioText(payments: ScenarioText.method("a: \(text)")))
            #expect(
                said == [
                    "\(text) is a number to some readers only; allowed: a plain decimal number, "
                        + "or \"\(text)\" for the text"
                ])
        }
    }
}
