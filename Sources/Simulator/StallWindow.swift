import NIOCore
import Providers

/// When the whole service stands still, once the first payment has come.
package struct StallWindow: Sendable, Equatable {
    package var start: NIODeadline
    package var end: NIODeadline

    package init(_ stall: Stall, firstPayment: NIODeadline) {
        start = firstPayment + .nanoseconds(stall.after.nanoseconds)
        end = start + .nanoseconds(stall.length.nanoseconds)
    }

    /// When something that falls due at `instant` can happen.
    package func release(_ instant: NIODeadline) -> NIODeadline {
        instant >= start && instant < end ? end : instant
    }
}
