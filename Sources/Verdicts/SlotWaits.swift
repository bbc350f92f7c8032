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

    private static func limit(of phase: PhaseRecord) -> UInt64 {
        max(shortest, (phase.responseTime.value(at: 0.5) ?? 0) / 20)
    }
}
