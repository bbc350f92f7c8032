import Curl
import CurlShims
import Glibc

/// When several generators begin one plan together.
package struct CommonStart: Sendable, Equatable {
    /// Nanoseconds since 1970, UTC, by the clock that all of them go by.
    package var instant: Int64
    /// What a barrier found: how far this machine's clock is before that one, and by how much that may be
    /// wrong. nil: every machine goes by its own clock.
    package var offset: Int64?
    package var bound: Int64?

    package init(instant: Int64, offset: Int64? = nil, bound: Int64? = nil) {
        self.instant = instant
        self.offset = offset
        self.bound = bound
    }

    /// By this machine's clock.
    var ownInstant: Int64 { instant + (offset ?? 0) }

    /// Who is later sends nothing: its part of the plan would no longer be where the plan has it.
    package static let mostLate: Nanoseconds = 250_000_000
}

/// Why a common start was missed. Nothing was sent.
package enum StartFailure: Error, Equatable {
    case interrupted
    case late(by: Nanoseconds)
    /// Somebody set the wall clock in the last moment.
    case clockWasSet(by: Nanoseconds)
}

extension StartFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .interrupted: "interrupted before the start"
        case .late(let nanoseconds):
            "it was ready \(nanoseconds / 1_000_000) ms after the start; 250 ms are the most"
        case .clockWasSet(let nanoseconds):
            "its clock was set by \(nanoseconds / 1_000_000) ms just before the start"
        }
    }
}

/// What the clocks of a shard did; nanoseconds.
package struct ClockFacts: Sendable, Equatable {
    /// Since 1970, UTC, by the clock that all shards go by; request 0 of the whole plan was due then.
    package var asked: Int64
    /// The same, as it came: when this shard was ready to send, not before it was asked to be.
    package var actual: Int64
    package var offset: Int64?
    package var bound: Int64?
    /// By how much the wall clock went ahead of the monotonic one between start and end: slewed a little,
    /// or set.
    package var step: Int64
    /// The kernel's own bound of the wall clock's error; nil where it does not tell.
    package var kernelBound: Int64?
    /// Something keeps the wall clock right, as far as the kernel knows.
    package var isSynchronised: Bool?
}

enum WallClock {
    /// Nanoseconds since 1970, UTC, at instant 0 of the monotonic clock. The reading that took least of
    /// five: less than a microsecond is lost to what came between.
    static var origin: Int64 {
        var best: (cost: Nanoseconds, origin: Int64)?
        for _ in 0..<5 {
            let before = MonotonicClock.now()
            let wall = Machine.wallNanoseconds
            let after = MonotonicClock.now()
            if after - before < best?.cost ?? .max {
                best = (after - before, wall - (before + (after - before) / 2))
            }
        }
        return best?.origin ?? 0
    }

    /// In nanoseconds; nil where the kernel does not tell.
    static var kernelBound: (bound: Int64, isSynchronised: Bool)? {
        var microseconds: Int64 = 0
        let answer = shim_clock_bound(&microseconds)
        return answer < 0 ? nil : (microseconds * 1000, answer == 1)
    }

    /// Sleeps until `instant` of the wall clock, also where that is set meanwhile; false where
    /// `isInterrupted` said so first, which it is asked ten times a second.
    static func wait(until instant: Int64, isInterrupted: () -> Bool) -> Bool {
        while true {
            if isInterrupted() { return false }
            let now = Machine.wallNanoseconds
            guard now < instant else { return true }
            let wake = min(instant, now + 100_000_000)
            var time = timespec(
                tv_sec: Int(wake / 1_000_000_000), tv_nsec: Int(wake % 1_000_000_000))
            clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, nil)
        }
    }
}
