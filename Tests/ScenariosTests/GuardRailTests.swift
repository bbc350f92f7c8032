import Documents
import Scenarios
import Testing

@Suite struct GuardRailTests {
    private static let limits = "{ payments: 1000, duration: 1m }"

    private func sentences(
        url: String, target: String = "environment: sandbox, allow_hosts: [pay.example.test]",
        limits: String? = Self.limits
    ) -> [String] {
        ScenariosTests.sentences(
            about: ScenarioText(target: "{ base_url: '\(url)', \(target) }", limits: limits))
    }

    @Test(arguments: [
        "http://localhost", "http://LOCALHOST.:8080", "http://127.0.0.1:1", "http://127.9.9.9",
        "https://[::1]:8443", "http://[0:0::1]", "simulator",
    ])
    func loopbackNeedsNothing(url: String) {
        #expect(sentences(url: url, target: "", limits: nil).isEmpty)
    }

    @Test(arguments: [
        "https://pay.example.test", "http://10.0.0.1", "http://192.168.1.1", "http://0.0.0.0",
        "http://[::ffff:127.0.0.1]", "http://[::]", "http://localhost.example.test",
        "http://127.0.0.1.example.test", "http://[fe80::1]", "http://myhost",
    ])
    func everyOtherHostNeedsConsent(url: String) {
        let said = sentences(url: url, target: "", limits: nil)
        #expect(said.count == 3)
        #expect(said.contains { $0.contains("target.environment is missing") })
        #expect(said.contains { $0.contains("not in target.allow_hosts; allowed: none") })
        #expect(said.contains { $0.contains("limits has no payments, duration") })
    }

    @Test func eachConsentIsAskedForByItself() {
        let url = "https://pay.example.test"
        #expect(sentences(url: url).isEmpty)
        #expect(sentences(url: "https://PAY.example.test.:8443/api").isEmpty)
        #expect(
            sentences(url: url, target: "allow_hosts: [pay.example.test]") == [
                "host \"pay.example.test\" is not this machine and target.environment is missing; "
                    + "allowed: sandbox, staging, production"
            ])
        #expect(
            sentences(url: url, target: "environment: staging, allow_hosts: [pya.example.test]")
                == [
                    "host \"pay.example.test\" is not this machine and not in target.allow_hosts; "
                        + "allowed: \"pya.example.test\"; did you mean \"pya.example.test\"?"
                ])
        // A host allowed does not allow its subdomains, nor its parent.
        for host in ["example.test", "a.pay.example.test"] {
            #expect(
                sentences(url: url, target: "environment: staging, allow_hosts: [\(host)]").count
                    == 1)
        }
        #expect(
            sentences(url: url, limits: "{ payments: 1000 }") == [
                "host \"pay.example.test\" is not this machine and limits has no duration; "
                    + "allowed: limits: { payments: 100000, duration: 10m }"
            ])
    }

    @Test(arguments: [
        "0x7f.1", "0x7f000001", "2130706433", "127.1", "017700000001", "127.0.0.01", "1.2.3.4.5",
        "256.0.0.1", "0177.0.0.1", "a..b", "-a.test", "a_b-.test", "a b", "*", "*.example.test",
        "ünïcode.test", "[::1", "::1]", "[127.0.0.1]", "[::1%25lo]", "", "pay.example.test%2eorg",
    ])
    func hostsInDisguiseAreNoHosts(host: String) {
        let said = sentences(url: "http://\(host)")
        #expect(said.count == 1)
        #expect(
            said.first?.contains("is no host name or address") == true
                || said.first?.contains("port") == true)
        let allowed = ScenarioText(target: "{ base_url: simulator, allow_hosts: ['\(host)'] }")
        #expect(ScenariosTests.sentences(about: allowed).count == 1)
    }

    @Test(arguments: [
        ("api.stripe.com", "stripe.com"), ("stripe.com", "stripe.com"),
        ("checkout-test.adyen.com", "adyen.com"), ("a.b.c.PayPal.com.", "paypal.com"),
        ("api.sandbox.braintreegateway.com", "braintreegateway.com"),
        ("payments.braintree-api.com", "braintree-api.com"),
        ("pal-test.adyenpayments.com", "adyenpayments.com"),
        ("api.sandbox.checkout.com", "checkout.com"), ("try.access.worldpay.com", "worldpay.com"),
        ("api.mollie.com", "mollie.com"), ("connect.squareupsandbox.com", "squareupsandbox.com"),
        ("connect.squareup.com", "squareup.com"), ("api.playground.klarna.com", "klarna.com"),
        ("publicapi.payments.service.gov.uk", "payments.service.gov.uk"),
        ("api.omise.co", "omise.co"), ("api.moderntreasury.com", "moderntreasury.com"),
    ])
    func paymentProvidersAreNoTargets(host: String, domain: String) {
        let shown = host.lowercased().hasSuffix(".") ? String(host.lowercased().dropLast()) : host
        let sentence =
            "host \"\(shown)\" belongs to a payment provider (\(domain)), which is never put under "
            + "load; allowed: the simulator, or a service of your own"
        let consent = "environment: sandbox, allow_hosts: ['\(host)']"
        // Once for the target, once for the list.
        #expect(sentences(url: "https://\(host)", target: consent) == [sentence, sentence])
        let listed = ScenarioText(
            target: "{ base_url: simulator, allow_hosts: [a.test, '\(host)'] }")
        #expect(ScenariosTests.sentences(about: listed) == [sentence])
    }

    @Test(arguments: ["notstripe.com", "stripe.com.example.test", "stripe-com.test", "adyen.test"])
    func hostsThatOnlyLookLikeProvidersAreTargets(host: String) {
        let consent = "environment: sandbox, allow_hosts: ['\(host)']"
        #expect(sentences(url: "https://\(host)", target: consent).isEmpty)
    }

    private static let card = "4539 5787-6362 1486"
    private static let refusal =
        "453957******1486 looks like the number of a real card; allowed: tokens, and test numbers "
        + "that are published, such as 4242424242424242"

    @Test(arguments: [
        ScenarioText(payments: ScenarioText.method("number: '\(card)'")),
        ScenarioText(payments: ScenarioText.method("number: 4539578763621486")),
        ScenarioText(payments: ScenarioText.method("a: { b: [{ c: 'x 4539578763621486 y' }] }")),
        ScenarioText(payments: ScenarioText.method("number: '${env:CARD}'")),
        ScenarioText(payments: ScenarioText.method("number: '${secret:CARD}'")),
        ScenarioText(payments: ScenarioText.method("number: '4539${env:MIDDLE}${secret:END}'")),
        ScenarioText(payments: ScenarioText.method("number: '${env:NONE:-4539578763621486}'")),
        ScenarioText(payments: ScenarioText.method("number: '${uuid}-4539578763621486-${seq}'")),
        ScenarioText(payments: ScenarioText.payment("payment_id: '4539578763621486'")),
        ScenarioText(
            payments: ScenarioText.payment("return_url: 'https://a.test/?card=4539578763621486'")),
        ScenarioText(
            target: "{ base_url: simulator, headers: { X-Card: '4539-5787-6362-1486' } }"),
    ])
    func realCardNumbersAreRefusedEverywhere(scenario: ScenarioText) {
        let environment = ["CARD": "4539578763621486", "MIDDLE": "57876362", "END": "1486"]
        let said = ScenariosTests.sentences(about: scenario, environment: environment)
        #expect(said == [Self.refusal])
        #expect(said.allSatisfy { !$0.contains("4539578763621486") })
    }

    @Test(arguments: [
        "4242424242424242", "4242 4242 4242 4242", "4111-1111-1111-1111", "5555555555554444",
        "378282246310005", "30569309025904", "3530111333300000", "6011111111111117",
        // One digit off Luhn's check, too short, too long, no issuer.
        "4539578763621487", "453957876362", "45395787636214860000", "1234567812345670",
        "tok_4539", "2024-01-02 10:00:00",
    ])
    func testNumbersAndOtherDigitsPass(number: String) {
        let scenario = ScenarioText(payments: ScenarioText.method("number: '\(number)'"))
        #expect(ScenariosTests.sentences(about: scenario).isEmpty)
    }

    @Test func aKeyOfThePaymentMethodIsNoPlaceForACardEither() {
        let scenario = ScenarioText(payments: ScenarioText.method("'4539578763621486': x"))
        #expect(ScenariosTests.sentences(about: scenario) == [Self.refusal])
    }

    @Test(arguments: [
        // 30 × 10 = 300.
        ("[{ phase: a, rate: 30/s, for: 10s, arrivals: uniform }]", 300, 300, true),
        ("[{ phase: a, rate: 30/s, for: 10s, arrivals: uniform }]", 299, 300, true),
        // 300 + 5 × √300 = 386.6.
        ("[{ phase: a, rate: 30/s, for: 10s }]", 387, 387, false),
        ("[{ phase: a, rate: 30/s, for: 10s }]", 386, 387, false),
        ("[{ phase: a, rate: 30/s, for: 10s }]", 299, 300, true),
        // At most 320, whatever is drawn.
        ("[{ phase: a, rate: 30/s, for: 10s, payments: 320 }]", 320, 320, false),
        ("[{ phase: a, rate: 30/s, for: 10s, payments: 320 }]", 319, 320, false),
        (
            "[{ phase: a, users: 5, payments: 100 }, { phase: b, rate: 1/s, payments: 50 }]", 149,
            150, true
        ),
        // Arrivals at 0 s and 0.9 s: two, not 1.1.
        ("[{ phase: a, rate: 66.6666666/min, for: 1s, arrivals: uniform }]", 1, 2, true),
    ])
    func theWholePlanIsWithinTheLimitOfPayments(
        load: String, limit: Int, most: Int, isPlanned: Bool
    ) {
        let limits = "{ payments: \(limit), duration: 1h }"
        let said = ScenariosTests.sentences(about: ScenarioText(load: load, limits: limits))
        let planned = "the phases plan \(most) payments; limits.payments allows \(limit)"
        let drawn =
            "poisson arrivals may draw up to \(most) payments and limits.payments allows \(limit); "
            + "raise limits.payments or use arrivals: uniform"
        #expect(said == (limit >= most ? [] : isPlanned ? [planned] : [drawn]))
    }

    @Test func theWholePlanIsWithinTheLimitOfTime() {
        let load = "[{ phase: a, rate: 1/s, for: 40s }, { phase: b, users: 1, for: 21s }]"
        #expect(
            ScenariosTests.sentences(about: ScenarioText(load: load, limits: "{ duration: 1m }"))
                == [
                    "the phases plan 61s; limits.duration allows 1m"
                ])
        #expect(
            ScenariosTests.sentences(about: ScenarioText(load: load, limits: "{ duration: 61s }"))
                .isEmpty)
        // 100 + 5 × √100 = 150 payments at 10/s.
        let counted = "[{ phase: a, rate: 10/s, payments: 100 }]"
        #expect(
            ScenariosTests.sentences(
                about: ScenarioText(load: counted, limits: "{ duration: 14s }")) == [
                    "poisson arrivals may take up to 15s and limits.duration allows 14s; "
                        + "raise limits.duration or use arrivals: uniform"
                ])
    }

    /// Every pass of every flow counts, and of times the longest flow.
    @Test(arguments: [
        // 3 × 10 + 2 × 10 × 5 = 130 payments in 3 + 2 × (5 + 1) = 15 s.
        (
            "load: [{ phase: a, rate: 10/s, for: 1s, arrivals: uniform, repeat: 3 }, { repeat: 2, "
                + "load: [{ phase: b, rate: 10/s, for: 5s, arrivals: uniform }, { pause: 1s }] }]",
            130, 15
        ),
        // 100 × 10 / 2 = 500 payments of a ramp beside 7 users who make 3 each.
        (
            "flows: { a: [{ phase: a, rate: { from: 0/s, to: 100/s }, for: 10s, arrivals: uniform "
                + "}], b: [{ phase: b, users: 7, payments_per_user: 3, for: 30s }] }",
            521, 30
        ),
        // Stairs of 1, 2 and 3/s, 10 s each.
        (
            "load: [{ phase: a, rate: { from: 1/s, to: 3/s, step: 1/s, every: 10s }, "
                + "arrivals: uniform }]", 60, 30
        ),
        // 10/s for 20 s but for 5 s of 100/s: 150 + 500.
        (
            "load: [{ phase: a, rate: { base: 10/s, peak: 100/s, at: 10s, lasting: 5s }, for: 20s, "
                + "arrivals: uniform }]", 650, 20
        ),
        // Every second, five users, ten and a half seconds: eleven turns each.
        ("load: [{ phase: a, users: 5, every: 1s, for: 10.5s }]", 55, 11),
    ])
    func plansAreSummedOverPassesAndFlows(load: String, payments: Int, seconds: Int) {
        func said(_ limits: String) -> [String] {
            ScenariosTests.sentences(about: ScenarioText(load: nil, limits: limits, more: load))
        }
        #expect(said("{ payments: \(payments), duration: \(seconds)s }").isEmpty)
        #expect(
            said("{ payments: \(payments - 1) }") == [
                "the phases plan \(payments) payments; limits.payments allows \(payments - 1)"
            ])
        #expect(said("{ duration: \(seconds - 1)s }").count == 1)
    }

    /// Repeats of a share vary as arrivals do: 100 + 5 × √100.
    @Test(arguments: [
        ("", "retry: { on: [throttled], max: 2 }", 3000),
        ("repeat_of: 100%", "", 2000),
        ("repeat_of: 10%", "", 1150),
        ("repeat_of: 10%", "retry: { on: [throttled] }", 2300),
    ])
    func retriesAndRepeatsCountAtTheirWorst(payment: String, retry: String, most: Int) {
        func said(_ limit: Int) -> [String] {
            ScenariosTests.sentences(
                about: ScenarioText(
                    payments: ScenarioText.payment(payment),
                    load: "[{ phase: a, users: 5, payments: 1000 }]",
                    limits: "{ payments: \(limit) }", more: retry))
        }
        #expect(said(most).isEmpty)
        #expect(
            said(most - 1) == [
                "with every retry and repeat the phases may send \(most) payments; "
                    + "limits.payments allows \(most - 1)"
            ])
    }

    @Test func repeatsCountForThePaymentsThatAPhaseMakes() {
        let payments =
            "[{ name: a, client_type: 1, payment_method: {}, repeat_of: 100% }, "
            + "{ name: b, client_type: 1, payment_method: {} }]"
        // All of the first, half of the second.
        for (mix, most) in [("{ a: 1 }", 200), ("{ b: 1 }", 100), ("{ a: 1, b: 3 }", 150)] {
            let load = "[{ phase: x, users: 1, payments: 100, mix: \(mix) }]"
            let limits = "{ payments: \(most) }"
            let scenario = ScenarioText(payments: payments, load: load, limits: limits)
            #expect(ScenariosTests.sentences(about: scenario).isEmpty, "\(mix)")
            let tight = ScenarioText(
                payments: payments, load: load, limits: "{ payments: \(most - 1) }")
            #expect(ScenariosTests.sentences(about: tight).count == 1, "\(mix)")
        }
    }
}

extension ScenarioText: CustomTestStringConvertible {
    var testDescription: String { text }
}
