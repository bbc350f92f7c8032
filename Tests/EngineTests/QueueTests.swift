import Curl
import Testing

@testable import Engine

@Suite struct QueueTests {
    /// Against sorting by due, then by the order in which they came.
    @Test func theEarliestIsFirstAndOfEqualOnesTheOlder() {
        let seed: UInt64 = 7
        var random = SeededGenerator(seed: seed)
        for round in 0..<200 {
            var queue = DueQueue()
            var model: [(due: Nanoseconds, turn: Int, index: Int32)] = []
            var taken = true
            for turn in 0..<200 {
                if model.isEmpty || Int.random(in: 0..<5, using: &random) < 3 {
                    let due = Nanoseconds.random(in: -5...20, using: &random)
                    queue.insert(Int32(turn), due: due)
                    model.append((due, turn, Int32(turn)))
                } else if let least = model.indices.min(by: {
                    (model[$0].due, model[$0].turn) < (model[$1].due, model[$1].turn)
                }) {
                    let expected = model.remove(at: least)
                    let first = queue.first
                    taken = taken && first?.index == expected.index && first?.due == expected.due
                    queue.removeFirst()
                }
                taken = taken && queue.count == model.count
            }
            #expect(taken, "seed \(seed), round \(round)")
        }
    }

    @Test func slotsAreTakenInTheirOrder() {
        let seed: UInt64 = 11
        var random = SeededGenerator(seed: seed)
        for order in [FreeSlots.Order.lastFreed, .longestFree] {
            for round in 0..<100 {
                var slots = FreeSlots(order: order)
                var model: [Int] = []
                var isRight = true
                for slot in 0..<300 {
                    if Bool.random(using: &random) {
                        slots.append(slot)
                        model.append(slot)
                    } else {
                        let expected: Int? =
                            switch order {
                            case .lastFreed: model.popLast()
                            case .longestFree: model.isEmpty ? nil : model.removeFirst()
                            }
                        isRight = isRight && slots.take() == expected
                    }
                    isRight = isRight && slots.count == model.count
                }
                #expect(isRight, "seed \(seed), \(order), round \(round)")
            }
        }
    }
}
