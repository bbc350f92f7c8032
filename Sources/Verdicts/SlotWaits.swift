import Histograms
import Results

/// `openloop.cap`: arrivals that waited for a slot for longer than 1 ms and than 5 % of the median response
/// time. For these the cap on requests in flight closed the open loop.
struct SlotWaits: Sendable, Equatable {
    /// In µs.
    static let shortest: UInt64 = 1000

    var waited: Int
    var arrivals: Int
    /// The longest wait, in µs.
    var longest: UInt64

    var share: Double { Double(waited) / Double(arrivals) }

    init?(in openPhases: [PhaseRecord]) {
        waited = openPhases.reduce(0) {
            $0 + Int($1.times.slotWait.count(above: Self.limit(of: $1)))
        }
        arrivals = openPhases.reduce(0) { $0 + Int($1.times.slotWait.count) }
        longest = openPhases.map(\.times.slotWait.maximum).max() ?? 0
        guard waited > 0 else { return nil }
    }

    /// nil where it is this machine that sets the cap: that is another check's.
    init?(in openPhases: [PhaseRecord], of host: HostRecord?) {
        guard host?.connections.scarcity == nil else { return nil }
        self.init(in: openPhases)
    }

    private static func limit(of phase: PhaseRecord) -> UInt64 {
        max(shortest, (phase.responseTime.value(at: 0.5) ?? 0) / 20)
    }
}

extension Doubt {
    init(_ waits: SlotWaits) {
        self.init(
            check: .slots, validity: .suspect, value: waits.share, threshold: 0,
            advice: "\(Figures.share(waits.share)) of the arrivals waited for a free slot, up to "
                + "\(Figures.duration(microseconds: waits.longest)): the limit of requests in "
                + "flight was reached. Raise limits.in_flight or call the target overloaded.")
    }
}
