import Documents
import Testing

/// Files made to crash, hang or fill the memory of who reads them.
@Suite(.serialized) struct HostileTests {
    /// Far more than any of them takes in a debug build on a busy machine.
    private static let bound: Duration = .seconds(20)

    private static func nested(_ inner: String, _ depth: Int) -> String {
        String(repeating: "[", count: depth) + inner + String(repeating: "]", count: depth)
    }

    /// 9 ^ 19 values from 20 lines.
    private static let bomb =
        "a0: &a0 [x,x,x,x,x,x,x,x,x]\n"
        + (1..<20).map { level in
            let parts = repeatElement("*a\(level - 1)", count: 9).joined(separator: ",")
            return "a\(level): &a\(level) [\(parts)]\n"
        }.joined()

    private static let files: [(name: String, text: String, complaint: String)] = [
        ("alias bomb", bomb, "too many values, counting each use of an alias"),
        (
            "bomb in keys",
            "a: &a {" + (0..<40).map { "k\($0): 1" }.joined(separator: ",") + "}\n"
                + (0..<5_000).map { "b\($0): *a\n" }.joined(), "too many values"
        ),
        (
            "a chain of aliases that nests",
            "a0: &a0 [x]\n"
                + (1..<100).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }.joined(), "nested too deeply"
        ),
        ("cyclic alias", "a: &a [*a, *a, {b: *a}]", "stands inside the value it names"),
        ("a million lines", String(repeating: "\n", count: 1_000_000), "too large"),
        ("a line too many", String(repeating: "\n", count: 20_001), "too many lines"),
        ("a megabyte of blanks", String(repeating: " ", count: 1 << 20), "too large"),
        ("100,000 brackets", String(repeating: "[", count: 100_000), "nested too deeply"),
        ("100,000 braces", String(repeating: "{", count: 100_000), "nested too deeply"),
        ("100,000 dashes", String(repeating: "- ", count: 100_000), "nested too deeply"),
        ("100,000 questions", String(repeating: "? ", count: 100_000), "nested too deeply"),
        (
            "stairs", (0..<300).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
            "nested too deeply"
        ),
        ("65 levels", nested("x", 65), "nested too deeply; at most 64 levels are allowed"),
        ("100,001 values", "[" + String(repeating: "a,", count: 100_000) + "]", "too many values"),
        // Comparing such keys would take 2 ^ 50 steps.
        (
            "deep keys in a flow mapping",
            "a: {" + ["x", "x", "y", "y"].map { nested($0, 50) }.joined(separator: ",") + "}",
            "is the key here"
        ),
        (
            "deep keys with colons",
            ["x", "x", "y", "y"].map { nested($0, 50) + ": 1\n" }.joined(), "is the key here"
        ),
        (
            "deep keys with anchors",
            "a: {" + ["x", "x", "y", "y"].map { "&k " + nested($0, 50) }.joined(separator: ",")
                + "}",
            "is the key here"
        ),
        (
            "deep keys with tags",
            "a: {" + ["x", "x", "y", "y"].map { "!k " + nested($0, 50) }.joined(separator: ",")
                + "}",
            "tag"
        ),
        (
            "deep block keys",
            "a: 1\n"
                + ["x", "x", "y", "y"].map {
                    "? " + String(repeating: "- ", count: 50) + "\($0)\n: 1\n"
                }
                .joined(), "in front of a key"
        ),
        (
            "large keys in keys",
            String(repeating: "{", count: 60) + "[" + String(repeating: "a,", count: 100_000) + "]"
                + String(repeating: ":1}", count: 60), ""
        ),
        (
            "20,000 equal keys", String(repeating: "key: 1\n", count: 19_999), "key \"key\" again"
        ),
        (
            "10,000 pairs of equal keys", (0..<9_900).map { "k\($0): 1\nk\($0): 2\n" }.joined(),
            "again"
        ),
        ("80,000 lists", "a: [" + String(repeating: "[],", count: 80_000) + "]", ""),
        ("one word", String(repeating: "a", count: 250_000), ""),
        (
            "one escape after another", "a: \"" + String(repeating: "\\x41", count: 60_000) + "\"",
            ""
        ),
        ("one quote after another", String(repeating: "''", count: 120_000), ""),
        ("one comment", "#" + String(repeating: "[{*?", count: 10), "empty"),
        ("anchors", (0..<10_000).map { "&a\($0) a\($0): *a\($0 / 2)\n" }.joined(), "no anchor"),
        (
            "aliases of nothing beside anchors",
            (0..<7000).map { "k\($0): &k\($0) x\n" }.joined()
                + (0..<7000).map { "u\($0): *u\($0)\n" }.joined(), "no anchor"
        ),
    ]

    @Test(arguments: files.indices)
    func aHostileFileIsJudgedInTime(index: Int) {
        let file = Self.files[index]
        let clock = ContinuousClock()
        let begin = clock.now
        let said = complaints(about: file.text)
        let took = begin.duration(to: clock.now)
        #expect(took < Self.bound, "\(file.name)")
        #expect(
            file.complaint.isEmpty || said.contains { $0.contains(file.complaint) },
            "\(file.name): \(said.prefix(3))")
        #expect(said.count <= Complaints.limit + 1, "\(file.name)")
    }

    @Test func whatIsJustBearableIsRead() throws {
        let deep = Self.nested("x", 63)
        #expect(try reading(Array(deep.utf8)).get().brief == Self.nested("\"x\"", 63))
        let wide = "[" + String(repeating: "a,", count: 99_998) + "a]"
        guard case .sequence(let nodes) = try reading(Array(wide.utf8)).get().content else {
            Issue.record("no list")
            return
        }
        #expect(nodes.count == 99_999)
    }

    @Test func looksOfDepthInTextsDoNoHarm() {
        let text = """
            a: "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
            # --------------------------------------------------------------------------------------
            b: |
              --------------------------------------------------------------------------------
              - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -
            """
        #expect(complaints(about: text).isEmpty)
    }

    @Test func noBytesLeadAstray() {
        let seed: UInt64 = 7
        var random = SeededGenerator(seed: seed)
        let letters = Array("[]{}:,-?*&!|>'\"#%@ \n\tab01\\<~.\u{e9}".utf8) + [0xE9, 0]
        for round in 0..<20_000 {
            let length = Int.random(in: 0...60, using: &random)
            let bytes = (0..<length).map { _ in letters.randomElement(using: &random) ?? 0 }
            let said = complaints(about: bytes)
            #expect(said.allSatisfy { !$0.contains("paybench") }, "seed \(seed), round \(round)")
        }
    }
}
