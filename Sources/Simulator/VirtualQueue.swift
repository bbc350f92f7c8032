import NIOCore

/// Servers that work on one payment at a time each, in the order of arrival. It never waits: a
/// departure is computed on arrival, from the departures before it, so timer errors do not add up.
package struct VirtualQueue: Sendable {
    /// When each server will be free: a heap, the earliest on top.
    private var free: [NIODeadline]

    package init(servers: Int) {
        precondition(servers > 0, "a queue has a server")
        free = Array(repeating: .uptimeNanoseconds(0), count: servers)
    }

    /// Takes the server that is free first: departure = max(its last departure, arrival) + service.
    package mutating func depart(arrival: NIODeadline, service: TimeAmount) -> NIODeadline {
        let departure = max(free[0], arrival) + service
        free[0] = departure
        sink()
        return departure
    }

    /// Restores the order below the top.
    private mutating func sink() {
        var place = 0
        while true {
            var earliest = place
            for child in [2 * place + 1, 2 * place + 2]
            where child < free.count && free[child] < free[earliest] {
                earliest = child
            }
            if earliest == place { return }
            free.swapAt(place, earliest)
            place = earliest
        }
    }
}
