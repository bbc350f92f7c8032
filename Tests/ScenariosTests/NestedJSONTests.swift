import Payments
import Scenarios
import Testing

@Suite struct NestedJSONTests {
    @Test func nestedJSONIsKeptAsWritten() throws {
        let method = """
            { type: scheme, "Key With Blank": "x", amount: 10.50, big: 1e400, tiny: -0.0,
              list: [1, "1", [], {}, null, true, [[{ z: 1, a: { b: "${seq}" } }]]], last: ~ }
            """
        let scenario = try reading(
            ScenarioText(
                payments: "[{ name: card, client_type: 1, payment_method: \(method) }]"
            ).text
        ).get()
        let request = RequestTemplate(scenario.payments[0], parameters: .query, format: .accept)
        let identity = RequestIdentity(number: 4, keys: RunKeys(seed: 0, runID: "r"))
        let context = RenderContext(identity: identity, intended: 0)
        #expect(
            String(decoding: request.body.rendered(context), as: UTF8.self)
                == #"{"paymentMethod":{"type":"scheme","Key With Blank":"x","amount":10.50,"#
                + #""big":1e400,"tiny":-0.0,"list":[1,"1",[],{},null,true,[[{"z":1,"a":{"b":"5"}}]]],"#
                + #""last":null}}"#)
    }
}
