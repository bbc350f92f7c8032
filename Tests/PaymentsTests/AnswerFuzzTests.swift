import Foundation
import Payments
import Testing

/// Bodies that no service would send, or an evil one would.
@Suite struct AnswerFuzzTests {
    private static let corpus = [
        #"{"data":"8f14e45fceea167a5a36dedd4bea2543"}"#,
        #"{"responseStatus":{"errorCode":"CardDeclined","message":"The card was declined."}}"#,
        #"{"ResponseStatus":{"ErrorCode":"NotEmpty","Errors":[{"ErrorCode":"NotEmpty","FieldName":"#
            + #""PaymentId","Message":"'Payment Id' must not be \"empty\"."}],"Meta":{"a":[1,-2.5e3]}}}"#,
        #"{"responseStatus":{"errorCode":"","errors":[]},"data":null,"more":[true,false,null,{}]}"#,
        #"cb({"data":"x","responseStatus":null});"#,
        "\u{FEFF}{\"data\":\"Zo\u{eb} \u{1F4B3}\"}",
    ].map { Array($0.utf8) }

    @Test func mutatedBodiesNeverLeadAstray() {
        let seed: UInt64 = 20_240_611
        var random = SeededGenerator(seed: seed)
        for round in 0..<100_000 {
            let body = mutated(Self.corpus[round % Self.corpus.count], using: &random)
            let isSound = body.withUnsafeBytes { bytes in
                let answer = Answer.read(bytes, wrapped: round & 1 == 0)
                let found = [answer.errorCode, answer.field].compactMap(\.self)
                guard answer.form == .json else { return found.isEmpty }
                return found.allSatisfy { isInside($0, bytes) && !$0.isEmpty }
            }
            #expect(isSound, "seed \(seed), round \(round): \(body)")
        }
    }

    /// What is called readable is JSON to another reader too, and what is JSON to it is readable.
    @Test func anotherReaderAgrees() {
        let seed: UInt64 = 5
        var random = SeededGenerator(seed: seed)
        let letters = Array("{}[]:,\"\\ \n0189-+.eEtrufalsn".utf8)
        for round in 0..<20_000 {
            var body = Self.corpus[round % 4]
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                change(&body, to: letters.randomElement(using: &random) ?? 0, using: &random)
            }
            let text = String(decoding: body, as: UTF8.self)
            // Foundation forgives a comma behind the last member.
            if text.contains(/,[ \n]*[\]}]/) { continue }
            let isObject = (try? JSONSerialization.jsonObject(with: Data(body))) is [String: Any]
            let isReadable = reading(body) { $0.form == .json }
            #expect(isReadable == isObject, "seed \(seed), round \(round): \(text)")
        }
    }

    private func mutated(
        _ body: [UInt8], using random: inout SeededGenerator
    ) -> [UInt8] {
        var body = body
        for _ in 0..<Int.random(in: 1...8, using: &random) {
            change(&body, to: UInt8.random(in: 0...255, using: &random), using: &random)
        }
        return body
    }

    private func change(
        _ body: inout [UInt8], to byte: UInt8, using random: inout SeededGenerator
    ) {
        guard !body.isEmpty else { return body.append(byte) }
        let place = Int.random(in: 0..<body.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: body[place] = byte
        case 1: body.insert(byte, at: place)
        case 2: body.remove(at: place)
        case 3: body.removeSubrange(place...)
        default:
            let end = Int.random(in: place...min(body.count, place + 12), using: &random)
            body.insert(contentsOf: body[place..<end], at: place)
        }
    }
}
