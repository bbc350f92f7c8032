import Documents
import Providers
import Testing

/// Every complaint about a provider, as it is printed.
@Suite struct ProviderComplaintTests {
    static func complaints(_ text: String) -> String {
        do throws(DocumentError) {
            _ = try ProviderReader.read(bytes: Array(("version: 1\n" + text).utf8), name: "p")
            return ""
        } catch {
            return error.description
        }
    }

    static let laws =
        "constant, uniform, exponential, lognormal, bimodal, pareto, empirical, queue"

    @Test(arguments: [
        ("latency: {}", "p:2:10: no key; exactly one is allowed: \(laws)"),
        (
            "latency: { constant: 1ms, pareto: { p50: 1ms, p99: 2ms } }",
            "p:2:10: constant, pareto; exactly one is allowed: \(laws)"
        ),
        (
            "latency: { uniform: { from: 9ms, to: 1ms } }",
            "p:2:38: to 1ms is below from 9ms; at least from is allowed"
        ),
        (
            "latency: { lognormal: { p50: 9ms, p99: 1ms } }",
            "p:2:40: p99 1ms is below p50 9ms; at least p50 is allowed"
        ),
        (
            "latency: { pareto: { p50: 9ms, p99: 9ms } }",
            "p:2:20: p50 and p99 are both 9ms; a p99 above p50 is allowed, or constant"
        ),
        (
            "latency: { empirical: [{ quantile: 0%, time: 1ms }] }",
            "p:2:23: the table of quantiles has to begin with 0% and to end with 100%"
        ),
        (
            "latency: { empirical: [{ quantile: 0, time: 2ms }, { quantile: 1, time: 1ms }] }",
            "p:2:23: the table falls at 1.0; quantiles have to rise, and times must not fall"
        ),
        (
            "latency: { constant: 1ms, slow: { share: 1%, factor: 0.5 } }",
            "p:2:54: 0.5 is out of range; allowed: a number from 1 to 1000"
        ),
        (
            "latency: { queue: { servers: 0, service: { constant: 1ms } } }",
            "p:2:30: 0 is out of range; allowed: a whole number, 1 to 10000"
        ),
        (
            "preset: cards",
            "p:2:9: \"cards\"; allowed: card, card-with-fraud-check, wallet, bank-transfer, "
                + "stand-in, sandbox, instant; did you mean \"card\"?"
        ),
        (
            "repeat: twice",
            "p:2:9: \"twice\"; allowed: replay, conflict_while_in_flight, refuse, charge_twice"
        ),
    ])
    func aWrongLawIsNamed(_ text: String, _ expected: String) {
        #expect(Self.complaints(text) == expected)
    }

    @Test(arguments: [
        ("{ share: 1% }", "p:3:5: key \"kind\" is missing; it is required here"),
        ("{ kind: reset }", "p:3:5: key \"point\" is missing; it is required here"),
        (
            "{ kind: cut_body, time: 1s }",
            "p:3:29: key \"time\" means nothing to a fault of the kind \"cut_body\""
        ),
        (
            "{ kind: close_idle, time: 1s, share: 1% }",
            "p:3:42: key \"share\" means nothing to a fault of the kind \"close_idle\""
        ),
        (
            "{ kind: bad_json, share: 1%, every: 100 }",
            "p:3:41: a fault hits a share of payments or every so many-th, not both"
        ),
        (
            "{ kind: close_idle, time: 1s, every: 2 }",
            "p:3:42: key \"every\" means nothing to a fault of the kind \"close_idle\""
        ),
        ("{ kind: stall }", "p:3:5: this fault needs a time: after and for, or on: false"),
        (
            "{ kind: brown_out, factor: 2, errors: 110% }",
            "p:3:43: 110% is out of range; allowed: 0 to 1, or 0% to 100%"
        ),
        (
            "{ kind: cut }",
            "p:3:13: \"cut\"; allowed: refuse, reset, cut_body, wrong_length, drip, stall, "
                + "brown_out, timeout, close_idle, bad_json"
        ),
    ])
    func aWrongFaultIsNamed(_ fault: String, _ expected: String) {
        #expect(Self.complaints("faults:\n  - \(fault)") == expected)
    }

    @Test func twoFaultsOfOneNameAreRefused() {
        let text = "faults: [{ kind: bad_json }, { kind: bad_json }]"
        let expected =
            "p:2:30: another fault is called \"bad_json\" as well; give each a name of its own"
        #expect(Self.complaints(text) == expected)
    }

    @Test(arguments: [
        (
            "adapters: {}",
            "p:2:11: a mapping; allowed: a mapping of names to providers, at least one"
        ),
        (
            "adapters: { \"a b\": {} }",
            "p:2:13: \"a b\"; allowed: 1 to 64 letters, digits and . _ -, beginning with a letter or "
                + "digit"
        ),
        (
            "adapters: { a: { port: 80000 } }",
            "p:2:24: 80000 is out of range; allowed: a whole number, 0 to 65535"
        ),
        (
            "adapters: { a: { port: 8001 }, b: { port: 8001 } }",
            "p:2:43: port 8001 is that of another adapter"
        ),
        (
            "adapters: { a: { faults: [{ kind: refuse, after: 1s }] } }",
            "p:2:26: refusing connections takes a port of its own; give the adapter a port"
        ),
        ("limits: { burst: 5 }", "p:2:18: a burst needs a rate"),
        (
            "limits: { rate: 5 }",
            "p:2:17: 5 has no unit; allowed: a rate such as 500/s, 12000/min or 36000/h; "
                + "did you mean \"5/s\"?"
        ),
        (
            "answers: [{ share: 5%, outcome: pending, status: 200 }]",
            "p:2:42: unknown key \"status\"; allowed here: share, outcome"
        ),
    ])
    func aWrongAdapterOrLimitIsNamed(_ text: String, _ expected: String) {
        #expect(Self.complaints(text) == expected)
    }
}
