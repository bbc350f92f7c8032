import Foundation
import Payments
import Testing

@Suite struct BodyTests {
    @Test func theBodyIsWhatTheServiceWants() {
        let full = payment(
            id: Template([.sequence]),
            method: object(["type": .string(Template("scheme")), "token": .string(Template("t"))])
        ) {
            $0.clientType = .web
            $0.storePaymentMethod = false
            $0.returnURL = Template("https://shop.example.test/return")
            $0.version = 1
        }
        // Member names in camelCase and in the order of the service's own sample; the enum a number.
        #expect(
            body(full)
                == #"{"paymentId":"1","paymentMethod":{"type":"scheme","token":"t"},"clientType":3,"#
                + #""storePaymentMethod":false,"returnUrl":"https://shop.example.test/return","#
                + #""version":1}"#)
    }

    @Test func whatIsLeftOutIsNotSent() {
        #expect(
            body(payment(id: Template("a")))
                == #"{"paymentId":"a","paymentMethod":{},"clientType":1}"#)
    }

    @Test(arguments: [(ClientType.iOS, 1), (.android, 2), (.web, 3)])
    func theClientTypeTravelsAsItsNumber(type: ClientType, number: Int) {
        let text = body(payment(id: Template("a")) { $0.clientType = type })
        #expect(text.hasSuffix(#""clientType":\#(number)}"#))
    }

    @Test func everyKindOfValueKeepsItsWritingAndItsPlace() {
        let method = object([
            "z": .null, "a": .boolean(true), "n": .number("5.50"), "big": .number("1e400"),
            "list": .array([.number("1"), .string(Template("x")), .array([])]),
            "inner": object(["Key With Blank": .string(Template(""))]),
        ])
        #expect(
            body(payment(id: Template("a"), method: method))
                == #"{"paymentId":"a","paymentMethod":{"z":null,"a":true,"n":5.50,"big":1e400,"#
                + #""list":[1,"x",[]],"inner":{"Key With Blank":""}},"clientType":1}"#)
    }

    @Test(arguments: [
        ("quote \" here", #"quote \" here"#),
        (#"back\slash"#, #"back\\slash"#),
        ("line\nfeed\ttab\r", #"line\u000afeed\u0009tab\u000d"#),
        ("\u{0}\u{1f}\u{7f}", "\\u0000\\u001f\u{7f}"),
        ("Zoë 💳 /", "Zoë 💳 /"),
    ])
    func textsAreEscapedAsJSONWantsIt(written: String, escaped: String) {
        let method = object([written: .string(Template(written))])
        #expect(
            body(payment(id: Template("a"), method: method)).contains(
                "{\"\(escaped)\":\"\(escaped)\"}"))
    }

    @Test func whatIsRenderedReadsBackAsItWasWritten() throws {
        let seed: UInt64 = 7
        var random = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let written = String(
                String.UnicodeScalarView(
                    (0..<20).map { _ in
                        Unicode.Scalar(UInt32.random(in: 0..<0xD800, using: &random)) ?? "?"
                    }))
            let request = payment(id: Template(written)) { $0.returnURL = Template(written) }
            let read = try JSONSerialization.jsonObject(with: Data(body(request).utf8))
            let members = try #require(read as? [String: Any])
            #expect(members["paymentId"] as? String == written, "seed \(seed)")
            #expect(members["returnUrl"] as? String == written, "seed \(seed)")
        }
    }

    @Test func theUUIDIsAGUIDInNForm() {
        let id = text(RequestTemplate(payment(), parameters: .body, format: .accept).paymentID)
        #expect(id.count == 32)
        #expect(id.allSatisfy { "0123456789abcdef".contains($0) })
    }

    @Test func theSameRequestHasOneUUIDWhereverItStands() {
        let id = text(RequestTemplate(payment(), parameters: .body, format: .accept).paymentID)
        let method = object(["token": .string(Template([.literal("tok-"), .uuid]))])
        #expect(
            body(payment(method: method))
                == #"{"paymentId":"\#(id)","paymentMethod":{"token":"tok-\#(id)"},"clientType":1}"#)
    }

    @Test func theSequenceCountsFromOne() {
        let request = payment(id: Template([.literal("order-"), .sequence]))
        #expect(body(request, number: 0).contains(#""order-1""#))
        #expect(body(request, number: 9).contains(#""order-10""#))
        // 2⁶⁴ − 2 is the last number that has a successor.
        #expect(body(request, number: .max - 1).contains(#""order-18446744073709551615""#))
    }

    @Test func secretsAreSentInTheClear() {
        let id = Template([.secret(name: "KEY", value: "s\"t")])
        #expect(body(payment(id: id)).contains(#""paymentId":"s\"t""#))
        #expect(id.masked == "${secret:KEY}")
    }

    @Test func renderingNeverExceedsItsBound() {
        let widest = Template([.integer(.min ... .max), .sequence, .uuid, .literal("ü")])
        let template = RequestTemplate(payment(id: widest), parameters: .body, format: .accept)
        let seed: UInt64 = 3
        var random = SeededGenerator(seed: seed)
        for _ in 0..<10_000 {
            let identity = RequestIdentity(number: random.next() >> 1, keys: keys)
            let context = RenderContext(identity: identity, intended: 0)
            let count = template.body.rendered(context).count
            #expect(count <= template.body.maximumCount, "seed \(seed)")
        }
    }
}

@Suite struct QueryTests {
    private func request(_ payment: PaymentTemplate, _ format: AnswerFormat) -> RequestTemplate {
        RequestTemplate(payment, parameters: .query, format: format)
    }

    private let full = payment(
        id: Template("a b"), method: object(["type": .string(Template("scheme"))])
    ) {
        $0.storePaymentMethod = true
        $0.returnURL = Template("https://shop.example.test/r?a=1&b=ü")
        $0.version = 2
    }

    @Test func plainMembersTravelInTheQueryAndThePaymentMethodInTheBody() throws {
        let template = request(full, .accept)
        #expect(text(template.body) == #"{"paymentMethod":{"type":"scheme"}}"#)
        // ü is C3 BC in UTF-8; everything but unreserved characters is encoded (RFC 3986, 2.3).
        #expect(
            text(try #require(template.query))
                == "paymentId=a%20b&clientType=1&storePaymentMethod=true"
                + "&returnUrl=https%3A%2F%2Fshop.example.test%2Fr%3Fa%3D1%26b%3D%C3%BC&version=2")
    }

    @Test func unreservedCharactersStayAsTheyAre() throws {
        let unreserved = "AZaz09-._~"
        let query = try #require(request(payment(id: Template(unreserved)), .accept).query)
        #expect(text(query) == "paymentId=\(unreserved)&clientType=1")
    }

    @Test func everyOtherASCIICharacterIsEncoded() throws {
        let others = (0...127).map { Character(Unicode.Scalar($0)) }
            .filter { !($0.isLetter || $0.isNumber || "-._~".contains($0)) }
        let query = try #require(request(payment(id: Template(String(others))), .accept).query)
        let expected = others.compactMap(\.asciiValue).map {
            "%" + (String($0, radix: 16, uppercase: true).count < 2 ? "0" : "")
                + String($0, radix: 16, uppercase: true)
        }.joined()
        // "\r\n" would be one character; the range has each of them alone.
        #expect(others.count == 128 - 66)
        #expect(text(query) == "paymentId=\(expected)&clientType=1")
    }

    @Test(arguments: [
        (AnswerFormat.accept, "", "", ""),
        (.suffix, ".json", "", ""),
        (.query, "", "format=json", "format=json&"),
        (.jsonp("cb_1"), "", "callback=cb_1", "callback=cb_1&"),
    ])
    func theFormatIsAskedForInItsPlace(
        format: AnswerFormat, suffix: String, item: String, inQuery: String
    ) throws {
        #expect(format.pathSuffix == suffix)
        #expect(format.queryItem ?? "" == item)
        let query = try #require(request(payment(id: Template("a")), format).query)
        #expect(text(query) == "\(inQuery)paymentId=a&clientType=1")
    }

    @Test func parametersInTheBodyNeedNoQueryOfTheirOwn() {
        for format in [AnswerFormat.accept, .suffix, .query, .jsonp("cb")] {
            #expect(RequestTemplate(full, parameters: .body, format: format).query == nil)
        }
    }

    /// `reconcile.csv` is useless if it lists another id than the one that was booked.
    @Test(arguments: ParameterPlace.allCases)
    func theListedPaymentIDIsTheOneThatWasSent(place: ParameterPlace) {
        let range: ClosedRange<Int64> = 1...1_000_000_000
        let template = RequestTemplate(
            payment(
                id: Template([.literal("order-"), .integer(range)]),
                method: object(["token": .string(Template([.integer(range)]))])),
            parameters: place, format: .accept)
        for number in UInt64(0)..<100 {
            let id = text(template.paymentID, number: number)
            let sent =
                switch place {
                case .body: text(template.body, number: number)
                case .query: template.query.map { text($0, number: number) } ?? ""
                }
            #expect(sent.contains("\(id)\(place == .body ? "\"" : "&")"))
        }
    }
}
