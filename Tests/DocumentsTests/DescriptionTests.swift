import Documents
import Foundation
import Testing

private enum LampKey: String, FieldKey {
    case watts, colour, socket, battery

    static var choices: [[LampKey]] { [[.socket, .battery]] }

    var field: Field {
        switch self {
        case .watts: Field("How bright.", Rule<Int>.integer(in: 1...60), .required)
        case .colour: Field("Of the light.", Rule<String>.text, .defaultsTo("white"))
        case .socket: Field("What it is screwed into.", Rule<String>.label, example: "E27")
        case .battery: Field("Hours without a socket.", Rule.duration(in: .zero...(.seconds(9000))))
        }
    }
}

private var lamp: Rule<Int> {
    .mapping { (fields: Fields<LampKey>) in
        _ = fields.read(.colour, by: .text)
        _ = fields.read(.socket, by: .label)
        return fields.read(.watts, by: .integer(in: 1...60))
    }
}

/// What rules say about themselves.
@Suite struct DescriptionTests {
    @Test func aRequiredKeyIsMissedByWhatItsDescriptionSays() {
        #expect(reading("{ watts: 5 }", by: lamp).value == 5)
        let complaints = reading("{ colour: red }", by: lamp).complaints
        #expect(complaints == ["1:1: key \"watts\" is missing; it is required here"])
    }

    @Test func aKeyReadByAnotherRuleThanTheDescribedOneStopsADebugBuild() async {
        await #expect(processExitsWith: .failure) {
            let wider = Rule.mapping { (fields: Fields<LampKey>) in
                fields.read(.watts, by: .integer(in: 1...100))
            }
            _ = reading("{ watts: 5 }", by: wider)
        }
    }

    @Test func aSchemaSaysWhatARuleSays() throws {
        let schema = JSONSchema(lamp.list.shape, title: "lamps").tree.json
        let parsed = try JSONSerialization.jsonObject(with: Data(schema.utf8))
        let items = try #require((parsed as? [String: Any])?["items"] as? [String: Any])
        #expect(items["required"] as? [String] == ["watts"])
        #expect(items["additionalProperties"] as? Bool == false)
        let properties = try #require(items["properties"] as? [String: [String: Any]])
        #expect(properties.keys.sorted() == ["battery", "colour", "socket", "watts"])
        #expect(properties["watts"]?["description"] as? String == "How bright.")
        #expect(properties["watts"]?["maximum"] as? Int == 60)
        #expect(properties["colour"]?["default"] as? String == "white")
        #expect((items["allOf"] as? [[String: Any]])?.count == 1)
    }

    @Test(arguments: [
        (Quantity.duration, "1.5h", "5 s"), (.rate, "12000/min", "5/d"), (.ratio, "0.1%", "1 %"),
        (.size, "64KiB", "64kB"),
    ])
    func patternsOfQuantitiesAreThoseOfTheirRules(
        quantity: Quantity, right: String, wrong: String
    ) throws {
        let pattern = try Regex(quantity.pattern)
        #expect(right.contains(pattern) && !wrong.contains(pattern))
        #expect(!"01\(right)".contains(pattern), "no leading zeros")
    }

    @Test func textsSurviveJSON() throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let scalars = (0..<8).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x2FF, using: &generator))
            }
            let text = String(String.UnicodeScalarView(scalars))
            let json = Tree.mapping([(text, .list([.text(text), .plain("1.50")]))]).json
            let parsed = try JSONSerialization.jsonObject(with: Data(json.utf8))
            let values = try #require((parsed as? [String: [Any]])?[text], "seed \(seed)")
            #expect(values.first as? String == text, "seed \(seed)")
        }
    }

    @Test func aTreeInOneLineReadsBackToItself() throws {
        let tree = Tree.mapping([
            ("rate", .text("50/s")), ("for", .text("5s")), ("on", .text("yes")),
            ("version", .plain("1.1")), ("text", .text("1.1")), ("share", .text("2%")),
            ("list", .list([.text("a: b"), .mapping([]), .text("- x"), .text("")])),
        ])
        let read = try Document.read(bytes: Array(tree.flow.utf8), name: "file").root.tree
        #expect(read == tree)
    }
}
