import Documents
import Payments
import Providers
import Scenarios
import Testing

@Suite struct EffectiveTextTests {
    private static let environment = [
        "TOKEN": "the-secret", "PAY_TOKEN": "the-secret", "KEY": "quickstart.yaml", "WORD": "wörd",
    ]

    private static let rich = """
        version: 1
        name: rich
        seed: 18446744073709551615
        target:
          base_url: HTTPS://Pay.Example.Test:8443/api/
          path: /pay
          environment: staging
          allow_hosts: [pay.example.test, "::1", 10.0.0.1]
          parameters: query
          format: { jsonp: cb }
          auth: { bearer: "${secret:TOKEN}" }
          headers: { X-Channel: "bench", X-Key: "${secret:TOKEN}" }
          http: { version: auto, connections: 5, reuse: false }
          decline_codes: []
          tls: { verify: false, client_key: "${secret:KEY}", client_cert: own-service.yaml }
          timeouts: { connect: 1500us, total: 1.5s }
        limits:
          payments: 100000000
          duration: 10h
          in_flight: 7
          on_full: skip
          stop_if: ["errors.rate{flow=app, phase=c} > 50% over 5s", in_doubt.count >= 1000]
        retry: { on: [in_doubt, throttled], max: 3, after: 1.5ms }
        payments:
          - name: a
            weight: 3
            payment_id: "id-${uuid}-${int(-5,5)}"
            client_type: web
            payment_method:
              { type: "no", n: 1.50, list: [], empty: {}, deep: [{ t: "${seq}" }, null, true] }
            store_payment_method: false
            return_url: "https://shop.example.test/?x=${seq}"
            version: 0
            expect: [in_doubt, accepted]
            repeat_of: { share: 0.3%, when: after_timeout }
          - { name: "42", client_type: 2, payment_method: {}, repeat_of: 1 }
        flows:
          web:
            - { phase: a, rate: 12345/min, for: 10s, measure: false, arrivals: uniform }
            - { phase: b, users: 3, think_time: 1.5ms, payments: 5, repeat: 7 }
            - { phase: c, rate: 0.7/s, for: 1m, payments: 9, mix: { "42": 5 } }
            - { pause: 1s }
            - repeat: 2
              load:
                - { phase: d, rate: { from: 0/s, to: 1/min }, for: 2h, until: skipped.count > 1 }
                - { pause: 1ms, phase: short }
                - repeat: 3
                  load: [{ pause: 1ms }]
          app:
            - { phase: a, rate: { from: 2.5/s, to: 1/s, step: 0.1/s, every: 1s } }
            - phase: b
              rate: { base: 0/s, peak: 70/h, at: 0s, lasting: 1500us }
              for: 1h
              until: ["rate.completed{outcome=accepted} < 1/s", "tls.p99.9 > 1us over 250ms"]
            - { phase: c, users: { from: 5, to: 0 }, think_time: { exponential: 1us }, for: 5s }
            - phase: d
              users: 5
              think_time: { uniform: { from: 0s, to: 1ms } }
              every: 2s
              payments_per_user: 7
        """

    /// The sections beside the load, every key of them, and none of it.
    private static let judged = [
        """
        version: 1
        name: judged
        target: { base_url: simulator, headers: { X-A: a }, auth: { bearer: "${secret:TOKEN}" } }
        payments: [{ name: card, client_type: 1, payment_method: {} }]
        load: [{ phase: steady, rate: 10/s, for: 60s }]
        budgets:
          - response_time.p99 < 800ms
          - { check: "errors.rate < 0.1%", phase: steady, window: 10s, after: 1m, for: 30s }
          - { check: "in_doubt.count{payment=card} == 0", window: 5s, abort: true }
          - { check: response_time.p95<=baseline+7%, confidence: 99.5%, on_inconclusive: fail }
        baseline:
          target:
            path: /adapters/a/pay
            headers: { x-a: b, Y: "${seq}" }
            payment_method: { n: 1.50, t: "${uuid}" }
            timeouts: { total: 1500us }
            tls: { verify: false, client_key: "${secret:KEY}" }
            auth: { credentials: { username: u, password: "${secret:TOKEN}" } }
          design: blocks
        """,
        """
        version: 1
        name: compared
        target: { base_url: simulator }
        payments: [{ name: card, client_type: 1, payment_method: {} }]
        baseline: { result: own-service.yaml }
        budgets: ["errors.rate{adapter=b} <= baseline + 0.001"]
        adapters:
          b: { base_url: "http://127.0.0.1:99", rate: 20.5/s }
          a: { reference: true, auth: { basic: { username: "${secret:TOKEN}", password: "${secret:TOKEN}" } } }
        compare:
          { design: duet, block: 2500ms, settle: 0s, rate: 700/min, metrics: [in_doubt.rate],
            equivalent_within: 0.7%, confidence: 0.999, for: 1h, until: decided }
        capacity:
          search: { from: 1/min, to: 0.7/s, tolerance: 0.3%, confidence: 0.9 }
          step: { settle: 10ms, measure: 1500ms, repeats: 7 }
          arrivals: uniform
          sustain: ["response_time.p99.9{payment=card} <= 1s", errors.rate < 0.1%]
          then: { step_down: true, soak: 90s, soak_at: 33% }
          proof: 25s
          expect: 41/min
          for: 2h
        """,
    ]

    @Test func theSectionsBesideTheLoadReadBackToo() throws {
        for text in Self.judged {
            try expectRoundTrip(text)
            #expect(try !read(text).effectiveText.contains("the-secret"))
        }
    }

    private func read(_ text: String) throws -> Scenario { try read(Array(text.utf8)) }

    private func read(_ bytes: [UInt8]) throws(DocumentError) -> Scenario {
        try ScenarioReader.read(
            bytes: bytes, name: "file", directory: Self.directory, environment: Self.environment)
    }

    private static let directory =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/") + "/scenarios"

    private static func shipped(_ name: String) throws -> String {
        let path = "\(directory)/\(name).yaml"
        return String(decoding: try documentBytes(path: path, name: name), as: UTF8.self)
    }

    private func expectRoundTrip(_ text: String) throws {
        let scenario = try read(text)
        var again = try read(scenario.effectiveText)
        #expect(again.effectiveText == scenario.effectiveText)
        #expect(again.sha256 != scenario.sha256)
        again.sha256 = scenario.sha256
        #expect(again == scenario)
    }

    @Test func theEffectiveTextReadsBackToTheSameScenario() throws {
        try expectRoundTrip(Self.rich)
        for name in ["quickstart", "closed", "own-service"] {
            try expectRoundTrip(Self.shipped(name))
        }
    }

    @Test func secretsStandByName() throws {
        let text = try read(Self.rich).effectiveText
        #expect(!text.contains("the-secret"))
        #expect(text.contains("bearer: \"${secret:TOKEN}\""))
        #expect(text.contains("X-Key: \"${secret:TOKEN}\""))
    }

    @Test(arguments: [
        ("bearer: hush", "bearer: \"***\""),
        ("bearer: 'hush-${secret:TOKEN}'", "bearer: \"***${secret:TOKEN}\""),
        ("bearer: 'hush-${env:WORD}'", "bearer: \"***\""),
        ("api_key: hush", "api_key: \"***\""),
        (
            "basic: { username: someone, password: hush }",
            "username: someone\n      password: \"***\""
        ),
    ])
    func literalCredentialsAreMasked(auth: String, written: String) throws {
        let scenario = try read(
            ScenarioText(target: "{ base_url: simulator, auth: { \(auth) } }").text)
        #expect(!scenario.effectiveText.contains("hush"))
        #expect(!scenario.effectiveText.contains("wörd"))
        #expect(scenario.effectiveText.contains(written))
        // But for the credential it is the same scenario.
        var again = try read(scenario.effectiveText)
        again.sha256 = scenario.sha256
        again.target.credentials = scenario.target.credentials
        #expect(again == scenario)
    }

    @Test func theSimulatorsCredentialsAreMaskedForReadersOnly() throws {
        for auth in ["bearer: hush", "api_key: hush", "basic: { username: u, password: hush }"] {
            let text = ScenarioText(simulator: "{ auth: { \(auth) } }").text
            let scenario = try read(text)
            #expect(!scenario.effectiveText.contains("hush"))
            let provider = try #require(scenario.simulator)
            #expect(provider.documentText.contains("hush"))
        }
    }

    @Test(arguments: [
        ("Authorization", true), ("COOKIE", true), ("X-Api-Key", true), ("x-auth-token", true),
        ("X-Client-Secret", true), ("X-Password", true), ("Proxy-Authorization", true),
        ("X-Channel", false), ("Idempotence", false),
    ])
    func headersThatCarryCredentialsAreMasked(name: String, isMasked: Bool) throws {
        let target = "{ base_url: simulator, headers: { \(name): 'hush ${secret:TOKEN}' } }"
        let text = try read(ScenarioText(target: target).text).effectiveText
        #expect(text.contains("hush") != isMasked)
        #expect(text.contains("\(name): \"\(isMasked ? "***" : "hush ")${secret:TOKEN}\""))
    }

    @Test func theDigestIsThatOfTheFile() throws {
        let text = ScenarioText().text
        #expect(try read(text).sha256 == read(text).sha256)
        #expect(try read(text).sha256 != read(text + " ").sha256)
    }

    @Test func theShippedScenariosAreValid() throws {
        for name in ["quickstart", "closed"] {
            let bytes = Array(try Self.shipped(name).utf8)
            #expect(throws: Never.self) { try reading(bytes).get() }
        }
        let own = Array(try Self.shipped("own-service").utf8)
        #expect(throws: Never.self) { try reading(own, environment: ["PAY_TOKEN": "x"]).get() }
        for environment in [[:], ["PAY_TOKEN": ""]] {
            guard case .failure(let error) = reading(own, environment: environment) else {
                Issue.record("it was read")
                return
            }
            #expect(
                error.description
                    == "file:21:19: ${secret:PAY_TOKEN}: the environment variable PAY_TOKEN is not "
                    + "set, or empty; set it before the run")
        }
    }

    @Test func everyMutationIsJudged() throws {
        let seed: UInt64 = 20_240_611
        var random = SeededGenerator(seed: seed)
        let corpus =
            try ["quickstart", "closed", "own-service"].map {
                Array(try Self.shipped($0).utf8)
            } + ([Self.rich] + Self.judged).map { Array($0.utf8) }
        for round in 0..<4_000 {
            let bytes = mutated(corpus[round % corpus.count], corpus, using: &random)
            do throws(DocumentError) {
                let scenario = try read(bytes)
                // What is accepted is written so that it is accepted again.
                let text = Array(scenario.effectiveText.utf8)
                #expect(throws: Never.self, "seed \(seed), round \(round)") { try read(text) }
            } catch {
                #expect(!error.description.contains("paybench0-"), "seed \(seed), round \(round)")
            }
        }
    }

    /// Lines copied, cut and swapped, words taken from elsewhere, single bytes changed.
    private func mutated(
        _ bytes: [UInt8], _ corpus: [[UInt8]], using random: inout SeededGenerator
    ) -> [UInt8] {
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
        lines.removeAll { $0.first == 0x23 }
        let other = (corpus.randomElement(using: &random) ?? []).split(separator: 0x0A)
        let letters = Array("[]{}:,-?*&!|>'\"#%@ \t0159sm/$.ex~".utf8) + [0, 0xFF, 0xC3]
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let at = lines.indices.randomElement(using: &random) ?? 0
            switch Int.random(in: 0..<6, using: &random) {
            case 0: lines.remove(at: at)
            case 1: lines.insert(lines[at], at: at)
            case 2: lines.swapAt(at, lines.indices.randomElement(using: &random) ?? at)
            case 3: lines.insert(Array(other.randomElement(using: &random) ?? []), at: at)
            default:
                guard let column = lines[at].indices.randomElement(using: &random) else { continue }
                let letter = letters.randomElement(using: &random) ?? 0
                if Bool.random(using: &random) {
                    lines[at][column] = letter
                } else {
                    lines[at].insert(letter, at: column)
                }
            }
        }
        return Array(lines.joined(separator: [0x0A]))
    }
}
