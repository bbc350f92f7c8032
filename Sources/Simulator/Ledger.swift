import Histograms
import NIOCore
import Providers
import Synchronization

/// The truth about every payment: what arrived, what was booked, what was answered.
///
/// One mutex guards it; an operation is one lookup. Its size is bounded: a payment id beyond the
/// stated number is refused, not forgotten.
package final class Ledger: Sendable {
    /// What the sender of a payment got, last if it came more than once.
    package enum Answer: Sendable, Equatable {
        case pending
        case status(Int)
        case dropped
        /// The client had gone before the answer was written.
        case unsent
        /// The connection was reset in place of an answer.
        case reset
        /// The answer was damaged on purpose: cut, of a wrong length, or no JSON.
        case broken
    }

    package struct Entry: Sendable, Equatable {
        package var arrivals: UInt32 = 0
        package var bookings: UInt32 = 0
        package var answer = Answer.pending
    }

    /// What a payment that passed the limits is to the ledger.
    enum Standing: Equatable {
        case new
        /// It is with the provider, or was seen before, and the policy refuses it.
        case conflict, duplicate
        /// It has an answer already.
        case kept(ProviderScript.Ending)
    }

    private struct State {
        var counts = LedgerCounts()
        /// By the place of the answer in the script, and of the fault.
        var scriptedAnswers: [Int]
        var faults: [Int]
        var table: PaymentTable
        var timing = Timing()
        /// nil: not kept.
        var times: [AnswerTimes]?
    }

    private let scriptedCodes: [String]
    private let faultNames: [String]
    private let capacity: Int
    private let keepsTimes: Bool
    private let state: Mutex<State>

    /// - Parameter keepsTimes: 40 bytes for each answer.
    package init(_ provider: Provider, keepsTimes: Bool = false) {
        scriptedCodes = provider.answers.map(\.code)
        faultNames = provider.faults.map(\.name)
        capacity = provider.ledgerEntries
        self.keepsTimes = keepsTimes
        var state = Self.empty(provider.answers.count, provider.faults.count, capacity)
        state.times = keepsTimes ? [] : nil
        self.state = Mutex(state)
    }

    private static func empty(_ answers: Int, _ faults: Int, _ capacity: Int) -> State {
        State(
            scriptedAnswers: Array(repeating: 0, count: answers),
            faults: Array(repeating: 0, count: faults), table: PaymentTable(capacity: capacity))
    }

    /// Forgets everything. Payments that are with the provider come to nothing in it.
    func reset() {
        var fresh = Self.empty(scriptedCodes.count, faultNames.count, capacity)
        fresh.times = keepsTimes ? [] : nil
        state.withLock { $0 = fresh }
    }

    /// A request, of whatever kind, has come in whole.
    func received() {
        state.withLock { $0.counts.requests += 1 }
    }

    /// A valid payment has reached the service; false: the ledger has no room for its id.
    func arrived(_ id: PaymentID, at instant: NIODeadline) -> Bool {
        state.withLock { state in
            guard let place = state.table.placeOrInsert(id, at: instant) else {
                state.counts.refusedFull += 1
                return false
            }
            state.counts.payments += 1
            state.table[place].arrivals += 1
            if state.table[place].arrivals == 1 { state.counts.distinctPaymentIDs += 1 }
            return true
        }
    }

    /// A payment above a limit was refused.
    func limited() {
        state.withLock { $0.counts.limited += 1 }
    }

    /// A payment has passed the limits. One that is new is with the provider until `conclude`.
    func admit(_ id: PaymentID, under policy: RepeatPolicy) -> Standing {
        state.withLock { state in
            guard let place = state.table.place(of: id) else { return .new }
            let standing = Self.standing(state.table[place], under: policy)
            switch standing {
            case .new:
                let admissions = state.table[place].admissions
                state.table[place].admissions = max(admissions, admissions &+ 1)
                state.table[place].inFlight &+= 1
            case .conflict: state.counts.conflicts += 1
            case .duplicate: state.counts.duplicates += 1
            case .kept: state.counts.replayed += 1
            }
            return standing
        }
    }

    private static func standing(
        _ row: PaymentTable.Row, under policy: RepeatPolicy
    ) -> Standing {
        switch policy {
        case .chargeTwice: .new
        case .refuse: row.admissions > 0 ? .duplicate : .new
        case .conflictWhileInFlight where row.inFlight > 0: .conflict
        case .replay, .conflictWhileInFlight: row.kept.ending.map { .kept($0) } ?? .new
        }
    }

    /// The provider is done with a payment.
    /// - Parameters:
    ///   - keeps: what a repeat gets again.
    ///   - fault: place of the one that befell it.
    /// - Returns: the kept answer of a repeat that was faster, in place of this one's ending.
    func conclude(
        _ id: PaymentID, books: Bool, keeps: ProviderScript.Ending?, under policy: RepeatPolicy,
        fault: Int?
    ) -> ProviderScript.Ending? {
        state.withLock { state in
            if let fault { state.faults[fault] += 1 }
            guard let place = state.table.place(of: id) else { return nil }
            let row = state.table[place]
            state.table[place].inFlight = row.inFlight - min(row.inFlight, 1)
            if policy == .replay, let kept = row.kept.ending {
                state.counts.replayed += 1
                return kept
            }
            state.table[place].kept = PackedEnding(keeps)
            guard books else { return nil }
            state.counts.bookings += 1
            state.table[place].bookings += 1
            if row.bookings == 1 { state.counts.bookedTwiceOrMore += 1 }
            return nil
        }
    }

    /// An answer goes out; `id` is that of a payment, `place` that of an answer in the script.
    func answered(
        _ status: Int, to id: PaymentID?, scripted place: Int? = nil, isBroken: Bool = false,
        timing: (arrival: NIODeadline, due: NIODeadline)? = nil
    ) {
        let now = timing == nil ? nil : NIODeadline.now()
        state.withLock { state in
            state.counts.answers[status, default: 0] += 1
            if isBroken { state.counts.broken += 1 }
            if let place { state.scriptedAnswers[place] += 1 }
            if let timing, let now {
                state.timing.record(timing, answered: now)
                if let id { state.times?.append(AnswerTimes(id, timing, answered: now)) }
            }
            if let id { Self.note(isBroken ? .broken : .status(status), id, &state) }
        }
    }

    func dropped(_ id: PaymentID, _ point: ScriptedDrop.Point) {
        state.withLock { state in
            switch point {
            case .beforeBooking: state.counts.droppedBeforeBooking += 1
            case .afterBooking: state.counts.droppedAfterBooking += 1
            }
            Self.note(.dropped, id, &state)
        }
    }

    /// The connection of a payment was reset in place of its answer.
    func reset(_ id: PaymentID) {
        state.withLock { state in
            state.counts.resets += 1
            Self.note(.reset, id, &state)
        }
    }

    func unsent(_ id: PaymentID?) {
        state.withLock { state in
            state.counts.unsent += 1
            if let id { Self.note(.unsent, id, &state) }
        }
    }

    private static func note(_ answer: Answer, _ id: PaymentID, _ state: inout State) {
        guard let place = state.table.place(of: id) else { return }
        state.table[place].answer = PackedAnswer(answer)
    }
}

extension Ledger {
    package var counts: LedgerCounts {
        state.withLock { state in
            var counts = state.counts
            for (code, count) in zip(scriptedCodes, state.scriptedAnswers) {
                counts.scriptedAnswers[code, default: 0] += count
            }
            counts.faults = Dictionary(zip(faultNames, state.faults), uniquingKeysWith: +)
            return counts
        }
    }

    package var timing: Timing { state.withLock { $0.timing } }

    /// Of every payment that took its course and was answered; nil: not kept.
    package var times: [AnswerTimes]? { state.withLock { $0.times } }

    package subscript(id: PaymentID) -> Entry? {
        state.withLock { state in state.table.place(of: id).map { Entry(state.table[$0]) } }
    }

    /// Every entry in the order of the ids, with its first arrival in nanoseconds of uptime
    /// (CLOCK_MONOTONIC).
    package func entries() -> [(id: PaymentID, entry: Entry, firstArrival: UInt64)] {
        state.withLock { $0.table.rows }.joined()
            .map { (id: $0.id, entry: Entry($0), firstArrival: $0.firstArrival) }
            .sorted { ($0.id.high, $0.id.low) < ($1.id.high, $1.id.low) }
    }
}

extension Ledger.Entry {
    fileprivate init(_ row: PaymentTable.Row) {
        self.init(arrivals: row.arrivals, bookings: row.bookings, answer: row.answer.answer)
    }
}
