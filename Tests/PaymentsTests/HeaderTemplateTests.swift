import Payments
import Testing

@Suite struct HeaderTemplateTests {
    @Test func constantLinesAreApartFromThoseThatVary() throws {
        let file = try dataFile("token\nt-1\nt-2\n")
        let templates = HeaderTemplates(
            credentials: .bearer(Template([cell(0)])),
            headers: [
                ("X-Channel", Template("bench")),
                ("X-Key", Template([.secret(name: "K", value: "s")])),
                ("X-Request", Template([.literal("r-"), .sequence])),
            ], data: [file])
        #expect(templates.constant == ["X-Channel: bench", "X-Key: s"])
        let context = context([file], number: 6)
        context.cursors[0].select(1)
        let lines = templates.varying.map { String(decoding: $0.rendered(context), as: UTF8.self) }
        #expect(lines == ["Authorization: Bearer t-2", "X-Request: r-7"])
    }

    @Test func credentialsThatAreTheSameForAllAreConstant() {
        let basic = Credentials.basic(username: Template("u"), password: Template("p"))
        let templates = HeaderTemplates(credentials: basic, headers: [])
        #expect(templates.constant == ["Authorization: Basic dTpw"])
        #expect(templates.varying.isEmpty)
    }

    @Test func aLineIsTerminated() {
        let templates = HeaderTemplates(
            credentials: nil, headers: [("N", Template([.sequence]))])
        let line = templates.varying[0]
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: line.maximumCount + 1, alignment: 1)
        defer { buffer.deallocate() }
        for index in buffer.indices { buffer[index] = 0xFF }
        #expect(line.renderTerminated(context([]), into: buffer) == 4)
        #expect(Array(buffer[..<5]) == Array("N: 1\0".utf8))
    }

    @Test func drawsInHeadersAreOthersThanThoseOfThePayment() {
        let die = Template([.integer(0...1_000_000_000)])
        let id = RequestTemplate(payment(id: die), parameters: .body, format: .accept).paymentID
        let header = HeaderTemplates(credentials: nil, headers: [("N", die)]).varying[0]
        for number in UInt64(0)..<100 {
            #expect(text(header, number: number) != "N: \(text(id, number: number))")
        }
    }
}
