import Providers
import Synchronization

/// The truth about every payment: what arrived, what was booked, what was answered.
///
/// One mutex guards it; an operation is one lookup. Entries are spread over many small dictionaries,
/// so that none is ever long in growing.
package final class Ledger: Sendable {
    /// What the sender of a payment got, last if it came more than once.
    package enum Answer: Sendable, Equatable {
        case pending
        case status(Int)
        case dropped
        /// The client had gone before the answer was written.
        case unsent
    }

    package struct Entry: Sendable, Equatable {
        package var arrivals: UInt32 = 0
        package var bookings: UInt32 = 0
        package var answer = Answer.pending
    }

    private struct State {
        var counts = LedgerCounts()
        /// By the place of the answer in the script.
        var scriptedAnswers: [Int]
        var shards: [[PaymentID: Entry]] = Array(repeating: [:], count: 1 << Ledger.shardBits)
    }

    private static let shardBits = 10
    private let scriptedCodes: [String]
    private let state: Mutex<State>

    /// - Parameter scriptedCodes: error codes of the scripted answers, by their place in the script.
    package init(scriptedCodes: [String]) {
        self.scriptedCodes = scriptedCodes
        state = Mutex(State(scriptedAnswers: Array(repeating: 0, count: scriptedCodes.count)))
    }

    /// A request, of whatever kind, has come in whole.
    func received() {
        state.withLock { $0.counts.requests += 1 }
    }

    /// A valid payment has reached the service.
    /// - Returns: its number among all payments, counted from 1.
    func arrived(_ id: PaymentID) -> UInt64 {
        state.withLock { state in
            state.counts.payments += 1
            let arrivals = Self.update(&state, id) { entry in
                entry.arrivals += 1
                return entry.arrivals
            }
            if arrivals == 1 { state.counts.distinctPaymentIDs += 1 }
            return UInt64(state.counts.payments)
        }
    }

    func booked(_ id: PaymentID) {
        state.withLock { state in
            state.counts.bookings += 1
            let bookings = Self.update(&state, id) { entry in
                entry.bookings += 1
                return entry.bookings
            }
            if bookings == 2 { state.counts.bookedTwiceOrMore += 1 }
        }
    }

    /// An answer goes out; `id` is that of a payment, `place` that of an answer in the script.
    func answered(_ status: Int, to id: PaymentID?, scripted place: Int? = nil) {
        state.withLock { state in
            state.counts.answers[status, default: 0] += 1
            if let place { state.scriptedAnswers[place] += 1 }
            if let id { Self.update(&state, id) { $0.answer = .status(status) } }
        }
    }

    func dropped(_ id: PaymentID, _ point: ScriptedDrop.Point) {
        state.withLock { state in
            switch point {
            case .beforeBooking: state.counts.droppedBeforeBooking += 1
            case .afterBooking: state.counts.droppedAfterBooking += 1
            }
            Self.update(&state, id) { $0.answer = .dropped }
        }
    }

    func unsent(_ id: PaymentID?) {
        state.withLock { state in
            state.counts.unsent += 1
            if let id { Self.update(&state, id) { $0.answer = .unsent } }
        }
    }

    @inline(__always)
    @discardableResult
    private static func update<Result>(
        _ state: inout State, _ id: PaymentID, _ change: (inout Entry) -> Result
    ) -> Result {
        change(&state.shards[shard(of: id)][id, default: Entry()])
    }

    private static func shard(of id: PaymentID) -> Int {
        Int(((id.low ^ id.high) &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - shardBits))
    }
}

extension Ledger {
    package var counts: LedgerCounts {
        state.withLock { state in
            var counts = state.counts
            for (code, count) in zip(scriptedCodes, state.scriptedAnswers) {
                counts.scriptedAnswers[code, default: 0] += count
            }
            return counts
        }
    }

    package subscript(id: PaymentID) -> Entry? {
        state.withLock { $0.shards[Self.shard(of: id)][id] }
    }

    /// Every entry, in the order of the ids. Payments wait while it copies.
    package func entries() -> [(id: PaymentID, entry: Entry)] {
        state.withLock { state in
            state.shards.flatMap { shard in shard.map { (id: $0.key, entry: $0.value) } }
        }.sorted { ($0.id.high, $0.id.low) < ($1.id.high, $1.id.low) }
    }
}

/// The sums of a ledger. Once nothing is pending,
/// requests = Σ answers + drops + unsent, and bookings ≤ payments.
package struct LedgerCounts: Sendable, Equatable {
    /// All requests, unknown paths and malformed ones included.
    package var requests = 0
    /// Valid payments that reached the service.
    package var payments = 0
    package var bookings = 0
    package var distinctPaymentIDs = 0
    /// Payment ids with two or more bookings.
    package var bookedTwiceOrMore = 0
    /// Answers written, by status.
    package var answers: [Int: Int] = [:]
    /// Scripted answers written, by error code.
    package var scriptedAnswers: [String: Int] = [:]
    package var droppedBeforeBooking = 0
    package var droppedAfterBooking = 0
    /// Answers that nobody was there for any more.
    package var unsent = 0

    package init() {}
}
