import Testing

@testable import Simulator

@Suite struct NegotiationTests {
    static func negotiated(
        suffix: KnownFormat? = nil, query: String? = nil, accept: String?, json: Bool = true
    ) -> Negotiated {
        Negotiated(
            suffix: suffix, query: query.map { Query($0.utf8Span.span) }, accept: accept,
            bodyIsJSON: json)
    }

    @Test(
        arguments: [
            (nil, .form(.html)), ("application/json", .form(.json)), ("*/*", .form(.json)),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", .form(.html)),
            ("application/xml;q=0.9, application/json;q=0.1", .form(.json)),
            ("application/x-nope", .form(.html)), ("application/xml", .switchedOff),
            ("text/csv", .form(.json)), ("application/jsv", .switchedOff),
            ("text/html, application/json", .form(.json)),
        ] as [(String?, Negotiated)])
    func acceptDecidesByTheServicesOwnOrder(_ accept: String?, _ expected: Negotiated) {
        #expect(Self.negotiated(accept: accept) == expected)
    }

    @Test func withoutAJSONBodyHTMLWins() {
        #expect(
            Self.negotiated(accept: "text/html, application/json", json: false) == .form(.html))
        #expect(Self.negotiated(accept: "*/*", json: false) == .form(.html))
    }

    @Test func callbackBeatsSuffixBeatsFormatBeatsAccept() {
        let html = "text/html"
        #expect(Self.negotiated(suffix: .json, accept: html) == .form(.json))
        #expect(Self.negotiated(suffix: .json, query: "format=xml", accept: html) == .form(.json))
        #expect(Self.negotiated(query: "format=json", accept: html) == .form(.json))
        #expect(Self.negotiated(query: "format=jsv", accept: html) == .switchedOff)
        #expect(Self.negotiated(query: "format=nope", accept: html) == .form(.html))
        let both = "format=xml&callback=cb"
        #expect(Self.negotiated(suffix: .xml, query: both, accept: html) == .form(.jsonp("cb")))
        #expect(Self.negotiated(query: "callback=", accept: "application/json") == .form(.json))
    }

    @Test func theCallbacksNameIsMadeSafe() {
        let form = Self.negotiated(query: "callback=alert(1)%2F%2F", accept: nil)
        #expect(form == .form(.jsonp("alert_1___")))
    }

    @Test(
        arguments: [
            ("/mobile/payments/makePayment", .makePayment(suffix: nil)),
            ("/MOBILE/payments/MAKEPAYMENT", .makePayment(suffix: nil)),
            ("/mobile/payments/makePayment/", .makePayment(suffix: nil)),
            ("//mobile///payments//makePayment//", .makePayment(suffix: nil)),
            ("/mobile/payments/makePayment.json", .makePayment(suffix: .json)),
            ("/mobile/payments/makePayment.JSON/", .makePayment(suffix: .json)),
            ("/mobile/payments/makePayment.xml", .makePayment(suffix: .xml)),
            ("/mobile/payments/makePayment.nope", .unknown),
            ("/mobile/payments/makePayment.", .unknown), ("/mobile/payments/makePay", .unknown),
            ("/mobile/payments/makePayments", .unknown), ("/mobile/payments", .unknown),
            ("/", .root), ("//", .root), ("/auth", .auth(provider: nil)),
            ("/Auth/Credentials/", .auth(provider: "credentials")),
            ("/json/reply/MakePaymentRequest", .predefined(.json)),
            ("/XML/oneway/makePaymentRequest", .predefined(.xml)),
            ("/nope/reply/MakePaymentRequest", .unknown), ("", .unknown), ("*", .unknown),
        ] as [(String, Route)])
    func thePathIsReadWithoutCaseAndExtraSlashes(_ path: String, _ expected: Route) {
        #expect(Route(path.utf8Span.span) == expected)
    }
}
