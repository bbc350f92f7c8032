import Histograms
import NIOCore

/// The sums of a ledger. Once nothing is pending,
/// requests = Σ answers + drops + resets + unsent, and bookings ≤ payments.
package struct LedgerCounts: Sendable, Equatable {
    /// All requests, unknown paths and malformed ones included.
    package var requests = 0
    /// Valid payments that reached the service and found room in the ledger.
    package var payments = 0
    package var bookings = 0
    package var distinctPaymentIDs = 0
    /// Payment ids with two or more bookings.
    package var bookedTwiceOrMore = 0
    /// Answers written, by status; damaged ones too.
    package var answers: [Int: Int] = [:]
    /// Scripted answers written, by error code.
    package var scriptedAnswers: [String: Int] = [:]
    package var droppedBeforeBooking = 0
    package var droppedAfterBooking = 0
    /// Answers that nobody was there for any more.
    package var unsent = 0
    /// Connections reset in place of an answer.
    package var resets = 0
    /// Answers written that were damaged on purpose.
    package var broken = 0
    /// Payments refused by a limit (429), and for want of room in the ledger (503).
    package var limited = 0
    package var refusedFull = 0
    /// Repeats, by what they came to.
    package var replayed = 0
    package var conflicts = 0
    package var duplicates = 0
    /// Payments that a fault befell, by its name.
    package var faults: [String: Int] = [:]

    package init() {}
}

/// When one payment came, fell due and was answered.
package struct AnswerTimes: Sendable, Equatable {
    package var id: PaymentID
    package var arrival: NIODeadline
    package var due: NIODeadline
    package var answered: NIODeadline

    init(
        _ id: PaymentID, _ payment: (arrival: NIODeadline, due: NIODeadline),
        answered: NIODeadline
    ) {
        self.id = id
        (arrival, due) = payment
        self.answered = answered
    }
}

/// What answers to payments took, as the service itself saw it.
package struct Timing: Sendable, Equatable {
    /// From the whole request to the answer written.
    package private(set) var answer = Histogram()
    /// From the instant the answer was due: what the service added to the provider's time.
    package private(set) var added = Histogram()

    package mutating func record(
        _ payment: (arrival: NIODeadline, due: NIODeadline), answered now: NIODeadline
    ) {
        answer.record(Self.microseconds(now - payment.arrival))
        added.record(Self.microseconds(now - payment.due))
    }

    private static func microseconds(_ time: TimeAmount) -> UInt64 {
        UInt64(max(0, time.nanoseconds)) / 1000
    }
}
