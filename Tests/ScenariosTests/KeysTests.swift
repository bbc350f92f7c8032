import Documents
import Providers
import Scenarios
import Testing

/// The description of the format against the reader itself.
@Suite struct KeysTests {
    /// A mapping of the format: where it stands, how a document gets there, and its keys.
    private struct Place {
        var path: String
        var document: (Tree) -> Tree
        var keys: Set<String>
        /// An example for each key.
        var samples: [(key: String, value: Tree)] = []
    }

    /// Every mapping with known keys; forms of the same mapping as one.
    private static func places(in shape: Shape) -> [Place] {
        var places: [String: Place] = [:]
        collect(shape, at: "", { $0 }, into: &places)
        return places.values.sorted { $0.path < $1.path }
    }

    private static func collect(
        _ shape: Shape, at path: String, _ document: @escaping (Tree) -> Tree,
        into places: inout [String: Place]
    ) {
        switch shape {
        case .object(let object):
            let keys = Set(object.members.map(\.key))
            places[path, default: Place(path: path, document: document, keys: [])].keys
                .formUnion(keys)
            places[path]?.samples += object.members.compactMap { member in
                member.sample.map { (member.key, $0) }
            }
            for member in object.members {
                let inner = { (tree: Tree) in document(.mapping([(member.key, tree)])) }
                collect(member.shape, at: "\(path).\(member.key)", inner, into: &places)
            }
        case .list(let element, _):
            collect(element, at: path, { document(.list([$0])) }, into: &places)
        case .map(let element, _, _):
            let inner = { (tree: Tree) in document(.mapping([("name", tree)])) }
            collect(element, at: "\(path).name", inner, into: &places)
        case .oneOf(let shapes):
            for shape in shapes { collect(shape, at: path, document, into: &places) }
        case .recursive(_, let inner): collect(inner, at: path, document, into: &places)
        case .text, .words, .null, .boolean, .anyNumber, .integer, .number, .quantity, .again:
            break
        }
    }

    /// What the reader says is allowed where a key is that no mapping has.
    private static func allowedKeys(in sentences: [String]) -> Set<String>? {
        let begin = #"unknown key "no_such_key"; allowed here: "#
        let found = sentences.first { $0.hasPrefix(begin) }
        return found.map { Set($0.dropFirst(begin.count).split(separator: ", ").map(String.init)) }
    }

    @Test func theReaderOfScenariosKnowsTheKeysThatAreDescribedAndNoOthers() {
        let places = Self.places(in: ScenarioReader.shape)
        #expect(places.count > 40)
        for place in places {
            let document = place.document(.mapping([("no_such_key", .plain("1"))]))
            guard case .failure(let error) = reading(document.yaml) else {
                Issue.record("\(place.path): an unknown key is read")
                continue
            }
            let allowed = Self.allowedKeys(in: error.complaints.map(\.problem.sentence))
            #expect(allowed == place.keys, "at \(place.path)")
        }
    }

    @Test func theReaderOfProvidersKnowsTheKeysThatAreDescribedAndNoOthers() {
        for place in Self.places(in: ProviderReader.shape) {
            let document = place.document(.mapping([("no_such_key", .plain("1"))]))
            var sentences: [String] = []
            do throws(DocumentError) {
                _ = try ProviderReader.read(bytes: Array(document.yaml.utf8), name: "file")
            } catch { sentences = error.complaints.map(\.problem.sentence) }
            #expect(Self.allowedKeys(in: sentences) == place.keys, "at \(place.path)")
        }
    }

    private static let environment = [
        "PAY_TOKEN": "x", "PAY_PASSWORD": "x", "PAY_KEY": "x", "PAY_KEY_FILE": "x",
        "PROXY_PASSWORD": "x",
    ]

    /// Every key is there in one of these documents, so none escapes the check that it is read as it is
    /// described; and what is said as an example is one.
    @Test func everyKeyIsReadWithItsExample() {
        for place in Self.places(in: ScenarioReader.shape) {
            for (key, sample) in place.samples {
                let document = place.document(.mapping([(key, sample)]))
                let result = reading(document.yaml, environment: Self.environment)
                guard case .failure(let error) = result else { continue }
                let problems = error.complaints.map(\.problem).filter { problem in
                    switch problem {
                    case is ValueProblem, is TemplateProblem: true
                    case KeyProblem.unknown: true
                    default: false
                    }
                }
                #expect(problems.isEmpty, "\(place.path).\(key): \(problems.map(\.sentence))")
            }
        }
    }

    private static let entries = KeyGuide(ScenarioReader.shape).entries

    @Test func everyKeyHasOneLineAndAnExample() {
        for entry in Self.entries {
            let line = entry.member.documentation
            #expect((5...90).contains(line.count) && !line.contains("\n"), "\(entry.path): \(line)")
            #expect(line.last == "." || line.last == "…", "\(entry.path): \(line)")
            #expect(entry.member.sample != nil, "\(entry.path) has no example")
        }
    }

    @Test func everyKeyIsFoundByItsPath() {
        let guide = KeyGuide(ScenarioReader.shape)
        for entry in Self.entries {
            #expect(guide.entries(at: entry.path).contains(entry), "\(entry.path)")
        }
    }

    @Test(arguments: [
        ("load.rte", ["load.rate"]), ("target.htp.reuse", ["target.http.reuse"]),
        ("think_time", ["load.think_time", "flows.NAME.think_time"]), ("xyzzy", []),
    ])
    func whatMayHaveBeenMeantIsSuggested(path: String, meant: [String]) {
        let guide = KeyGuide(ScenarioReader.shape)
        #expect(guide.entries(at: path).isEmpty)
        #expect(guide.suggestions(for: path) == meant)
    }

    @Test(arguments: [
        ("payments[].name", "payments.name"), ("flows.app.rate", "flows.NAME.rate"),
        ("load.load.load.rate", "load.load.load.rate"),
    ])
    func aPathMaySayNamesAndLists(path: String, found: String) {
        #expect(KeyGuide(ScenarioReader.shape).entries(at: path).map(\.path) == [found])
    }

    @Test func theExamplesOfTheRequiredKeysAreAScenario() throws {
        let sample = try #require(ScenarioReader.shape.sample)
        if case .failure(let error) = reading(sample.yaml) {
            Issue.record("\(error)\n\(sample.yaml)")
        }
    }

    @Test func theExamplesOfTheRequiredKeysAreAProvider() throws {
        let sample = try #require(ProviderReader.shape.sample)
        _ = try ProviderReader.read(bytes: Array(sample.yaml.utf8), name: "file")
    }
}
