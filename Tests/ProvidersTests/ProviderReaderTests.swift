import Documents
import Payments
import Providers
import Testing

@Suite struct ProviderReaderTests {
    private func reading(_ text: String) -> Result<Provider, DocumentError> {
        do throws(DocumentError) {
            return .success(try ProviderReader.read(bytes: Array(text.utf8), name: "file"))
        } catch { return .failure(error) }
    }

    private func complaints(about text: String) -> [String] {
        guard case .failure(let error) = reading(text) else { return [] }
        return error.description.split(separator: "\n").map(String.init)
    }

    @Test func everyKeyIsRead() throws {
        let text = """
            version: 1
            name: card
            seed: 7
            auth: { basic: { username: u, password: p } }
            latency: { bimodal: { fast: 2ms, slow: 50ms, slow_share: 10% } }
            stall: { after: 3s, for: 2s }
            answers:
              - { share: 3%, status: 402, code: CardDeclined }
              - { share: 0.005, status: 400, code: NotEmpty, field: PaymentId }
            drops:
              - { share: 0.1%, point: before_booking }
              - { share: 0.2%, point: after_booking }
            """
        var provider = Provider()
        provider.name = "card"
        provider.seed = 7
        provider.credentials = .basic(username: Template("u"), password: Template("p"))
        provider.latency.law = .bimodal(
            fast: .milliseconds(2), slow: .milliseconds(50), slowShare: 0.1)
        provider.stall = Stall(after: .seconds(3), length: .seconds(2))
        provider.answers = [
            ScriptedAnswer(share: 0.03, status: 402, code: "CardDeclined"),
            ScriptedAnswer(share: 0.005, status: 400, code: "NotEmpty", field: "PaymentId"),
        ]
        provider.drops = [
            ScriptedDrop(share: 0.001, point: .beforeBooking),
            ScriptedDrop(share: 0.002, point: .afterBooking),
        ]
        #expect(try reading(text).get() == provider)
    }

    @Test func nothingButTheVersionIsRequired() throws {
        #expect(try reading("version: 1").get() == Provider())
        #expect(
            complaints(about: "{}") == ["file:1:1: key \"version\" is missing; it is required here"]
        )
        #expect(
            complaints(about: "") == [
                "file:1:1: the file is empty; a mapping of keys to values is allowed"
            ])
    }

    private static let laws =
        "constant, uniform, exponential, lognormal, bimodal, pareto, empirical, queue"

    private static let mistakes: [(String, String)] = [
        ("latency: {}", "2:10: no key; exactly one is allowed: \(laws)"),
        (
            "latency: { constant: 1s, lognormal: { p50: 1s, p99: 2s } }",
            "2:10: constant, lognormal; exactly one is allowed: \(laws)"
        ),
        (
            "latency: { lognormal: { p50: 2s, p99: 1s } }",
            "2:39: p99 1s is below p50 2s; at least p50 is allowed"
        ),
        ("latency: { constant: 601s }", "2:22: 601s is out of range; allowed: 0s to 10m"),
        (
            "latency: { bimodal: { fast: 1ms, slow: 2ms } }",
            "2:21: key \"slow_share\" is missing; it is required here"
        ),
        (
            "latency: 5ms",
            "2:10: the text \"5ms\"; allowed: a mapping with the keys \(laws), slow, stand_in, "
                + "slow_first_call, stratified"
        ),
        (
            "answers: [{ share: 60%, status: 402, code: A }, { share: 0.5, status: 500, code: B }]",
            "2:10: the shares of answers and drops add up to 110.0 %; at most 100 % is allowed"
        ),
        (
            "answers: [{ share: 1%, status: 199, code: A }]",
            "2:32: 199 is out of range; allowed: a whole number, 200 to 599"
        ),
        (
            "answers: [{ share: 1%, status: 402, code: '' }]",
            "2:43: \"\"; allowed: 1 to 64 letters, digits and . _ -, beginning with a letter or "
                + "digit"
        ),
        (
            "drops: [{ share: 1%, point: before_bookin }]",
            "2:29: \"before_bookin\"; allowed: before_booking, after_booking; "
                + "did you mean \"before_booking\"?"
        ),
        (
            "stall: { after: 1s, for: 0s }",
            "2:26: 0s is out of range; allowed: 1us to 24h"
        ),
        (
            "auth: { bearer: \"${secret:X}\" }",
            "2:17: \"${secret:X}\"; a provider has no ${…}, the text as it is sent is allowed"
        ),
        (
            "auth: { bearer: 42 }",
            "2:17: the number 42; allowed: a text, in quotes if it looks like a number or a truth "
                + "value"
        ),
        (
            "latencey: 1s",
            "2:1: unknown key \"latencey\"; allowed here: version, name, seed, auth, service, "
                + "preset, latency, stall, answers, drops, limits, faults, repeat, "
                + "ledger_entries, adapters; did you mean \"latency\"?"
        ),
    ]

    @Test(arguments: mistakes)
    func mistakesAreSaidInTheirPlace(text: String, complaint: String) {
        #expect(complaints(about: "version: 1\n\(text)") == ["file:\(complaint)"])
    }

    @Test func sharesThatAddUpToTheWholeAreAllowed() {
        // 0.1 + 0.2 + 0.7 is more than 1 by a rounding error.
        let text =
            "version: 1\nanswers: ["
            + ["0.1", "0.2", "0.7"].map { "{ share: \($0), status: 402, code: A }" }
            .joined(separator: ", ") + "]"
        #expect(complaints(about: text).isEmpty)
    }

    @Test func theDocumentReadsBackToTheSameProvider() {
        let seed: UInt64 = 17
        var random = SeededGenerator(seed: seed)
        for round in 0..<500 {
            let provider = Provider.random(using: &random)
            let text = provider.documentText
            let comment: Comment = "seed \(seed), round \(round):\n\(text)"
            switch reading(text) {
            case .success(let read): #expect(read == provider, comment)
            case .failure(let error): Issue.record("\(error)\n\(comment)")
            }
        }
    }
}

extension Provider {
    /// Any provider that a file can describe.
    fileprivate static func random(using random: inout SeededGenerator) -> Provider {
        func label() -> String {
            let letters = Array("abcXYZ019._-")
            let count = Int.random(in: 0...20, using: &random)
            return "\("aB7".randomElement(using: &random) ?? "a")"
                + String((0..<count).map { _ in letters.randomElement(using: &random) ?? "a" })
        }
        func text() -> Template {
            let pieces = [
                "a", " ", ":", "#", "'", "\"", "\\", "$", "{", "*", "!", "é", "0", "true", "\n",
            ]
            let count = Int.random(in: 0...9, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            return Template(text.replacing("${", with: "$"))
        }
        func time(from least: Int64, to most: Int64) -> Duration {
            .nanoseconds(Int64.random(in: least...most, using: &random))
        }
        var provider = Provider()
        provider.name = label()
        provider.seed =
            Bool.random(using: &random) ? UInt64.random(in: .min ... .max, using: &random) : nil
        provider.credentials =
            switch Int.random(in: 0..<4, using: &random) {
            case 0: .bearer(text())
            case 1: .apiKey(text())
            case 2: .basic(username: text(), password: text())
            default: nil
            }
        let p50 = time(from: 1_000, to: 300_000_000_000)
        provider.latency.law =
            switch Int.random(in: 0..<3, using: &random) {
            case 0: .constant(time(from: 0, to: 600_000_000_000))
            case 1:
                .bimodal(
                    fast: p50, slow: time(from: 0, to: 600_000_000_000),
                    slowShare: Double.random(in: 0...1, using: &random))
            default: .lognormal(p50: p50, p99: p50 + time(from: 0, to: 300_000_000_000))
            }
        if Bool.random(using: &random) {
            provider.stall = Stall(
                after: time(from: 0, to: 86_400_000_000_000),
                length: time(from: 1_000, to: 86_400_000_000_000))
        }
        provider.answers = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            ScriptedAnswer(
                share: Double.random(in: 0...0.1, using: &random),
                status: Int.random(in: 200...599, using: &random), code: label(),
                field: Bool.random(using: &random) ? label() : nil)
        }
        provider.drops = (0..<Int.random(in: 0...4, using: &random)).map { _ in
            ScriptedDrop(
                share: Double.random(in: 0...0.1, using: &random),
                point: ScriptedDrop.Point.allCases.randomElement(using: &random) ?? .beforeBooking)
        }
        return provider
    }
}

/// SplitMix64: the same numbers for the same seed on every machine.
private struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
