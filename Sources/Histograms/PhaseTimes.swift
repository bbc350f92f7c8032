/// The times of a phase's payments that do not go by payment and outcome, as response and service
/// time do. Microseconds.
package struct PhaseTimes: Sendable, Equatable {
    /// The two parts of the send delay: the generator's lateness with a slot free, and the wait for a slot.
    package var lag = Histogram()
    package var slotWait = Histogram()
    package var sendDelay = Histogram()
    /// From sent to the first byte of the answer, where one came.
    package var firstByte = Histogram()
    /// From sent until TCP, and until TLS, was ready; of payments that opened a connection.
    package var connect = Histogram()
    package var tls = Histogram()

    package init() {}

    package mutating func add(_ other: PhaseTimes) {
        lag.add(other.lag)
        slotWait.add(other.slotWait)
        sendDelay.add(other.sendDelay)
        firstByte.add(other.firstByte)
        connect.add(other.connect)
        tls.add(other.tls)
    }

    /// Forgets what was recorded and keeps the storage.
    package mutating func removeAll() {
        lag.removeAll()
        slotWait.removeAll()
        sendDelay.removeAll()
        firstByte.removeAll()
        connect.removeAll()
        tls.removeAll()
    }
}
