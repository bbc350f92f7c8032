import Testing

@testable import Simulator

/// Binding as the service was observed to do it.
@Suite struct BindingTests {
    static let id = PaymentID(high: 0x1111_1111_2222_3333, low: 0x4444_5555_5555_5555)

    static func bound(_ body: String) throws -> BoundPayment {
        var payment = BoundPayment()
        try BodyReader.read(body.utf8Span.span, into: &payment)
        return payment
    }

    static func bound(query: String, over body: String = "{}") throws -> BoundPayment {
        var payment = try bound(body)
        try Query(query.utf8Span.span).pairs.bind(to: &payment)
        return payment
    }

    @Test(arguments: [
        "11111111222233334444555555555555", "11111111-2222-3333-4444-555555555555",
        "{11111111-2222-3333-4444-555555555555}", "(11111111-2222-3333-4444-555555555555)",
        " 11111111222233334444555555555555 ",
    ])
    func theFormsOfAGUIDAreTheSameID(_ text: String) throws {
        #expect(PaymentID(guid: text.utf8Span.span) == Self.id)
        #expect(Self.id.digits == "11111111222233334444555555555555")
        #expect(try Self.bound(#"{"paymentId":"\#(text)"}"#).id == Self.id)
    }

    @Test(arguments: [
        "", "nope", "1111", "{0x11111111,0x2222}", "1111111122223333444455555555555g",
        "{11111111-2222-3333-4444-555555555555)", "11111111-2222-3333-4444+555555555555",
    ])
    func anUnreadableIDInTheBodyIsSilentlyZero(_ text: String) throws {
        #expect(try Self.bound(#"{"paymentId":"\#(text)"}"#).id == .zero)
    }

    @Test func upperCaseAndUnquotedDigitsAreRead() throws {
        let upper = "AAAAAAAABBBBCCCCDDDDEEEEEEEEEEEE"
        #expect(PaymentID(guid: upper.utf8Span.span)?.digits == upper.lowercased())
        let bare = #"{"paymentId":11111111222233334444555555555555,"clientType":2}"#
        #expect(try Self.bound(bare) == BoundPayment(id: Self.id, clientType: 2))
    }

    @Test(arguments: [
        ("2", 2), (#""2""#, 2), (#""Web""#, 3), (#""web""#, 3), (#""IOS""#, 1), ("9", 9),
        ("-1", -1), (#""Nokia""#, 0), (#""""#, 0), ("2.0", 0), ("true", 0), ("null", 0),
        ("99999999999", 0),
    ])
    func clientTypeIsReadByNumberNameOrDigits(_ text: String, _ expected: Int32) throws {
        #expect(try Self.bound(#"{"clientType":\#(text)}"#).clientType == expected)
    }

    @Test(arguments: [
        (#"{"paymentMethod":null}"#, false), ("{}", false), (#"{"paymentMethod":{}}"#, true),
        (#"{"paymentMethod":[]}"#, true), (#"{"paymentMethod":5}"#, true),
        (#"{"paymentMethod":"null"}"#, true), (#"{"PAYMENTMETHOD":{"a":"}"}}"#, true),
        (#"{"payment_method":{}}"#, false),
    ])
    func aPaymentMethodIsMissingOnlyWhenAbsentOrNull(_ body: String, _ expected: Bool) throws {
        #expect(try (Self.bound(body).paymentMethod != .none) == expected)
    }

    /// Left: a body; right: the client type that survives it.
    @Test(arguments: [
        ("", 0), ("  \r\n{ \"clientType\" : 2 }\r\n", 2), ("\u{FEFF}{\"clientType\":2}", 2),
        ("{", 0),
        (#"{"clientType":2 "returnUrl":"x"}"#, 2), (#"{"clientType":2,}"#, 2),
        (#"{"clientType":2} xx"#, 2), (#"{'clientType':2}"#, 0), (#"{"CLIENTTYPE":2}"#, 2),
        (#"{"clientType":1,"clientType":2}"#, 2), (#"{"foo":{"a":[1,"]"]},"clientType":2}"#, 2),
        (#"{"s":"q\"u","clientType":2}"#, 2), (#"{"client_type":2}"#, 0),
    ])
    func theReaderIsLenient(_ body: String, _ expected: Int32) throws {
        #expect(try Self.bound(body).clientType == expected)
    }

    @Test(arguments: ["hello", "[1]", "5", "null", "\"x\"", "/*x*/{}"])
    func aBodyThatIsNoObjectIsAnError(_ body: String) {
        #expect(throws: BindingFault.notAnObject(beginning: body)) { try Self.bound(body) }
    }

    @Test(arguments: [#"{"paymentId":"111"#, #"{"a":{"b":"c"#, #"{"a":"\"#])
    func aBodyCutInsideAStringIsAnError(_ body: String) {
        #expect(throws: BindingFault.cutInsideString) { try Self.bound(body) }
    }

    @Test func theQueryIsWrittenOverTheBody() throws {
        let payment = try Self.bound(
            query: "clienttype=Web&PaymentID=%7B11111111-2222-3333-4444-555555555555%7D&foo=1&a",
            over: #"{"clientType":1,"paymentMethod":{}}"#)
        #expect(payment.id == Self.id)
        #expect(payment.clientType == 3)
        #expect(payment.paymentMethod == .body(32..<34, isString: false))
        #expect(try Self.bound(query: "clientType=", over: #"{"clientType":1}"#).clientType == 1)
    }

    @Test(arguments: [
        ("paymentId=nope", "paymentId", "nope"), ("CLIENTTYPE=Nokia", "CLIENTTYPE", "Nokia"),
        ("clientType=1&clientType=2", "clientType", "1,2"), ("version=x", "version", "x"),
        ("storePaymentMethod=yes", "storePaymentMethod", "yes"),
    ])
    func anUnreadableQueryValueIsAnError(_ query: String, _ name: String, _ value: String) {
        #expect(throws: BindingFault.unreadable([UnreadableValue(name: name, value: value)])) {
            try Self.bound(query: query)
        }
    }

    @Test(arguments: [
        ("true", true), ("TRUE", true), ("1", true), ("on", true), ("true,false", true),
        ("n", false), ("off", false),
    ])
    func wordsForTrueAndFalseAreRead(_ word: String, _ expected: Bool) throws {
        let payment = try Self.bound(query: "storePaymentMethod=\(word)&v=8")
        #expect(payment == BoundPayment(storesPaymentMethod: expected, version: 8))
    }
}
