import Testing

@testable import Simulator

/// Readings of single values, as the service was observed to do them.
@Suite struct BindingTests {
    static let id = PaymentID(high: 0x1111_1111_2222_3333, low: 0x4444_5555_5555_5555)

    @Test(arguments: [
        "11111111222233334444555555555555", "11111111-2222-3333-4444-555555555555",
        "{11111111-2222-3333-4444-555555555555}", "(11111111-2222-3333-4444-555555555555)",
        " 11111111222233334444555555555555 ",
    ])
    func acceptedFormsOfAGUIDAreTheSameID(_ text: String) {
        #expect(PaymentID(guid: text.utf8Span.span) == Self.id)
    }
}
