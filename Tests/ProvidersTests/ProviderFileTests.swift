import Documents
import Payments
import Providers
import Testing

/// What a provider file means.
@Suite struct ProviderFileTests {
    static func read(_ text: String) throws -> Provider {
        try ProviderReader.read(bytes: Array(text.utf8), name: "p.yaml")
    }

    /// As files were before adapters, faults and presets.
    @Test func anOldFileMeansWhatItMeant() throws {
        let provider = try Self.read(
            """
            version: 1
            name: old
            seed: 7
            latency: { bimodal: { fast: 2ms, slow: 50ms, slow_share: 30% } }
            stall: { after: 10s, for: 2s }
            answers: [{ share: 3%, status: 402, code: CardDeclined }]
            drops: [{ share: 0.1%, point: after_booking }]
            """)
        var expected = Provider()
        expected.name = "old"
        expected.seed = 7
        expected.latency.law = .bimodal(
            fast: .milliseconds(2), slow: .milliseconds(50), slowShare: 0.3)
        expected.stall = Stall(after: .seconds(10), length: .seconds(2))
        expected.answers = [ScriptedAnswer(share: 0.03, status: 402, code: "CardDeclined")]
        expected.drops = [ScriptedDrop(share: 0.001, point: .afterBooking)]
        #expect(provider == expected)
    }

    @Test func withoutAnythingPaymentsAreAcceptedAtOnce() throws {
        #expect(try Self.read("version: 1") == Provider())
    }

    static let everything = """
        version: 1
        name: all
        seed: 1
        ledger_entries: 1000
        repeat: conflict_while_in_flight
        latency:
          queue: { servers: 8, service: { exponential: { mean: 20ms } } }
          slow: { share: 0.5%, factor: 4 }
          stand_in: { share: 0.2%, after: 5s }
          slow_first_call: { extra: 800ms, idle: 1m }
          stratified: true
        limits: { rate: 25/s, burst: 50, concurrent: 10, retry_after: 2s }
        answers:
          - { share: 2%, status: 200, code: InsufficientFunds, decline: soft }
          - { share: 15%, outcome: challenge }
          - { share: 1%, outcome: pending }
        faults:
          - { kind: reset, point: during_booking, share: 0.1% }
          - { kind: reset, name: late, point: after_booking, share: 0.1% }
          - { kind: cut_body, share: 1% }
          - { kind: wrong_length, share: 1%, after: 5s }
          - { kind: drip, time: 2s, share: 1%, on: false }
          - { kind: stall, after: 30s, for: 2s }
          - { kind: brown_out, factor: 5, errors: 10%, after: 10s, for: 20s }
          - { kind: timeout, time: 30s, share: 0.1% }
          - { kind: close_idle, time: 5s }
          - { kind: bad_json, share: 0.1% }
          - { kind: refuse, after: 1m, for: 5s }
        adapters:
          card: { preset: card, port: 0 }
          slow: { preset: card, latency: { uniform: { from: 1ms, to: 9ms } } }
          strict: { preset: sandbox, latency: { stratified: true }, auth: { bearer: b } }
          table:
            latency:
              empirical:
                - { quantile: 0%, time: 1ms }
                - { quantile: 50%, time: 2ms }
                - { quantile: 100%, time: 10ms }
          tail: { latency: { pareto: { p50: 10ms, p99: 1s } } }
        """

    @Test func everyKeyIsReadAndWrittenBack() throws {
        let provider = try Self.read(Self.everything)
        #expect(provider.latency.servers == 8)
        #expect(provider.latency.law == .exponential(mean: .milliseconds(20)))
        #expect(provider.limits.rate == Limits.Rate(perSecond: 25, burst: 50))
        #expect(
            provider.faults.map(\.effect.kind) == [
                .reset, .reset, .cutBody, .wrongLength, .drip, .stall, .brownOut, .timeout,
                .closeIdle,
                .badJSON, .refuse,
            ])
        #expect(provider.answers[1] == .challenge(share: 0.15))
        #expect(
            provider.adapters.map(\.provider.name) == ["card", "slow", "strict", "table", "tail"])
        #expect(try Self.read(provider.documentText) == provider)
    }

    @Test(arguments: Preset.allCases)
    func aPresetIsReadByNameAndWrittenOut(_ preset: Preset) throws {
        let provider = try Self.read("{ version: 1, preset: \(preset.rawValue) }")
        #expect(provider == preset.provider)
        #expect(try Self.read(provider.documentText) == provider)
    }

    @Test func thePresetsHaveTheirFigures() {
        let card = Preset.card.provider.latency
        #expect(card.law == .lognormal(p50: .milliseconds(350), p99: .milliseconds(1400)))
        #expect(card.slow == Latency.Slow(share: 0.005, factor: 4))
        let sandbox = Preset.sandbox.provider
        #expect(sandbox.latency.law == .lognormal(p50: .milliseconds(250), p99: .seconds(3)))
        #expect(sandbox.limits.rate == Limits.Rate(perSecond: 25, burst: 25))
        let standIn = Preset.standIn.provider.latency
        #expect(standIn.standIn == Latency.StandIn(share: 0.002, after: .seconds(5)))
        #expect(standIn.law == card.law && standIn.slow == card.slow)
        #expect(Preset.instant.provider.latency == Latency())
    }

    @Test func whatTheFileSaysBeatsThePreset() throws {
        let adapters = try Self.read(Self.everything).adapters
        #expect(adapters[0].provider.latency == Preset.card.provider.latency)
        #expect(adapters[0].port == 0)
        let slow = adapters[1].provider.latency
        #expect(slow.law == .uniform(from: .milliseconds(1), to: .milliseconds(9)))
        #expect(slow.slow == Preset.card.provider.latency.slow)
        let strict = adapters[2].provider
        #expect(strict.latency.law == Preset.sandbox.provider.latency.law)
        #expect(strict.latency.isStratified)
        #expect(strict.limits.rate?.perSecond == 25)
        #expect(strict.credentials == .bearer(Template("b")))
    }

    static let shared = """
        version: 1
        auth: { bearer: hush1, jwt: { secret: hush2 }, credentials: { username: u, password: hush3 } }
        service: { cors: true, binding: strict }
        adapters:
          same: {}
          own: { auth: { basic: { username: u, password: hush4 } }, service: { cors: false } }
          usual: { service: { cors: false, binding: lenient } }
          token: { auth: { jwt: { secret: hush5 } } }
          key: { auth: { api_key: hush6 } }
        """

    @Test func credentialsAndServiceHoldForAdaptersWithoutTheirOwn() throws {
        let provider = try Self.read(Self.shared)
        let adapters = provider.adapters.map(\.provider)
        #expect(adapters[0].credentials == provider.credentials)
        #expect(adapters[0].tokens == TokenSettings(secret: "hush2"))
        #expect(adapters[0].login == LoginSettings(username: "u", password: "hush3"))
        #expect(adapters[0].service == provider.service)
        // Who says one way in has no other.
        #expect(adapters[1].tokens == nil && adapters[1].login == nil)
        #expect(adapters[1].service.binding == .strict && !adapters[1].service.cors)
        #expect(adapters[2].service == ServiceSettings())
        #expect(adapters[3].credentials == nil)
        #expect(try Self.read(provider.documentText) == provider)
    }

    @Test func whatOthersMaySeeHasNoSecretAnywhere() throws {
        let provider = try Self.read(Self.shared)
        let shown = provider.concealedTree.yaml
        #expect(!shown.contains("hush"))
        #expect(provider.adapters.allSatisfy { shown.contains($0.provider.name) })
        for number in 1...6 { #expect(provider.documentText.contains("hush\(number)")) }
    }

    @Test(arguments: [
        ("{ version: 1, preset: card }", true), ("{ version: 1, adapters: { a: {} } }", true),
        ("{ version: 1, latency: { constant: 1ms } }", true),
        ("{ version: 1, name: x, target: {}, payments: [], load: [] }", false),
        ("{ version: 1, name: x }", false), ("[1]", false), ("", false),
    ])
    func aProviderFileIsToldFromAScenarioByItsKeys(_ text: String, _ expected: Bool) {
        #expect(ProviderReader.isProvider(bytes: Array(text.utf8)) == expected)
    }
}
