import Foundation
import Testing

extension Keeping {
    /// Help for those who write scenarios: init, plan, explain, schema.
    @Suite struct WriterTests {
        private func run(
            _ arguments: String..., in folder: Folder, environment: [String: String] = [:]
        ) throws -> Command.Ended {
            try paybench(arguments, in: folder, environment: environment)
        }

        @Test func aStarterIsValidRunsAndIsNeverOverwritten() throws {
            let folder = try Folder()
            let first = try run("init", in: folder)
            #expect(first.status == 0)
            #expect(first.output.contains("paybench plan scenario.yaml"))
            #expect(try run("validate", "scenario.yaml", in: folder).status == 0)
            let file = folder.url.appendingPathComponent("scenario.yaml")
            let text = try String(contentsOf: file, encoding: .utf8)
            #expect(text.components(separatedBy: "#").count > 20, "it is commented")
            let again = try run("init", "scenario.yaml", in: folder)
            #expect(again.status == 64)
            #expect(again.talk.contains("it exists"))
            #expect(try String(contentsOf: file, encoding: .utf8) == text)
            #expect(try run("init", "no/such/folder/a.yaml", in: folder).status == 64)
            let short = text.replacing("for: 2s", with: "for: 100ms")
                .replacing("for: 10s", with: "for: 400ms")
            #expect(short != text)
            try short.write(to: file, atomically: false, encoding: .utf8)
            #expect([0, 5].contains(try run("run", "scenario.yaml", in: folder).status))
        }

        @Test func aKeyIsExplained() throws {
            let folder = try Folder()
            let reuse = try run("explain", "target.http.reuse", in: folder)
            #expect(reuse.status == 0)
            #expect(
                reuse.output == """
                    target.http.reuse
                      false: a new connection for each payment.

                      allowed   true or false
                      default   true
                      example   reuse: true

                    """)
            let rate = try run("explain", "load.rte", in: folder)
            #expect(rate.status == 64)
            #expect(rate.output.isEmpty)
            #expect(rate.talk.contains("unknown key \"load.rte\""))
            #expect(rate.talk.contains("did you mean load.rate?"))
            let all = try run("explain", in: folder)
            #expect(all.status == 0)
            let keys = all.output.split(separator: "\n").map {
                $0.drop { $0 == " " }.prefix { $0 != " " }
            }
            for key in ["base_url*", "think_time", "stop_if", "repeat_of", "lognormal"] {
                #expect(keys.contains(Substring(key)), "\(key)")
            }
        }

        @Test(arguments: ["scenario", "provider"])
        func theSchemaIsJSON(kind: String) throws {
            let folder = try Folder()
            let ended = try run("schema", kind, in: folder)
            #expect(ended.status == 0)
            let parsed = try JSONSerialization.jsonObject(with: Data(ended.output.utf8))
            let schema = try #require(parsed as? [String: Any])
            #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
            #expect((schema["properties"] as? [String: Any])?["version"] != nil)
        }

        private static let mixed = """
            version: 1
            name: planned
            seed: 7
            target: { base_url: "http://127.0.0.1:9", headers: { X-Api-Key: plain, X-N: "n${seq}" } }
            payments:
              - { name: a, weight: 3, client_type: 1, payment_method: { t: "${secret:S}" }, repeat_of: 10% }
              - { name: b, weight: 1, client_type: 2, payment_method: { t: "${seq}" } }
            flows:
              one:
                - { phase: up, rate: { from: 0/s, to: 100/s }, for: 10s, arrivals: uniform }
                - { repeat: 2, load: [{ pause: 1s }, { phase: on, rate: 50/s, for: 4s, mix: { b: 1 } }] }
              two:
                - { phase: side, rate: 10/s, for: 20s, arrivals: uniform }
            """

        /// up: 100 / 2 × 10 = 500 of which 3/4 are a; on: 2 × 200 b; side: 200.
        @Test func aPlanCountsEveryPayment() throws {
            let folder = try Folder()
            _ = try folder.write(Self.mixed, as: "planned.yaml")
            let ended = try run(
                "plan", "--json", "planned.yaml", in: folder, environment: ["S": "hush-hush"])
            #expect(ended.status == 0)
            #expect(!ended.output.contains("hush") && !ended.output.contains("plain"))
            let plan = try JSONDecoder().decode(PlanFile.self, from: Data(ended.output.utf8))
            #expect(plan.format == "paybench-plan/1")
            #expect(plan.totals.payments == 1100 && plan.totals.length_s == 20)
            #expect(plan.payments.map(\.name) == ["a", "b"])
            #expect(plan.payments.map(\.planned) == [525, 575])
            #expect(plan.payments.map(\.repeated) == [52.5, 0])
            #expect(plan.flows.map(\.name) == ["one", "two"])
            #expect(plan.flows[0].phases.map(\.passes) == [1, 2, 2])
            let drawn = plan.rates.per_s.reduce(0, +) * (plan.rates.step_s ?? 0)
            #expect(abs(drawn - 1100) < 0.5, "the chart shows every payment")
            #expect(plan.rates.per_s[50] == 60 - 50, "10 s to 11 s are a pause of flow one")
            #expect(plan.requests.count == 3)
        }

        /// The same seed and run id: what the plan shows is what the target gets.
        @Test func theRequestsOfAPlanAreWhatIsSent() throws {
            let folder = try Folder()
            let target = try RawTarget { _ in RawTarget.answer("200 OK", body: "{\"data\":\"x\"}") }
            let text = scenario(
                target.address, load: ["phase: one, users: 1, payments: 3"],
                payment: "n: \"${seq}-${int(1,999999)}\", at: \"${choice(a,b,c)}\"",
                target: "headers: { X-Channel: bench, X-N: \"n${seq}-${int(1,999999)}\" }")
            let file = try folder.write(text, as: "sent.yaml")
            let plan = try JSONDecoder().decode(
                PlanFile.self, from: Data(try run("plan", "--json", file, in: folder).output.utf8))
            let ended = try run(
                "run", file, "--run", "example", "--results", folder.results, in: folder)
            #expect(ended.status == 0)
            let sent = target.requests
            #expect(sent.count == 3)
            for (request, planned) in zip(sent, plan.requests) {
                #expect(request.line == "POST \(planned.target) HTTP/1.1")
                #expect(request.body == planned.body)
                let headers = planned.headers.map { ($0.name.lowercased(), $0.value) }
                #expect(request.headers == Dictionary(headers) { $1 })
            }
        }

        @Test func aPlanIsDrawnInEightyColumns() throws {
            let folder = try Folder()
            _ = try folder.write(Self.mixed, as: "planned.yaml")
            let ended = try run("plan", "planned.yaml", in: folder, environment: ["S": "hush-hush"])
            #expect(ended.status == 0)
            #expect(!ended.output.contains("hush") && ended.output.contains("${secret:S}"))
            let chart = ended.output.split(separator: "\n").filter { $0.contains("│") }
            #expect(chart.count == 8)
            #expect(chart.allSatisfy { $0.count <= 80 })
            #expect(chart.last?.contains("█") ?? false)
            #expect(!ended.output.contains("\u{1b}"))
        }
    }
}

/// The part of `docs/PLAN.md` that is looked at here.
private struct PlanFile: Decodable {
    struct Totals: Decodable { var payments, length_s: Double? }
    struct Kind: Decodable {
        var name: String
        var planned, repeated: Double?
    }
    struct Flow: Decodable {
        var name: String?
        var phases: [Phase]
    }
    struct Phase: Decodable {
        var name: String
        var passes: Int
    }
    struct Rates: Decodable {
        var step_s: Double?
        var per_s: [Double]
    }
    struct Request: Decodable {
        var payment: String
        var target: String
        var headers: [Header]
        var body: String
    }
    struct Header: Decodable { var name, value: String }
    var format: String
    var totals: Totals
    var payments: [Kind]
    var flows: [Flow]
    var rates: Rates
    var requests: [Request]
}
