import Documents
import Foundation
import Providers
import Scenarios
import Testing

/// The JSON Schema against the reader, judged by a validator of others.
@Suite(.enabled(if: SchemaValidator.isThere, "\(SchemaValidator.missing)"))
struct SchemaTests {
    static let folder =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
        .joined(separator: "/") + "/scenarios"

    private static let schema = JSONSchema(ScenarioReader.shape, title: "scenario").tree

    private static func files(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(".yaml") }.sorted().map { "\(folder)/\($0)" }
    }

    private static func tree(of file: String) throws -> Tree {
        try tree(of: [UInt8](Data(contentsOf: URL(fileURLWithPath: file))))
    }

    private static func tree(of bytes: [UInt8]) throws -> Tree {
        try Document.read(bytes: bytes, name: "file").root.tree
    }

    @Test func theSchemaAllowsTheGallery() throws {
        let files = try Self.files(in: Self.folder)
        #expect(files.count >= 11)
        let verdicts = try SchemaValidator.verdicts(try files.map(Self.tree), by: Self.schema)
        for (file, isAllowed) in zip(files, verdicts) { #expect(isAllowed, "\(file)") }
        #expect(verdicts.count == files.count)
    }

    @Test func theSchemaOfProvidersAllowsTheirGallery() throws {
        let files = try Self.files(in: Self.folder + "/providers")
        let schema = JSONSchema(ProviderReader.shape, title: "provider").tree
        let verdicts = try SchemaValidator.verdicts(try files.map(Self.tree), by: schema)
        #expect(verdicts == files.map { _ in true })
    }

    @Test func theSchemaRefusesWhatItCanSay() throws {
        let faulty = [
            ScenarioText(target: "{ base_url: simulator, htp: {} }"),
            ScenarioText(target: "{ path: /pay }"),
            ScenarioText(target: "{ base_url: simulator, auth: { bearer: a, api_key: b } }"),
            ScenarioText(target: "{ base_url: simulator, http: { max_streams: 5 } }"),
            ScenarioText(payments: "[]"),
            ScenarioText(payments: ScenarioText.payment("weight: 0")),
            ScenarioText(payments: ScenarioText.payment(#"return_url: "${uid}""#)),
            ScenarioText(payments: ScenarioText.method(#"a: { b: ["${secret}"] }"#)),
            ScenarioText(load: "[{ phase: a, rate: 500, for: 1s }]"),
            ScenarioText(load: "[{ phase: a, rate: 500/s, for: 10 }]"),
            ScenarioText(load: "[{ phase: a, rate: 500/s, users: 5, for: 1s }]"),
            ScenarioText(load: "[{ phase: a, rate: { from: 1/s }, for: 1s }]"),
            ScenarioText(load: "[{ repeat: 2, load: [{ phase: a, rte: 1/s, for: 1s }] }]"),
            ScenarioText(limits: "{ in_flight: 0 }"),
            ScenarioText(simulator: "{ answers: [{ share: 3%, status: 42, code: A }] }"),
            ScenarioText(simulator: "{ latency: { lognormal: { p50: 3 } } }"),
            ScenarioText(more: "flows: { a: [{ phase: b, rate: 1/s, for: 1s }] }"),
            ScenarioText(load: nil), ScenarioText(more: "budgets: []"),
            ScenarioText(more: "budgets: [{ phase: steady }]"),
            ScenarioText(more: "budgets: [{ check: errors.rate < 1%, abort: true }]"),
            ScenarioText(more: "baseline: {}"),
            ScenarioText(more: "baseline: { result: ., design: duet }"),
            ScenarioText(more: "adapters: { a: {}, b: {} }"),
            ScenarioText(more: "compare: { rate: 1/s, for: 5s }"),
            ScenarioText(more: "adapters: { a: {}, b: {} }\ncompare: { for: 5s }"),
            ScenarioText(more: "adapters: { a: {} }\ncompare: { rate: 1/s, for: 5s }"),
            ScenarioText(more: "adapters: { a: {}, b: {} }\ncompare: { rate: 1/s, for: 5 }"),
            ScenarioText(more: "capacity: { search: { from: 1/s, to: 9/s } }"),
            ScenarioText(
                more: "capacity: { search: { from: 1/s, to: 9/s }, sustain: [errors.rate < 1%], "
                    + "then: { soak_at: 5% } }"),
        ]
        let trees = try faulty.map { try Self.tree(of: Array($0.text.utf8)) }
        let verdicts = try SchemaValidator.verdicts(trees, by: Self.schema)
        for (scenario, isAllowed) in zip(faulty, verdicts) {
            #expect(!isAllowed, "\(scenario.text)")
            #expect(!sentences(about: scenario).isEmpty, "\(scenario.text)")
        }
    }

    /// Whatever the reader takes, the schema takes; and of what it refuses, the schema refuses what is
    /// a matter of keys, kinds, words and units.
    @Test func schemaAndReaderJudgeMutantsAlike() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        var mutator = Mutator(seed: seed)
        let originals = try Self.files(in: Self.folder).map(Self.tree)
        let mutants = (0..<900).map { mutator.mutant(of: originals[$0 % originals.count]) }
        let verdicts = try SchemaValidator.verdicts(mutants, by: Self.schema)
        var (read, refused) = (0, 0)
        for (mutant, isAllowed) in zip(mutants, verdicts) {
            let problems = Self.problems(with: mutant)
            if problems.isEmpty {
                read += 1
                #expect(isAllowed, "seed \(seed): the reader takes it\n\(mutant.yaml)")
            } else if let problem = problems.first(where: Self.isMatterOfShape) {
                refused += 1
                #expect(!isAllowed, "seed \(seed): \(problem.sentence)\n\(mutant.yaml)")
            }
        }
        // The mutations are such that both happen often.
        #expect(read > 50 && refused > 200, "seed \(seed): \(read) read, \(refused) refused")
    }

    /// Of the faulty files, those whose fault is a matter of shape.
    @Test func theSchemaRefusesTheFaultyFilesThatItCan() throws {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let files = try Self.files(in: folder.joined(separator: "/") + "/Corpus")
        let faulty = files.compactMap { file -> (file: String, tree: Tree)? in
            guard let tree = try? Self.tree(of: file),
                Self.problems(with: tree).contains(where: Self.isMatterOfShape)
            else { return nil }
            return (file, tree)
        }
        #expect(faulty.count > 25)
        let verdicts = try SchemaValidator.verdicts(faulty.map(\.tree), by: Self.schema)
        for (faulty, isAllowed) in zip(faulty, verdicts) { #expect(!isAllowed, "\(faulty.file)") }
    }

    private static func problems(with scenario: Tree) -> [any Problem] {
        do throws(DocumentError) {
            _ = try ScenarioReader.read(
                bytes: Array(scenario.yaml.utf8), name: "file", directory: folder,
                environment: ["PAY_TOKEN": "x"])
            return []
        } catch { return error.complaints.map(\.problem) }
    }

    private static func isMatterOfShape(_ problem: any Problem) -> Bool {
        switch problem {
        case KeyProblem.unknown, KeyProblem.missing: true
        // Whether a latency needs a law depends on the preset beside it.
        case KeyProblem.exactlyOne(_, let allowed): !allowed.contains("queue")
        case ValueProblem.wrongType, ValueProblem.notAWord, ValueProblem.missingUnit,
            ValueProblem.badQuantity:
            true
        case TemplateProblem.unknown, TemplateProblem.unclosed: true
        case LoadProblem.noLoad, LoadProblem.twoLoads, LoadProblem.severalModels: true
        default: false
        }
    }
}
