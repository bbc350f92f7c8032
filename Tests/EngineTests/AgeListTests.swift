import Curl
import Testing

@testable import Engine

@Suite struct AgeListTests {
    /// The same as an array, oldest first.
    private struct Model {
        var flights: [(slot: Int, sent: Nanoseconds, isChecked: Bool)] = []

        /// The oldest of those younger than every checked one.
        var firstUnchecked: Int? { flights.firstIndex { !$0.isChecked } }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func itDoesWhatAnArrayWould(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var list = AgeList()
        var model = Model()
        var free = Array(0..<40)
        for step in 0..<20_000 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1, 2:
                guard let slot = free.randomElement(using: &random) else { continue }
                free.removeAll { $0 == slot }
                list.append(slot, sent: Nanoseconds(step))
                model.flights.append((slot, Nanoseconds(step), false))
            case 3, 4:
                guard !model.flights.isEmpty else { continue }
                let place = Int.random(in: model.flights.indices, using: &random)
                let gone = model.flights.remove(at: place)
                list.remove(gone.slot)
                free.append(gone.slot)
            default:
                list.markChecked()
                if let place = model.firstUnchecked { model.flights[place].isChecked = true }
            }
            let unchecked = model.firstUnchecked.map { model.flights[$0] }
            #expect(list.count == model.flights.count, "seed \(seed), step \(step)")
            #expect(list.oldestTransfer?.slot == model.flights.first?.slot, "seed \(seed)")
            #expect(list.oldestTransfer?.sent == model.flights.first?.sent, "seed \(seed)")
            #expect(list.oldestUnchecked?.slot == unchecked?.slot, "seed \(seed), step \(step)")
            #expect(list.oldestUnchecked?.sent == unchecked?.sent, "seed \(seed)")
        }
    }

    @Test func anEmptyListHasNobody() {
        var list = AgeList()
        list.markChecked()
        #expect(list.oldestTransfer == nil && list.oldestUnchecked == nil && list.count == 0)
        list.append(3, sent: 5)
        list.remove(3)
        #expect(list.oldestTransfer == nil && list.oldestUnchecked == nil && list.count == 0)
    }
}
