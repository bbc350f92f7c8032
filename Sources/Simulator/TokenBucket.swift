import NIOCore
import Providers

/// A rate limit by tokens, as one instant: the bucket is full from there on (GCRA, ITU-T I.371).
package struct TokenBucket: Sendable {
    /// Nanoseconds in which one token flows in.
    private let interval: Double
    private let burst: Double
    /// When the bucket will be full again, in nanoseconds of uptime.
    private var fullAt = 0.0

    package init(_ rate: Limits.Rate) {
        interval = 1e9 / rate.perSecond
        burst = Double(rate.burst)
    }

    /// Takes a token, if there is one.
    package mutating func take(at instant: NIODeadline) -> Bool {
        let now = Double(instant.uptimeNanoseconds)
        let full = max(fullAt, now)
        // The bucket lacks (full − now) / interval tokens; one of `burst` has to be left.
        guard (full - now) / interval <= burst - 1 + 1e-9 else { return false }
        fullAt = full + interval
        return true
    }
}
