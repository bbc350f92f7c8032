import Payments
import Testing

/// What `work` makes of the answer in `body`.
func reading<Value>(_ body: [UInt8], wrapped: Bool = false, _ work: (Answer) -> Value) -> Value {
    body.withUnsafeBytes { work(Answer.read($0, wrapped: wrapped)) }
}

func reading<Value>(_ body: String, wrapped: Bool = false, _ work: (Answer) -> Value) -> Value {
    reading(Array(body.utf8), wrapped: wrapped, work)
}

/// An answer with its texts copied.
struct Reading: Equatable {
    var form: Answer.Form
    var code: String?
    var field: String?

    init(_ form: Answer.Form, _ code: String? = nil, _ field: String? = nil) {
        self.form = form
        self.code = code
        self.field = field
    }

    init(_ answer: Answer) {
        form = answer.form
        code = answer.errorCode.map { String(decoding: $0, as: UTF8.self) }
        field = answer.field.map { String(decoding: $0, as: UTF8.self) }
    }
}

@Suite struct AnswerTests {
    private func read(_ body: String, wrapped: Bool = false) -> Reading {
        reading(body, wrapped: wrapped) { Reading($0) }
    }

    private static let full =
        #"{"data":"x","responseStatus":{"errorCode":"NotEmpty","message":"'Payment Id' is \"bad\"","#
        + #""stackTrace":null,"errors":[{"errorCode":"E1","fieldName":"PaymentId","message":"m"},"#
        + #"{"errorCode":"E2","fieldName":"ClientType"}],"meta":{"n":-1.5e+3,"t":true}}}"#

    @Test(arguments: [
        (#"{"data":"x"}"#, Reading(.json)),
        ("{}", Reading(.json)), (" \r\n\t{ } \n", Reading(.json)),
        (#"{"data":null,"responseStatus":null}"#, Reading(.json)),
        (#"{"responseStatus":{}}"#, Reading(.json)),
        (#"{"responseStatus":{"errorCode":null}}"#, Reading(.json)),
        (#"{"responseStatus":{"errorCode":""}}"#, Reading(.json)),
        (#"{"responseStatus":{"errorCode":"A"}}"#, Reading(.json, "A")),
        (full, Reading(.json, "NotEmpty", "PaymentId")),
        // Names without case: the service writes PascalCase by configuration.
        (
            #"{"ResponseStatus":{"ErrorCode":"A","Errors":[{"FieldName":"B"}]}}"#,
            Reading(.json, "A", "B")
        ),
        (#"{"RESPONSESTATUS":{"ERRORCODE":"A"}}"#, Reading(.json, "A")),
        // Only the first entry's field; an empty or missing one is none.
        (
            #"{"responseStatus":{"errorCode":"A","errors":[{},{"fieldName":"B"}]}}"#,
            Reading(.json, "A")
        ),
        (#"{"responseStatus":{"errorCode":"A","errors":[{"fieldName":""}]}}"#, Reading(.json, "A")),
        (#"{"responseStatus":{"errorCode":"A","errors":[]}}"#, Reading(.json, "A")),
        (#"{"responseStatus":{"errorCode":"A","errors":null}}"#, Reading(.json, "A")),
        // The same names elsewhere mean nothing.
        (#"{"errorCode":"A"}"#, Reading(.json)),
        (#"{"data":{"responseStatus":{"errorCode":"A"}}}"#, Reading(.json)),
        (
            #"{"data":[{"errorCode":"A"}],"responseStatus":{"meta":{"errorCode":"B"}}}"#,
            Reading(.json)
        ),
        (
            #"{"responseStatus":{"errors":[{"errorCode":"A","meta":{"fieldName":"B"}}]}}"#,
            Reading(.json)
        ),
        (#"{"responseStatus":[{"errorCode":"A"}]}"#, Reading(.json)),
        // A number is a code; what is escaped stays so.
        (#"{"responseStatus":{"errorCode":5}}"#, Reading(.json, "5")),
        (#"{"responseStatus":{"errorCode":"a\"b\u00e9\\"}}"#, Reading(.json, #"a\"b\u00e9\\"#)),
        (#"{"responseStatus":{"errorCode":"Zoë 💳"}}"#, Reading(.json, "Zoë 💳")),
        ("", Reading(.empty)),
    ])
    func theCodeAndTheFieldAreFound(body: String, expected: Reading) {
        #expect(read(body) == expected)
    }

    @Test func aByteOrderMarkIsSkipped() {
        #expect(read("\u{FEFF}" + Self.full) == Reading(.json, "NotEmpty", "PaymentId"))
        #expect(read("\u{FEFF}") == Reading(.unreadable))
    }

    @Test(arguments: ["cb(%)", "cb(%);", "cb(% );\n", "_a.b$9( %)", "\u{FEFF}cb(%)"])
    func aWrappedAnswerIsUnwrapped(form: String) {
        let body = form.replacing("%", with: Self.full)
        #expect(read(body, wrapped: true) == Reading(.json, "NotEmpty", "PaymentId"))
        #expect(read(body) == Reading(.unreadable))
    }

    /// Binding errors come before the service that wraps.
    @Test func anAnswerThatWasNotWrappedIsReadAsItIs() {
        #expect(read(Self.full, wrapped: true) == Reading(.json, "NotEmpty", "PaymentId"))
        #expect(read(Self.full + ")", wrapped: true) == Reading(.unreadable))
    }

    @Test(arguments: [
        "({})", "cb({})x", "cb({});;", "cb({}", "cb({};", "cb", "cb(", "c b({})",
        "cb([1])", "cb()", "9-({})", "alert(1)//({})",
    ])
    func whatIsNotWrappedAsAskedForIsUnreadable(body: String) {
        #expect(read(body, wrapped: true) == Reading(.unreadable))
    }

    @Test(arguments: [("%", false), ("cb(%)", true)])
    func anAnswerCutAnywhereIsUnreadable(form: String, wrapped: Bool) {
        let bytes = Array(form.replacing("%", with: Self.full).utf8)
        for count in 1..<bytes.count {
            let cut = reading(Array(bytes[..<count]), wrapped: wrapped) { Reading($0) }
            #expect(cut == Reading(.unreadable), "cut after \(count) bytes")
        }
        #expect(reading(bytes, wrapped: wrapped) { $0.form } == .json)
    }

    @Test(arguments: [
        // No object.
        "null", "5", "[]", "\"x\"", "true", "<html></html>", "404", " ", "\u{0}",
        // Behind the object.
        "{}x", "{}{}", "{},", "{};", "{}\u{0}",
        // Members.
        "{,}", "{\"a\":1,}", "{\"a\"}", "{\"a\":}", "{\"a\" 1}", "{a:1}", "{'a':1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1,,\"b\":2}", "{:1}", "{1:1}", "}", "{]",
        // Arrays.
        "{\"a\":[1,]}", "{\"a\":[,1]}", "{\"a\":[1 2]}", "{\"a\":[}", "{\"a\":[1}}",
        // Numbers.
        "{\"a\":01}", "{\"a\":-}", "{\"a\":+1}", "{\"a\":1.}", "{\"a\":.5}", "{\"a\":1e}",
        "{\"a\":1e+}", "{\"a\":--1}", "{\"a\":0x1}", "{\"a\":1_000}", "{\"a\":NaN}",
        "{\"a\":Infinity}", "{\"a\":-01}", "{\"a\":1.2.3}",
        // Words.
        "{\"a\":tru}", "{\"a\":True}", "{\"a\":nul}", "{\"a\":nulll}", "{\"a\":truefalse}",
        // Texts.
        "{\"a\":\"\n\"}", "{\"a\":\"\t\"}", "{\"a\":\"\u{0}\"}", "{\"a\":\"\\x\"}",
        "{\"a\":\"\\\"}",
        "{\"a\":\"\\u12\"}", "{\"a\":\"\\u12G4\"}", "{\"a\":\"\\U0041\"}", "{\"a\":\"\\'\"}",
        "{\"a\":\"}",
        "{\"a\\\":1}", "{\"\\q\":1}",
    ])
    func whatIsNoJSONObjectIsUnreadable(body: String) {
        #expect(read(body) == Reading(.unreadable))
    }

    @Test(arguments: [
        "0", "-0", "10", "-1.50", "0.0", "1e5", "1E+5", "1.5e-05", "123456789012345678901234567890",
        "\"\\u00e9\\b\\f\\n\\r\\t\\/\\\\\\\"\"", "\"\\uD83D\\uDCB3\"", "\"\u{7f}\"", "[[],[[]],{}]",
        "[ 1 , 2 ]", "true", "false", "null",
    ])
    func everyJSONValueIsReadable(value: String) {
        #expect(read("{\"a\":\(value)}") == Reading(.json))
    }

    @Test func nestingIsBounded() {
        func nested(_ levels: Int) -> String {
            String(repeating: "{\"a\":", count: levels - 1) + "{}"
                + String(repeating: "}", count: levels - 1)
        }
        #expect(read(nested(64)).form == .json)
        #expect(read(nested(65)).form == .unreadable)
        // Would end the stack if it were followed.
        #expect(read(nested(1_000_000)).form == .unreadable)
        let brackets = String(repeating: "[", count: 1_000_000)
        #expect(read("{\"a\":\(brackets)").form == .unreadable)
    }

    @Test func whatIsFoundPointsIntoTheBody() {
        let bytes = Array(Self.full.utf8)
        bytes.withUnsafeBytes { body in
            let answer = Answer.read(body, wrapped: false)
            for found in [answer.errorCode, answer.field] {
                #expect(isInside(found, body))
            }
        }
    }
}

/// Whether `found` is a part of `body`.
func isInside(_ found: UnsafeRawBufferPointer?, _ body: UnsafeRawBufferPointer) -> Bool {
    guard let start = found?.baseAddress, let base = body.baseAddress, let found else {
        return false
    }
    return start >= base && start + found.count <= base + body.count
}
