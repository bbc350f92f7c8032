import Documents
import Testing

@Suite struct SyntaxTests {
    @Test(arguments: [
        ("a: 1\nb: [x, 'y', \"z\"]", #"{a: 1, b: ["x", "y", "z"]}"#),
        // JSON is YAML.
        (#"{"a": {"b": [1, 2.5e3, true, null]}}"#, "{a: {b: [1, 2.5e3, true, null]}}"),
        ("\u{FEFF}a: 1", "{a: 1}"),
        ("a: 1\r\nb: 2\r\n", "{a: 1, b: 2}"),
        ("a:\n  - 1\n  - - 2\n    - 3", "{a: [1, [2, 3]]}"),
        ("---\na: 1\n...\n", "{a: 1}"),
        // What is handed to the parser in disguise comes back as it was.
        (#"a: "x[1] ? * {b} ${c}""#, #"{a: "x[1] ? * {b} ${c}"}"#),
        ("a: x [1] {b} *c ?", #"{a: "x [1] {b} *c ?"}"#),
        ("a: |\n  [x] *y\n  ? {z}\n", "{a: \"[x] *y\n? {z}\n\"}"),
        ("a: http://[::1]:80/", #"{a: "http://[::1]:80/"}"#),
        ("'?[': 1", "{?[: 1}"),
        (#"a: "!paybench0-7 [x]""#, #"{a: "!paybench0-7 [x]"}"#),
        ("a: \u{E5A7}*\u{E5A8}", "{a: \"\u{E5A7}*\u{E5A8}\"}"),
        // Aliases stand for whole values.
        ("a: &x [1, {b: 2}]\nc: *x", "{a: [1, {b: 2}], c: [1, {b: 2}]}"),
        ("a: &x 1\nb: &x 2\nc: *x", "{a: 1, b: 2, c: 2}"),
    ])
    func documentsAreRead(text: String, tree: String) throws {
        #expect(try reading(Array(text.utf8)).get().brief == tree)
    }

    @Test(arguments: [
        ("", "1:1: the file is empty; a mapping of keys to values is allowed"),
        ("# only a comment\n", "1:1: the file is empty; a mapping of keys to values is allowed"),
        (
            "a: 1\n--- \nb: 2",
            "2:1: a second document begins here; one document in a file is allowed"
        ),
        (
            "a:\n\tb: 1",
            "2:1: a tab stands where YAML wants blanks; indent with blanks"
        ),
        (
            "a: [1",
            "2:1: not valid YAML: did not find expected ',' or ']' "
                + "(while parsing a flow sequence from 1:4); close the bracket, and put commas "
                + "between values"
        ),
        (
            "a: b: c",
            "1:5: not valid YAML: mapping values are not allowed in this context; indent the keys "
                + "of a mapping alike, and put a text with \": \" in it in quotes"
        ),
        (
            "a: 'x",
            "1:6: not valid YAML: found unexpected end of stream "
                + "(while scanning a quoted scalar from 1:4); close the quote"
        ),
        (
            "a: !!int 5",
            "1:4: tag \"!!int\"; write texts in quotes and everything else "
                + "plainly, "
                + "without tags"
        ),
        (
            "a: !list [5]",
            "1:10: tag \"!list\"; write texts in quotes and everything else plainly, without tags"
        ),
        (
            "a: !{ b: 5 }",
            "1:4: tag \"!\"; write texts in quotes and everything else plainly, without tags"
        ),
        ("<<: 1", "1:1: merge key \"<<\"; write the keys out, or use an alias for a whole value"),
        ("[a]: 1", "1:1: a list, a mapping or an alias is the key here; a key is a text"),
        ("a: {{b: 1}: 1}", "1:5: a list, a mapping or an alias is the key here; a key is a text"),
        ("a: {[b], c}", "1:5: a list, a mapping or an alias is the key here; a key is a text"),
        (
            "a: &x b\n*x : 1",
            "2:1: a list, a mapping or an alias is the key here; a key is a text"
        ),
        ("a: 1\n? b\n: 2", "3:1: a \"?\" in front of a key; write key: value"),
        (
            "a: &x [*x]",
            "1:8: alias \"*x\" stands inside the value it names; below it is allowed"
        ),
        (
            "a: &x {b: {c: *x}}",
            "1:15: alias \"*x\" stands inside the value it names; below it is allowed"
        ),
        (
            "a: &token 1\nb: *tokne",
            "2:4: alias \"*tokne\" names no anchor above it; did you mean \"*token\"?"
        ),
        ("a: *x", "1:4: alias \"*x\" names no anchor above it"),
        (
            "a\u{0}b: 1",
            "1:2: control character U+0000, so this is no text file; UTF-8 text is allowed"
        ),
        (
            "a: 1\nb: \u{1B}[0m",
            "2:4: control character U+001B, so this is no text file; UTF-8 text is allowed"
        ),
    ])
    func mistakesAreSaidInTheirPlace(text: String, complaint: String) {
        #expect(complaints(about: text) == [complaint])
    }

    @Test func bytesThatAreNoTextAreRefused() {
        let latin1: [UInt8] = Array("name: caf".utf8) + [0xE9, 0x0A]
        #expect(
            complaints(about: latin1) == ["1:10: byte 0xE9 is not UTF-8; UTF-8 text is allowed"])
        for mark: [UInt8] in [[0xFF, 0xFE], [0xFE, 0xFF]] {
            let utf16 = mark + [0x61, 0, 0x3A, 0]
            #expect(
                complaints(about: utf16) == ["1:1: the file is UTF-16; UTF-8 text is allowed"])
        }
        for unmarked: [UInt8] in [[0x61, 0, 0x3A, 0, 0x20, 0], [0, 0x61, 0, 0x3A, 0, 0x20]] {
            #expect(
                complaints(about: unmarked) == ["1:1: the file is UTF-16; UTF-8 text is allowed"])
        }
        let elf: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0]
        #expect(
            complaints(about: elf) == [
                "1:1: control character U+007F, so this is no text file; UTF-8 text is allowed"
            ])
        // A surrogate, an overlong slash, a sequence cut off.
        for bytes: [UInt8] in [[0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xE2, 0x82]] {
            let text: [UInt8] = [0x61, 0x3A, 0x20] + bytes
            #expect(complaints(about: text).first?.hasPrefix("1:4: byte 0x") == true)
        }
    }

    @Test func everyDuplicateKeyIsSaidInItsPlace() {
        let text = """
            a: 1
            b: { c: 1, "c": 2, d: [ { e: 1, e: 2 } ] }
            a: 2
            'a': 3
            f: 1
            """
        #expect(
            complaints(about: text) == [
                "2:12: key \"c\" again, first at 2:6; once is allowed",
                "2:33: key \"e\" again, first at 2:27; once is allowed",
                "3:1: key \"a\" again, first at 1:1; once is allowed",
                "4:1: key \"a\" again, first at 1:1; once is allowed",
            ])
    }

    @Test func placesCountCharactersNotBytes() {
        #expect(
            complaints(about: "ключ: { 钥匙: 1, 钥匙: 2 }") == [
                "1:16: key \"钥匙\" again, first at 1:9; once is allowed"
            ])
        // A line break of any kind is one.
        #expect(
            complaints(about: "a: 1\r\nb: 2\r\rc: 3\na: 4").map { $0.prefix(4) } == ["5:1:"])
    }

    @Test func thingsInFrontOfDuplicatesDoNoHarm() {
        #expect(
            complaints(about: "&x a: 1\na: 2") == [
                "2:1: key \"a\" again, first at 1:1; once is allowed"
            ])
        #expect(
            complaints(about: "!t a: 1\n!t a: 2") == [
                "1:1: key \"a\" again in its mapping; once is allowed"
            ])
    }
}
