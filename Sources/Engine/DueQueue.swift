import Curl

/// Things by the instant at which they are due, the earliest first; of equal ones, the one that came
/// first. A binary heap; it allocates only when it grows beyond what it held before.
struct DueQueue: Sendable {
    struct Entry: Sendable {
        var due: Nanoseconds
        /// A user, or a slot.
        var index: Int32
        /// In which order they came.
        fileprivate var turn: UInt64

        fileprivate func comes(before other: Entry) -> Bool {
            due != other.due ? due < other.due : turn < other.turn
        }
    }

    private var heap: [Entry] = []
    private var turns: UInt64 = 0

    init(capacity: Int = 0) { heap.reserveCapacity(capacity) }

    var count: Int { heap.count }
    var first: Entry? { heap.first }

    mutating func insert(_ index: Int32, due: Nanoseconds) {
        heap.append(Entry(due: due, index: index, turn: turns))
        turns += 1
        var place = heap.count - 1
        while place > 0, heap[place].comes(before: heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func removeFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        var place = 0
        while true {
            var least = place
            for child in (2 * place + 1)..<(2 * place + 3) where child < heap.count {
                if heap[child].comes(before: heap[least]) { least = child }
            }
            if least == place { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
