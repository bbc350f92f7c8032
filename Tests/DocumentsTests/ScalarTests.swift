import Documents
import Testing

@Suite struct ScalarTests {
    @Test(arguments: [
        "no", "1:30", "yes", "NULL", "True", "2024-01-02", "1.2.3", "0xZZ", "--", "e5", "12a", "''",
        "\"42\"", "'012'",
    ])
    func textsAreTexts(text: String) {
        let read = reading(text, by: Rule<String>.text)
        #expect(read.value == text.filter { $0 != "'" && $0 != "\"" })
    }

    private static let texts = "a text, in quotes if it looks like a number or a truth value"

    @Test(arguments: [
        ("42", "the number 42; allowed: \(texts)"),
        ("-1.5e3", "the number -1.5e3; allowed: \(texts)"),
        ("true", "the truth value true; allowed: \(texts)"),
        ("~", "no value; allowed: \(texts)"),
        ("[]", "a list; allowed: \(texts)"),
    ])
    func whatIsNoTextIsRefused(text: String, complaint: String) {
        #expect(reading(text, by: Rule<String>.text).complaints == ["1:1: \(complaint)"])
    }

    @Test(
        arguments: [
            "012", ".5", "5.", "0x1F", "0o17", "0b11", "1_000", "+5", "-.5", ".inf", "-.INF",
            ".nan", "1e99999",
        ])
    func whatSomeReadAsANumberIsAmbiguous(text: String) {
        let complaint =
            "1:1: \(text) is a number to some readers only; allowed: a plain decimal number, "
            + "or \"\(text)\" for the text"
        #expect(reading(text, by: Rule<String>.text).complaints == [complaint])
    }

    @Test func wordsAreSuggested() {
        let rule = Rule<Int>.word([("poisson", 1), ("uniform", 2)])
        #expect(reading("uniform", by: rule).value == 2)
        #expect(
            reading("poison", by: rule).complaints == [
                "1:1: \"poison\"; allowed: poisson, uniform; did you mean \"poisson\"?"
            ])
        #expect(
            reading("Poisson", by: rule).complaints == [
                "1:1: \"Poisson\"; allowed: poisson, uniform; did you mean \"poisson\"?"
            ])
        #expect(
            reading("gamma", by: rule).complaints == ["1:1: \"gamma\"; allowed: poisson, uniform"])
        #expect(
            reading("off", by: Rule<Bool>.boolean).complaints == [
                "1:1: \"off\"; allowed: true, false; did you mean \"false\"?"
            ])
        #expect(
            reading("ture", by: Rule<Bool>.boolean).complaints == [
                "1:1: \"ture\"; allowed: true, false; did you mean \"true\"?"
            ])
    }

    @Test(arguments: [
        ("a", true), ("make-payment_2.0", true), ("-a", false), ("a/b", false), ("a b", false),
        ("é", false), (String(repeating: "a", count: 64), true),
        (String(repeating: "a", count: 65), false), ("\"..\"", false), ("''", false),
    ])
    func labelsAreUsableAsNames(text: String, isLabel: Bool) {
        #expect(reading(text, by: Rule<String>.label).complaints.isEmpty == isLabel)
    }

    /// A sentence is one line of bearable length, whatever was read.
    @Test func complaintsStayOnOneLine() {
        let long = "\"" + String(repeating: "x\\n\\e", count: 500) + "\""
        let said = reading(long, by: Rule<Bool>.boolean).complaints
        #expect(said.count == 1)
        #expect(said[0].count < 250)
        #expect(said[0].unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }

    @Test func theNearestWordIsTheNearest() {
        let words = ["rate", "users", "arrivals", "think_time", "for", "payments"]
        #expect(nearestWord(to: "raet", in: words) == "rate")
        #expect(nearestWord(to: "Users", in: words) == "users")
        #expect(nearestWord(to: "think-time", in: words) == "think_time")
        #expect(nearestWord(to: "arival", in: words) == "arrivals")
        #expect(nearestWord(to: "fro", in: words) == "for")
        #expect(nearestWord(to: "xyz", in: words) == nil)
        #expect(nearestWord(to: "", in: words) == nil)
        #expect(nearestWord(to: String(repeating: "a", count: 100_000), in: words) == nil)
    }
}
