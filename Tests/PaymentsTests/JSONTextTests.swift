import Payments
import Testing

@Suite struct JSONTextTests {
    @Test(arguments: [
        ("CardDeclined", "CardDeclined"), ("", ""), (#"a\"b\\c\/d"#, #"a"b\c/d"#),
        (#"\b\f\n\r\t"#, "\u{8}\u{C}\n\r\t"), (#"Zo\u00eb"#, "Zoë"),
        (#"\ud83d\udcb3 card"#, "💳 card"), ("Zoë 💳", "Zoë 💳"), (#"\ud83d"#, "\u{FFFD}"),
        (#"\u12"#, "\u{FFFD}"), (#"\"#, "\u{FFFD}"),
    ])
    func escapesAreResolved(content: String, text: String) {
        let decoded = Array(content.utf8).withUnsafeBytes { JSONText.decoded($0) }
        #expect(decoded == text)
    }
}
