import Curl

/// How punctual the loop of a worker was in one phase: how long it stood still, and how bunched its
/// sends were against the plan.
package struct PunctualityTally: Sendable, Equatable {
    /// A turn that begins later than it wanted to by more than this is a stall.
    static let leastStall: Nanoseconds = 10_000_000

    /// What turns were late beyond that. Without the part that every stall has, one hiccup of the host is
    /// next to nothing, also in a run of a few seconds.
    package private(set) var stalled: Nanoseconds = 0
    package private(set) var longestStall: Nanoseconds = 0
    /// When the longest one ended, and whose it was.
    package private(set) var longestStallEnd: Nanoseconds = 0
    package private(set) var longestStallWorker = 0
    /// Payments that were sent without waiting for a slot.
    package private(set) var sends = 0
    /// Σ count² of these over windows of 10 and of 100 ms, by the intended and by the sent instant.
    package private(set) var planned = SquaredCounts()
    package private(set) var sent = SquaredCounts()

    package init() {}

    mutating func countStall(of length: Nanoseconds, until end: Nanoseconds, worker: Int) {
        stalled += length - Self.leastStall
        guard length > longestStall else { return }
        longestStall = length
        longestStallEnd = end
        longestStallWorker = worker
    }

    mutating func countSend(planned: SquaredCounts, sent: SquaredCounts) {
        sends += 1
        self.planned.add(planned)
        self.sent.add(sent)
    }

    package mutating func add(_ other: PunctualityTally) {
        stalled += other.stalled
        if other.longestStall > longestStall {
            longestStall = other.longestStall
            longestStallEnd = other.longestStallEnd
            longestStallWorker = other.longestStallWorker
        }
        sends += other.sends
        planned.add(other.planned)
        sent.add(other.sent)
    }
}

package struct SquaredCounts: Sendable, Equatable {
    package var in10ms = 0
    package var in100ms = 0

    package init() {}

    mutating func add(_ other: SquaredCounts) {
        in10ms += other.in10ms
        in100ms += other.in100ms
    }
}

/// Which windows of time the last payment of a phase fell into. Kept by the worker, not in its tally:
/// a window may be open while tallies are exchanged.
struct SendWindows {
    private var planned = OpenWindows()
    private var sent = OpenWindows()

    mutating func count(
        intended: Nanoseconds, sent instant: Nanoseconds, in tally: inout PunctualityTally
    ) {
        tally.countSend(planned: planned.growth(at: intended), sent: sent.growth(at: instant))
    }
}

/// The current window of each length. One more of `n` makes its square larger by 2n + 1, so that no
/// window has to be closed; empty ones add nothing.
private struct OpenWindows {
    private static let short: Nanoseconds = 10_000_000
    private static let long: Nanoseconds = 100_000_000

    private var short: (number: Nanoseconds, count: Int) = (-1, 0)
    private var long: (number: Nanoseconds, count: Int) = (-1, 0)

    mutating func growth(at instant: Nanoseconds) -> SquaredCounts {
        var growth = SquaredCounts()
        growth.in10ms = Self.growth(of: &short, number: instant / Self.short)
        growth.in100ms = Self.growth(of: &long, number: instant / Self.long)
        return growth
    }

    private static func growth(
        of window: inout (number: Nanoseconds, count: Int), number: Nanoseconds
    ) -> Int {
        if window.number != number { window = (number, 0) }
        window.count += 1
        return 2 * window.count - 1
    }
}
