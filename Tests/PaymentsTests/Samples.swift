import Payments

let keys = RunKeys(seed: 42, runID: "sample")

/// A makePayment request with every optional member left out.
func payment(
    id: Template = Template([.uuid]), method: JSONTemplate = .object([]),
    _ change: (inout PaymentTemplate) -> Void = { _ in }
) -> PaymentTemplate {
    var template = PaymentTemplate(
        name: "card", paymentID: id, paymentMethod: method, clientType: .iOS)
    change(&template)
    return template
}

func object(_ members: KeyValuePairs<String, JSONTemplate>) -> JSONTemplate {
    .object(members.map { JSONTemplate.Member(name: $0.key, value: $0.value) })
}

func text(_ template: ByteTemplate, number: UInt64 = 0, keys: RunKeys = keys) -> String {
    let context = RenderContext(
        identity: RequestIdentity(number: number, keys: keys), intended: 0)
    return String(decoding: template.rendered(context), as: UTF8.self)
}

func body(_ payment: PaymentTemplate, number: UInt64 = 0) -> String {
    text(
        RequestTemplate(payment, parameters: .body, format: .accept).body, number: number)
}

/// Random numbers that are the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        defer { state &+= 0x9E37_79B9_7F4A_7C15 }
        return Mix.scramble(state)
    }
}
