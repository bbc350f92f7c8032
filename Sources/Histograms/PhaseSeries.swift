/// The durations of one phase's payments: response and service time by what was paid and how it
/// ended, the other times of all of them together.
package struct PhaseSeries: Sendable, Equatable {
    /// By payment of the mix, then by outcome (`payment · outcomes + outcome`); empty as long as
    /// nothing was recorded.
    package var responseTime: [Histogram] = []
    package var serviceTime: [Histogram] = []
    package var times = PhaseTimes()

    package init() {}

    /// Every payment has a send delay, or at least an end.
    package var isEmpty: Bool {
        times.sendDelay.isEmpty && times.firstByte.isEmpty && times.connect.isEmpty
            && responseTime.allSatisfy(\.isEmpty)
    }

    /// Counts how a payment ended.
    ///
    /// - Parameters:
    ///   - slot: its place in both lists.
    ///   - slots: how many there are.
    ///   - response, service: in µs.
    package mutating func record(slot: Int, of slots: Int, response: UInt64, service: UInt64) {
        makeRoom(slots)
        responseTime[slot].record(response)
        serviceTime[slot].record(service)
    }

    package mutating func add(_ other: PhaseSeries) {
        for slot in other.responseTime.indices where !other.responseTime[slot].isEmpty {
            makeRoom(other.responseTime.count)
            responseTime[slot].add(other.responseTime[slot])
            serviceTime[slot].add(other.serviceTime[slot])
        }
        times.add(other.times)
    }

    /// Forgets what was recorded and keeps the storage.
    package mutating func removeAll() {
        for slot in responseTime.indices {
            responseTime[slot].removeAll()
            serviceTime[slot].removeAll()
        }
        times.removeAll()
    }

    private mutating func makeRoom(_ slots: Int) {
        guard responseTime.count < slots else { return }
        let more = repeatElement(Histogram(), count: slots - responseTime.count)
        responseTime += more
        serviceTime += more
    }
}
