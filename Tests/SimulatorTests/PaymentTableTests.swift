import NIOCore
import Testing

@testable import Simulator

@Suite struct PaymentTableTests {
    static let now = NIODeadline.uptimeNanoseconds(7)

    static func id(_ number: UInt64) -> PaymentID {
        PaymentID(high: number &* 0x9E37_79B9_7F4A_7C15, low: number)
    }

    @Test func everyRowIsFoundAgain() {
        var table = PaymentTable(capacity: 100_000)
        let places = (0..<50_000).map { table.placeOrInsert(Self.id($0), at: Self.now) }
        #expect(places == Array(0..<50_000))
        #expect(table.count == 50_000)
        #expect((0..<50_000).allSatisfy { table.place(of: Self.id($0)) == Int($0) })
        #expect(table.place(of: Self.id(50_000)) == nil)
        let again = table.placeOrInsert(Self.id(77), at: Self.now)
        #expect(again == 77)
    }

    @Test func aFullTableTakesNoNewIDAndKeepsTheOld() {
        var table = PaymentTable(capacity: 3)
        let places = [0, 1, 2, 9, 1].map { table.placeOrInsert(Self.id($0), at: Self.now) }
        #expect(places == [0, 1, 2, nil, 1])
    }

    /// 40 bytes a row, and 4 for each slot of a table that is never less than 3/8 full: 51 at most.
    @Test func aRowIsSmall() {
        #expect(MemoryLayout<PaymentTable.Row>.stride == 40)
    }

    @Test(
        arguments: [
            .pending, .status(200), .status(599), .dropped, .unsent, .reset, .broken,
        ] as [Ledger.Answer])
    func anAnswerSurvivesItsPacking(_ answer: Ledger.Answer) {
        #expect(PackedAnswer(answer).answer == answer)
    }

    @Test func anEndingSurvivesItsPacking() {
        #expect(PackedEnding(.accept).ending == .accept)
        #expect(PackedEnding(.answer(12)).ending == .answer(12))
        #expect(PackedEnding(.drop(.afterBooking)).ending == nil)
        #expect(PackedEnding(nil).ending == nil)
    }
}
