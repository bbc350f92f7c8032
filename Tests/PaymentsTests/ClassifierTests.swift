import Payments
import Testing

/// Every rule of the terms, one row each.
@Suite struct ClassifierTests {
    private static let classifier = Classifier(declineCodes: ["CardDeclined", "Refused"])

    private func outcome(_ status: Int, _ body: String) -> Outcome {
        reading(body) { Self.classifier.outcome(status: status, answer: $0) }
    }

    private static let clean = #"{"data":"ok"}"#
    private static let declined = #"{"responseStatus":{"errorCode":"CardDeclined"}}"#
    private static let failed = #"{"responseStatus":{"errorCode":"ProviderTimeout"}}"#
    private static let cut = #"{"data":"o"#

    @Test(arguments: [
        // 2xx without an error code.
        (200, clean, Outcome.accepted), (201, clean, .accepted), (299, clean, .accepted),
        (200, "{}", .accepted), (204, "", .accepted),
        // 402, whatever the body says; an error code that is listed, whatever the status says.
        (402, clean, .declined), (402, "", .declined), (402, cut, .declined),
        (402, failed, .declined), (200, declined, .declined), (400, declined, .declined),
        (500, declined, .declined),
        // Other 4xx, and 3xx.
        (400, failed, .rejected), (401, "", .rejected), (403, "", .rejected),
        (404, "404", .rejected), (413, "413", .rejected), (428, clean, .rejected),
        (430, clean, .rejected), (499, clean, .rejected), (300, clean, .rejected),
        (302, "", .rejected), (399, "", .rejected),
        // 429, also with an error code that is a decline: nothing was decided about the payment.
        (429, clean, .throttled), (429, "", .throttled), (429, declined, .throttled),
        // 5xx but 502 and 504; 2xx with any other error code.
        (500, failed, .providerError), (500, "", .providerError), (501, cut, .providerError),
        (503, "", .providerError), (505, clean, .providerError), (599, "", .providerError),
        (200, failed, .providerError), (299, failed, .providerError),
        // A gateway that got no answer: the payment may have been booked.
        (502, "", .inDoubt), (504, "", .inDoubt), (502, declined, .inDoubt),
        (504, clean, .inDoubt),
        // 2xx that cannot be read, and statuses that there are not.
        (200, cut, .malformed), (200, "", .malformed), (200, "<html>", .malformed),
        (201, "", .malformed), (204, cut, .malformed), (100, "", .malformed), (199, "", .malformed),
        (600, clean, .malformed), (0, "", .malformed), (-1, clean, .malformed),
    ])
    func anAnswerHasOneOutcome(status: Int, body: String, expected: Outcome) {
        #expect(outcome(status, body) == expected)
    }

    @Test func aCodeIsADeclineOnlyAsItIsWritten() {
        for code in ["carddeclined", "CardDeclined ", "CardDecline", "CardDeclinedX", "Declined"] {
            let body = #"{"responseStatus":{"errorCode":"\#(code)"}}"#
            #expect(outcome(200, body) == .providerError)
        }
    }

    @Test func withoutDeclineCodesOnly402IsADecline() {
        let none = Classifier(declineCodes: [])
        #expect(reading(Self.declined) { none.outcome(status: 200, answer: $0) } == .providerError)
        #expect(reading(Self.declined) { none.outcome(status: 402, answer: $0) } == .declined)
    }

    @Test func everyStatusHasAnOutcomeForEveryBody() {
        for status in -1...1000 {
            for body in [Self.clean, Self.declined, Self.failed, Self.cut, ""] {
                _ = outcome(status, body)
            }
        }
    }

    @Test func uncertainBookingsAreDoubtUnreadableAndProviderErrors() {
        let uncertain = Outcome.allCases.filter(\.leavesBookingUncertain)
        #expect(Set(uncertain) == [.inDoubt, .malformed, .providerError])
    }

    @Test func namesAreReadBack() {
        for outcome in Outcome.allCases { #expect(Outcome(name: outcome.name) == outcome) }
        #expect(
            Outcome.allCases.map(\.name) == [
                "accepted", "declined", "rejected", "throttled", "provider_error", "malformed",
                "not_sent", "in_doubt",
            ])
        #expect(Outcome(name: "Accepted") == nil)
    }
}
