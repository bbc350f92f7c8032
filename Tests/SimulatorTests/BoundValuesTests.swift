import Testing

@testable import Simulator

/// The texts of a payment, as the service reads them.
@Suite struct BoundValuesTests {
    static func map(_ text: String, keepsQuotes: Bool = false) -> [[String?]] {
        MethodMap(text.utf8Span.span, keepsQuotes: keepsQuotes).entries.map { [$0.name, $0.value] }
    }

    @Test func nestedValuesStayRawAndNumbersBecomeTexts() {
        #expect(
            Self.map(#"{"a":{"b":[1,"}"]} , "n":5.50,"s":"q\"u","t":true}"#) == [
                ["a", #"{"b":[1,"}"]}"#], ["n", "5.50"], ["s", #"q\"u"#], ["t", "true"],
            ])
    }

    @Test func nothingIsNoValueAndTheLastOfTwoNamesCounts() {
        #expect(Self.map(#"{"a":null,"b":,"c":""}"#) == [["a", nil], ["b", nil], ["c", ""]])
        #expect(Self.map(#"{"a":1,"b":2,"a":3}"#) == [["a", "3"], ["b", "2"]])
    }

    @Test(arguments: ["", "5", "x", "{", "{}", " { } ", "null"])
    func whatHasNoMembersIsAnEmptyMap(_ text: String) {
        #expect(Self.map(text).count <= 1)
    }

    @Test func inAFormQuotesArePartOfTheText() {
        #expect(Self.map(#"{"a":"1"}"#, keepsQuotes: true) == [[#""a""#, #""1""#]])
        #expect(Self.map("{a:1,b:x y}", keepsQuotes: true).first == ["a", "1"])
    }

    /// RFC 8259, section 7; a pair of surrogates is one character, half a pair is U+FFFD.
    @Test(arguments: [
        (#"a\"\\\/\b\f\n\r\t"#, "a\"\\/\u{8}\u{C}\n\r\t"), (#"\u00e9\uD83D\uDE00"#, "é😀"),
        (#"\ud83d!"#, "\u{FFFD}!"), (#"\u00g9"#, "u00g9"), (#"\x\"#, "x"), ("é", "é"),
    ])
    func escapesOfAStringAreUndone(_ text: String, _ expected: String) {
        #expect(JSONText.unescaped(text.utf8Span.span) == expected)
    }

    @Test(arguments: [
        ("true", true), ("TRUE", true), ("T", true), ("y", true), ("on", true), ("1", true),
        ("False", false), ("f", false), ("N", false), ("off", false), ("0", false), ("On", nil),
        ("OFF", nil), ("yes", nil), ("", nil), ("2", nil),
    ])
    func truthHasManyWords(_ word: String, _ expected: Bool?) {
        #expect(Scalar.boolean(word.utf8Span.span) == expected)
    }
}
